from __future__ import annotations

import pickle
import shutil
from pathlib import Path

import numpy as np
import pytest

from subemo.core.errors import BundleError
from subemo.features import FEATURE_SETS, WhisperFrames
from subemo.features.encoder import load_encoder, packaged
from subemo.features.encoder_graph import ComputeType
from subemo.features.mel import log_mel
from subemo.features.whisper import ENCODER_VARIABLE, layers_of

from ..conftest import speechlike

RATE = 16_000


@pytest.mark.parametrize(("seconds", "frames"), [(0.3, 3), (1.2, 11), (10.0, 84)])
def test_a_frame_every_120_milliseconds(seconds: float, frames: int) -> None:
    features = WhisperFrames()
    found = features.extract(speechlike(seconds, sample_rate=RATE))
    assert found.shape == (frames, features.size)
    assert found.dtype == np.float16
    assert np.isfinite(found).all()


def test_a_frame_is_the_mean_of_six_rows() -> None:
    features = WhisperFrames()
    samples = speechlike(1.0, sample_rate=RATE)
    found = features.extract(samples)
    encoder = load_encoder(features.encoder_layers)
    given = encoder.encode(log_mel(samples))
    for part, rows in zip(np.split(found, 2, axis=1), given, strict=True):
        np.testing.assert_allclose(part[0], rows[:6].mean(axis=0), atol=2e-2)
        np.testing.assert_allclose(part[-1], rows[48:].mean(axis=0), atol=2e-2)


def test_depths_in_another_order() -> None:
    samples = speechlike(1.0, sample_rate=RATE)
    turned = WhisperFrames(layers=(3, 2)).extract(samples)
    np.testing.assert_allclose(
        np.roll(turned, 384, axis=1), WhisperFrames().extract(samples), atol=1e-2
    )


def test_a_precision_that_is_not_computed_in() -> None:
    other = {**WhisperFrames().parameters(), "compute_type": "int4"}
    with pytest.raises(ValueError, match="int4"):
        WhisperFrames().configured(other)


def test_a_model_made_for_integers() -> None:
    integers = WhisperFrames(compute_type=ComputeType.INT8)
    assert integers.parameters()["compute_type"] == "int8"
    assert WhisperFrames().configured(integers.parameters()) == integers
    assert WhisperFrames.of_encoder(None, compute_type=ComputeType.INT8) == integers
    samples = speechlike(1.0, sample_rate=RATE)
    found, single = integers.extract(samples), WhisperFrames().extract(samples)
    assert found.shape == single.shape
    assert (found != single).any()


@pytest.mark.parametrize("text", ["", "0", "2+", "2,3", "1+2+3+4+1", "-1", "2+x", "100"])
def test_no_layers(text: str) -> None:
    with pytest.raises(ValueError, match="layers must be one to four numbers"):
        layers_of(text)


def test_its_parameters_say_whose_weights_they_are() -> None:
    assert FEATURE_SETS["whisper-frames"] == WhisperFrames()
    parameters = WhisperFrames().parameters()
    assert parameters["encoder_sha256"] == WhisperFrames().sha256
    assert parameters != WhisperFrames(layers=(3,), size=384).parameters()


def test_other_processes_get_the_same() -> None:
    assert pickle.loads(pickle.dumps(WhisperFrames())) == WhisperFrames()


class TestAnotherEncoder:
    @pytest.fixture
    def other(self, tmp_path: Path) -> Path:
        """The packaged one, but for a byte of the first decoder layer."""
        folder = Path(shutil.copytree(packaged(), tmp_path / "whisper"))
        weights = bytearray((folder / "model.bin").read_bytes())
        place = weights.index(b"decoder/layer_0/ffn/linear_0/weight")
        weights[place + 60] ^= 1
        (folder / "model.bin").write_bytes(weights)
        return folder

    def test_its_frames(self, other: Path) -> None:
        features = WhisperFrames.of_encoder(other, layers=(3,))
        assert (features.folder, features.layers, features.size) == (other, (3,), 384)
        assert features.sha256 != WhisperFrames().sha256
        samples = speechlike(1, sample_rate=RATE)
        np.testing.assert_array_equal(
            features.extract(samples), WhisperFrames(layers=(3,), size=384).extract(samples)
        )

    def test_none_is_the_packaged_one(self) -> None:
        assert WhisperFrames.of_encoder(None, layers=(3,)) == WhisperFrames(layers=(3,), size=384)

    def test_a_bundle_finds_it_by_the_environment(
        self, other: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made_for = WhisperFrames.of_encoder(other).parameters()
        monkeypatch.delenv(ENCODER_VARIABLE, raising=False)
        with pytest.raises(BundleError, match=ENCODER_VARIABLE):
            WhisperFrames().configured(made_for)
        monkeypatch.setenv(ENCODER_VARIABLE, str(other))
        found = WhisperFrames().configured(made_for)
        assert found.folder == other
        assert found.parameters() == made_for

    def test_not_an_encoder(self, tmp_path: Path) -> None:
        with pytest.raises(BundleError, match="cannot be read"):
            WhisperFrames.of_encoder(tmp_path)
