from __future__ import annotations

import hashlib
import io
import json
import shutil
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subemo.core.emotions import EMOTIONS
from subemo.core.errors import BundleError
from subemo.text_model import TEXT_MODELS, TextModel, find_text_model, words
from subemo.text_model.weights import DESCRIPTION_FILE, WEIGHTS_FILE, read_weights

from ..conftest import ROOT

SHIPPED = ROOT / "models" / "words-en"
NEUTRAL, CALM, HAPPY, SAD = range(4)


@pytest.fixture(scope="module")
def text_model() -> TextModel:
    found = find_text_model("en")
    assert found is not None
    return found


def test_languages() -> None:
    assert find_text_model("en-GB") is find_text_model("EN_us") is find_text_model("en")
    assert find_text_model("sv") is find_text_model("") is find_text_model(None) is None


@pytest.mark.parametrize("language", sorted(TEXT_MODELS))
def test_what_ships_is_small(language: str) -> None:
    folder = ROOT / "models" / TEXT_MODELS[language]
    assert sum(file.stat().st_size for file in folder.iterdir()) < 5_000_000
    assert (folder / "README.md").is_file()


@settings(deadline=None)
@given(st.lists(st.text(max_size=80), max_size=5))
def test_posteriors_add_up_to_one(lines: list[str]) -> None:
    found = find_text_model("en")
    assert found is not None
    shares = found.posteriors(lines)
    assert shares.shape == (len(lines), len(EMOTIONS))
    assert np.allclose(shares.sum(axis=1), 1)
    assert (shares >= 0).all()


def test_prior(text_model: TextModel) -> None:
    assert np.isclose(text_model.prior.sum(), 1)
    assert text_model.prior.argmax() == NEUTRAL
    assert (text_model.prior > 0).all()


@pytest.mark.parametrize("line", ["", "...", "♪♪", "[door slams]", "JOHN: (sighs)", "12"])
def test_a_line_without_letters_is_no_evidence(text_model: TextModel, line: str) -> None:
    alone = text_model.posteriors([line])
    after = text_model.posteriors(["I hate you!", line])
    assert np.allclose(alone[0], text_model.prior)
    assert np.allclose(after[1], text_model.prior)


def test_words_tell(text_model: TextModel) -> None:
    ratio = text_model.posteriors(["I'm so happy for you! That's great!", "I'm sorry. I miss him."])
    ratio /= text_model.prior
    assert ratio[0].argmax() == HAPPY
    assert ratio[1].argmax() == SAD


def test_calm_follows_neutral(text_model: TextModel) -> None:
    ratio = text_model.posteriors(["Oh no!", "It is on the table."]) / text_model.prior
    assert np.allclose(ratio[:, CALM], ratio[:, NEUTRAL])


def test_only_the_two_lines_before_count(text_model: TextModel) -> None:
    last = "You did what?"
    one = text_model.posteriors(["I love it!", "Fine.", "Right.", last])[-1]
    two = text_model.posteriors(["Get out!", "I am so sad.", "Fine.", "Right.", last])[-1]
    other = text_model.posteriors(["I love it!", "Get out!", "I hate you!", last])[-1]
    assert np.allclose(one, two)
    assert not np.allclose(one, other)


def test_speakers(text_model: TextModel) -> None:
    lines = ["I love it!", "You did what?"]
    nobody = text_model.posteriors(lines)
    assert np.array_equal(nobody, text_model.posteriors(lines, [None, None]))
    assert np.array_equal(nobody, text_model.posteriors(lines, ["A", "B"]))
    assert not np.allclose(nobody[1], text_model.posteriors(lines, ["A", "A"])[1])
    with pytest.raises(ValueError, match="1 speakers for 2 lines"):
        text_model.posteriors(lines, ["A"])


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path / "words"))


def refused(folder: Path) -> str:
    with pytest.raises(BundleError) as caught:
        read_weights(folder)
    message = str(caught.value)
    assert "\n" not in message
    return message


def repack(folder: Path, name: str, array: np.ndarray) -> None:
    """Another array under a name, with the right SHA-256."""
    with zipfile.ZipFile(folder / WEIGHTS_FILE) as archive:
        parts = {entry: archive.read(entry) for entry in archive.namelist()}
    raw = io.BytesIO()
    np.save(raw, array, allow_pickle=True)
    parts[f"{name}.npy"] = raw.getvalue()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry, data in parts.items():
            archive.writestr(entry, data)
    (folder / WEIGHTS_FILE).write_bytes(packed.getvalue())
    describe(folder, weights={"sha256": hashlib.sha256(packed.getvalue()).hexdigest()})


def describe(folder: Path, **changes: object) -> None:
    path = folder / DESCRIPTION_FILE
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def test_altered_weights_are_refused(copy: Path) -> None:
    data = bytearray((copy / WEIGHTS_FILE).read_bytes())
    data[1000] ^= 1
    (copy / WEIGHTS_FILE).write_bytes(data)
    assert "SHA-256" in refused(copy)


def test_missing_weights_are_refused(copy: Path) -> None:
    (copy / WEIGHTS_FILE).unlink()
    assert "cannot be read" in refused(copy)


@pytest.mark.parametrize(
    "array",
    [
        np.full(7, np.nan, np.float32),
        np.zeros(6, np.float32),
        np.zeros(7, np.float64),
        np.asarray([None] * 7, object),
    ],
    ids=["nan", "shape", "kind", "pickle"],
)
def test_arrays_that_cannot_be_are_refused(copy: Path, array: np.ndarray) -> None:
    repack(copy, "bias", array)
    assert "arra" in refused(copy)


def test_a_repacked_array_that_can_be_is_taken(copy: Path) -> None:
    repack(copy, "bias", np.ones(7, np.float32))
    assert (read_weights(copy).bias == 1).all()


def test_a_prior_that_is_none_is_refused(copy: Path) -> None:
    repack(copy, "prior", np.zeros(7, np.float32))
    assert "prior" in refused(copy)


@pytest.mark.parametrize(
    "changes",
    [
        {"format": 2},
        {"classes": ["happy"]},
        {"temperature": 0},
        {"calm_share": -1},
        {"weights": {}},
        {"temperature": None},
    ],
    ids=str,
)
def test_descriptions_that_cannot_be_are_refused(copy: Path, changes: dict[str, Any]) -> None:
    describe(copy, **changes)
    refused(copy)


def test_no_description_is_refused(copy: Path) -> None:
    (copy / DESCRIPTION_FILE).write_text("[")
    assert "not a valid description" in refused(copy)


def test_the_memory_of_many_lines_is_that_of_some(monkeypatch: pytest.MonkeyPatch) -> None:
    """Their n-grams are not all in memory at once; the answers are the same."""
    text_model = find_text_model("en")
    assert text_model is not None
    monkeypatch.setattr(words, "_LINES", 256)
    lines = [f"Are you there, number {number}? I told you to stay!" for number in range(1_600)]

    def peak(count: int) -> int:
        tracemalloc.start()
        text_model.posteriors(lines[:count])
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    some, many = peak(400), peak(1_600)
    assert many < 2 * some
    whole = text_model.posteriors(lines)
    np.testing.assert_array_equal(text_model.posteriors(lines[:600])[:500], whole[:500])
