from pathlib import Path

import numpy as np
import pytest
import soundfile

from subemo.core.errors import MediaError
from subemo.media.audio import load, resample

from ..conftest import tone, write_wav


def test_channels_are_averaged(tmp_path: Path) -> None:
    stereo = np.stack((tone(0.5), np.zeros_like(tone(0.5))), axis=1)
    soundfile.write(tmp_path / "a.wav", stereo, 22_050, subtype="FLOAT")
    loaded = load(tmp_path / "a.wav", sample_rate=22_050)
    np.testing.assert_allclose(loaded, tone(0.5) / 2, atol=1e-7)
    assert loaded.dtype == np.float32


def test_resampled_tone_is_the_same_tone(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "a.wav", tone(1, sample_rate=48_000), 48_000)
    loaded = load(path, sample_rate=22_050)
    assert loaded.size == 22_050
    np.testing.assert_allclose(loaded[500:-500], tone(1)[500:-500], atol=1e-3)


def test_same_rate_is_left_alone() -> None:
    samples = tone(0.1)
    assert resample(samples, 22_050, 22_050) is samples


def test_wrong_files(tmp_path: Path) -> None:
    with pytest.raises(MediaError, match="no such file"):
        load(tmp_path / "none.wav", sample_rate=22_050)
    (tmp_path / "text.wav").write_text("hello")
    with pytest.raises(MediaError, match="not a readable sound file"):
        load(tmp_path / "text.wav", sample_rate=22_050)
