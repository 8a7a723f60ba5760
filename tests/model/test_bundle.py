from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from subemo.core.emotions import are_probabilities
from subemo.core.errors import BundleError, OutputError
from subemo.model.bundle import check_new_bundle, find_bundle, read_bundle, shipped_models
from subemo.model.classifier import Classifier
from subemo.model.network import LiteRT


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(find_bundle("report-crnn"), tmp_path / "copy"))


def change(folder: Path, edit: Callable[[dict[str, Any]], None]) -> None:
    path = folder / "model.json"
    description = json.loads(path.read_text())
    edit(description)
    path.write_text(json.dumps(description))


def test_the_reports_model_is_shipped_and_data_only() -> None:
    assert "report-crnn" in shipped_models()
    folder = find_bundle("report-crnn")
    suffixes = {path.suffix for path in folder.rglob("*") if path.is_file()}
    assert suffixes == {".tflite", ".json", ".md", ".csv"}


def test_read_and_write_are_opposites(copy: Path, tmp_path: Path) -> None:
    bundle = read_bundle(copy)
    bundle.write(tmp_path / "again", card="# Card\n")
    again = read_bundle(tmp_path / "again")
    assert again.description() == bundle.description()
    np.testing.assert_array_equal(again.mean, bundle.mean)
    assert again.weights == bundle.weights


def test_figures_say_protocol_clips_and_interval() -> None:
    figures = read_bundle(find_bundle("report-crnn")).provenance["figures"]
    assert len(figures) == 3
    for figure in figures:
        assert figure["low"] < figure["value"] < figure["high"]
        assert figure["clips"] == 1_920
        assert figure["protocol"]


def test_the_reports_figure_is_within_or_below_our_interval() -> None:
    (figure,) = (
        figure
        for figure in read_bundle(find_bundle("report-crnn")).provenance["figures"]
        if "leaks" in figure["protocol"]
    )
    assert figure["high"] >= 0.765


@pytest.mark.parametrize("name", ["none", "../models/report-crnn/model.json", ""])
def test_no_such_model(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BundleError, match=r"unknown model|model's folder|cannot be read"):
        read_bundle(find_bundle(name))


def test_altered_weights(copy: Path) -> None:
    path = copy / "model.tflite"
    data = bytearray(path.read_bytes())
    data[1_000] ^= 1
    path.write_bytes(data)
    with pytest.raises(BundleError, match="SHA-256"):
        read_bundle(copy)


@pytest.mark.parametrize("name", ["model.tflite", "model.json"])
def test_a_part_is_missing(copy: Path, name: str) -> None:
    (copy / name).unlink()
    with pytest.raises(BundleError, match=rf"{name}.*cannot be read"):
        read_bundle(copy)


def _set(*path: str, value: Any) -> Callable[[dict[str, Any]], None]:
    def edit(description: dict[str, Any]) -> None:
        for key in path[:-1]:
            description = description[key]
        description[path[-1]] = value

    return edit


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (_set("format", value=99), "format 99"),
        (_set("labels", value=["happy"]), "labels"),
        (_set("features", "name", value="whisper"), "'whisper'"),
        (_set("features", "parameters", "n_fft", value=1), "does not support"),
        (_set("standardisation", "adaptation", value="magic"), "magic"),
        (_set("standardisation", "mean", value=[1, 2]), "do not match"),
        (_set("standardisation", "scale", value=[0] * 161), "do not match"),
        (_set("standardisation", "mean", value=[3.5e38] * 161), "do not match"),
        (_set("standardisation", "mean", value=[3.4028235677973366e38]), "do not match"),
        (_set("standardisation", "mean", value=[float("nan")] * 161), "do not match"),
        (_set("standardisation", "scale", value=[1e-60] * 161), "do not match"),
        (_set("standardisation", "mean", value="text"), "not a valid description"),
        (_set("weights", value=None), "not a valid description"),
        (_set("weights", "file", value="../../etc/passwd"), "not in model"),
        (_set("weights", "file", value="/etc/passwd"), "not in model"),
        (_set("name", value="../x"), "its name"),
        (_set("name", value="a/b"), "its name"),
        (_set("name", value=".."), "its name"),
        (_set("name", value="x\n\nNOTE -->"), "its name"),
        (_set("name", value="x" * 65), "its name"),
        (_set("name", value=3), "its name"),
        (lambda description: description.clear(), "not a valid description"),
    ],
)
def test_a_description_that_does_not_fit(
    copy: Path, edit: Callable[[dict[str, Any]], None], message: str
) -> None:
    change(copy, edit)
    with pytest.raises(BundleError, match=message):
        read_bundle(copy)


@pytest.mark.parametrize("text", ["", "not json", "[]", "3", '{"format": 1}', "[" * 100_000])
def test_a_description_that_is_none(copy: Path, text: str) -> None:
    (copy / "model.json").write_text(text)
    with pytest.raises(BundleError, match=r"model\.json"):
        read_bundle(copy)


@pytest.mark.parametrize("name", ["model.tflite", "model.json"])
def test_a_part_of_absurd_size(copy: Path, name: str) -> None:
    with (copy / name).open("r+b") as file:
        file.truncate(1 << 40)  # takes no room on the disk
    with pytest.raises(BundleError, match=r"larger than \d+ MB"):
        read_bundle(copy)


@pytest.mark.parametrize("name", ["model.tflite", "model.json"])
def test_a_part_that_is_a_pipe(copy: Path, name: str) -> None:
    (copy / name).unlink()
    os.mkfifo(copy / name)
    with pytest.raises(BundleError, match="no such file"):
        read_bundle(copy)


