from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from subemo.core.emotions import EMOTIONS
from subemo.core.errors import BundleError
from subemo.core.model_folder import pack_arrays
from subemo.core.sounds import SOUNDS
from subemo.model import DEFAULT_MODEL
from subemo.model.bundle import find_bundle, read_bundle
from subemo.sounds.weights import (
    DESCRIPTION_FILE,
    WEIGHTS_FILE,
    LinearLayer,
    find_weights,
    read_weights,
)

from .test_detection import weights


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    weights().write(tmp_path, card="a card")
    return tmp_path


def test_what_is_written_comes_back(folder: Path) -> None:
    found, made = read_weights(folder), weights()
    assert found.digest == made.digest
    assert (found.thresholds, found.reached) == (made.thresholds, made.reached)
    assert found.features == made.features
    assert found.moods == made.moods


def test_the_same_weights_give_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    first = (folder / WEIGHTS_FILE).read_bytes()
    weights().write(tmp_path / "again", card="a card")
    assert (tmp_path / "again" / WEIGHTS_FILE).read_bytes() == first


def test_altered_arrays_are_refused(folder: Path) -> None:
    data = bytearray((folder / WEIGHTS_FILE).read_bytes())
    data[len(data) // 2] ^= 1
    (folder / WEIGHTS_FILE).write_bytes(data)
    with pytest.raises(BundleError, match="SHA-256"):
        read_weights(folder)


def _described(folder: Path, key: str, value: object) -> None:
    path = folder / DESCRIPTION_FILE
    path.write_text(json.dumps({**json.loads(path.read_text()), key: value}))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("format", 1),
        ("features", {}),
        ("features", {"name": "frames", "parameters": {"size": 0, "frame_ms": 120}}),
        ("features", {"name": "frames", "parameters": {"size": 10**9, "frame_ms": 120}}),
        ("features", {"name": "frames", "parameters": {"size": 8, "frame_ms": 120}}),
        ("thresholds", dict.fromkeys(SOUNDS, 0.5)),
        ("thresholds", None),
        ("weights", {"sha256": "0"}),
        ("moods", {"laugh": {"happy": 0.5}}),
        ("moods", {"giggle": dict.fromkeys(EMOTIONS, 0.5)}),
        ("moods", {"laugh": dict.fromkeys(EMOTIONS, 0.0)}),
    ],
)
def test_a_description_that_cannot_be_is_refused(folder: Path, key: str, value: object) -> None:
    _described(folder, key, value)
    with pytest.raises(BundleError):
        read_weights(folder)


def test_arrays_that_are_no_numbers_are_refused(folder: Path) -> None:
    import hashlib

    made = weights()
    arrays = {
        "sounds": made.sounds.weights,
        "sounds_bias": made.sounds.bias * np.nan,
        "efforts": made.efforts.weights,
        "efforts_bias": made.efforts.bias,
        "baseline": made.baseline,
        "music": made.music.weights,
        "music_bias": made.music.bias,
    }
    data = pack_arrays(arrays)
    (folder / WEIGHTS_FILE).write_bytes(data)
    _described(folder, "weights", {"sha256": hashlib.sha256(data).hexdigest()})
    with pytest.raises(BundleError, match="finite"):
        read_weights(folder)


def test_the_shipped_weights_are_for_the_shipped_model() -> None:
    bundle = read_bundle(find_bundle(DEFAULT_MODEL))
    features = {"name": bundle.features.name, "parameters": dict(bundle.features.parameters())}
    assert find_weights(bundle.name, features) is not None


def test_a_model_of_ones_own_on_the_same_frames_has_them_too() -> None:
    bundle = read_bundle(find_bundle(DEFAULT_MODEL))
    features = {"name": bundle.features.name, "parameters": dict(bundle.features.parameters())}
    assert find_weights("my-model", features) is find_weights(DEFAULT_MODEL, features)


def test_weights_for_other_frames_are_not_taken() -> None:
    bundle = read_bundle(find_bundle(DEFAULT_MODEL))
    parameters = {**bundle.features.parameters(), "layers": "1+2"}
    features = {"name": bundle.features.name, "parameters": parameters}
    assert find_weights(bundle.name, features) is None
    assert find_weights("my-model", features) is None


@pytest.mark.filterwarnings("error")
def test_weights_that_overflow_are_refused() -> None:
    huge = LinearLayer(np.full((2, 3), 3e38, np.float32), np.zeros(3, np.float32))
    with pytest.raises(BundleError, match="overflow"):
        huge.probabilities(np.full((1, 2), 10.0))