def test_a_network_of_absurd_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("subemo.core.litert._MOST_VALUES", 1_000)
    with pytest.raises(BundleError, match="values in its tensors"):
        LiteRT((find_bundle("report-crnn") / "model.tflite").read_bytes())


def test_weights_that_are_no_network(copy: Path) -> None:
    (copy / "model.tflite").write_bytes(b"nothing")
    change(copy, _set("weights", "sha256", value=hashlib.sha256(b"nothing").hexdigest()))
    with pytest.raises(BundleError, match="not a LiteRT network"):
        Classifier.from_bundle(copy)


def _with_weights(folder: Path, weights: bytes) -> None:
    """Puts weights into a bundle, and their SHA-256 into its description."""
    (folder / "model.tflite").write_bytes(weights)
    change(folder, _set("weights", "sha256", value=hashlib.sha256(weights).hexdigest()))


@pytest.mark.parametrize(
    ("name", "other"), [("report-crnn", "subemo-crnn"), ("subemo-crnn", "report-crnn")]
)
def test_the_network_of_another_model(tmp_path: Path, name: str, other: str) -> None:
    folder = Path(shutil.copytree(find_bundle(name), tmp_path / "copy"))
    _with_weights(folder, (find_bundle(other) / "model.tflite").read_bytes())
    with pytest.raises(BundleError, match="not belong to the same model") as caught:
        Classifier.from_bundle(folder)
    assert caught.value.path == folder
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("adaptation", ["none", "set", "film"])
@pytest.mark.parametrize("name", ["report-crnn", "subemo-crnn"])
@pytest.mark.parametrize(
    ("mean", "scale"), [(3.4e38, 1.0), (0.0, 1e-38), (-3.4e38, 1e-38), (0.0, 3.4e38), (1e38, 1e38)]
)
def test_extreme_numbers_are_refused_or_give_probabilities(
    tmp_path: Path, name: str, adaptation: str, mean: float, scale: float
) -> None:
    """Without a warning of NumPy's, which the tests make an error."""
    folder = Path(shutil.copytree(find_bundle(name), tmp_path / "copy"))
    shape = read_bundle(folder).features.shape
    change(folder, _set("standardisation", "mean", value=np.full(shape, mean).tolist()))
    change(folder, _set("standardisation", "scale", value=np.full(shape, scale).tolist()))
    classifier = Classifier.from_bundle(folder)
    generator = np.random.default_rng(0)
    vectors = [
        generator.standard_normal(shape if len(shape) == 1 else (20, shape[1])).astype(np.float16)
        for _ in range(3)
    ]
    try:
        statistics = classifier.statistics(vectors, adaptation=adaptation)
        predictions = [classifier.classify(vector, statistics) for vector in vectors]
    except BundleError as error:
        assert "\n" not in str(error)
    else:
        assert are_probabilities(np.array([one.probabilities for one in predictions]))


@pytest.mark.parametrize("answer", [np.nan, np.inf, -1.0, 0.5, 0.0])
def test_answers_that_are_no_probabilities(monkeypatch: pytest.MonkeyPatch, answer: float) -> None:
    classifier = Classifier.from_bundle("report-crnn")

    given = np.full(8, answer, dtype=np.float32)
    monkeypatch.setattr(classifier._network._network, "run", lambda *_: given)
    vector = np.zeros(161, dtype=np.float32)
    with pytest.raises(BundleError, match="not a distribution"):
        classifier.classify(vector, classifier.statistics([vector]))


@pytest.mark.parametrize("value", [0, -120, 30, 10**9])
def test_frames_of_a_length_that_cannot_be(tmp_path: Path, value: int) -> None:
    folder = Path(shutil.copytree(find_bundle("subemo-crnn"), tmp_path / "copy"))
    change(folder, _set("features", "parameters", "frame_ms", value=value))
    with pytest.raises(BundleError, match=r"frame length: -?\d+ ms"):
        read_bundle(folder)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("calibration",), {"temperature": 1.0, "threshold": 10**400}),
        (("calibration",), {"temperature": 5e-324, "threshold": 0.5}),
        (("standardisation", "mean"), [10**400] * 161),
    ],
    ids=("threshold", "temperature", "mean"),
)
def test_numbers_of_four_hundred_digits(copy: Path, path: tuple[str, ...], value: Any) -> None:
    change(copy, _set(*path, value=value))
    with pytest.raises(BundleError, match=r"model\.json"):
        read_bundle(copy)


def test_a_model_is_not_written_over_unasked(copy: Path, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="already has a model"):
        check_new_bundle(copy)
    check_new_bundle(copy, overwrite=True)
    check_new_bundle(tmp_path / "new" / "model")
    with pytest.raises(OutputError, match="cannot create this folder"):
        check_new_bundle(copy / "model.json" / "new")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(st.data())
def test_any_value_in_any_place_is_read_or_refused(data: st.DataObject) -> None:
    """A stranger's description: one of its values is replaced by whatever JSON can hold."""
    shipped = find_bundle("report-crnn")
    description = json.loads((shipped / "model.json").read_text())
    key = data.draw(st.sampled_from(sorted(description)))
    value = data.draw(JSON)
    inner = description[key]
    if isinstance(inner, dict) and inner and data.draw(st.booleans()):
        inner[data.draw(st.sampled_from(sorted(inner)))] = value
    else:
        description[key] = value
    with tempfile.TemporaryDirectory() as folder:
        for path in shipped.iterdir():
            if path.is_file():
                shutil.copy(path, folder)
        (Path(folder) / "model.json").write_text(json.dumps(description))
        try:
            read_bundle(Path(folder))
        except BundleError as error:
            assert str(folder) in str(error)


@given(st.binary(max_size=200))
def test_any_bytes_are_refused(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "model.json").write_bytes(content)
        with pytest.raises(BundleError):
            read_bundle(Path(folder))
