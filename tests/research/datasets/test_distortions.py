from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from subemo.core.errors import CorpusError
from subemo.research.corpora.backgrounds import Backgrounds, read_backgrounds, without_people
from subemo.research.datasets import distortions
from subemo.research.datasets.distortions import AS_IT_IS, Version, behind, like_a_film

from ...conftest import silence, speechlike, write_wav

RATE = 16_000


@pytest.fixture
def voice() -> np.ndarray:
    return speechlike(1.5, sample_rate=RATE)


@pytest.fixture
def backgrounds(tmp_path: Path) -> Backgrounds:
    music, noise = tmp_path / "music.wav", tmp_path / "noise.wav"
    write_wav(music, speechlike(1, seed=5, sample_rate=RATE), RATE)
    write_wav(noise, speechlike(4, seed=6, sample_rate=RATE), RATE)
    return Backgrounds((music,), (noise,))


@pytest.mark.parametrize("snr_db", [0, 10, 20])
def test_mixed_at_the_level_that_was_asked(voice: np.ndarray, snr_db: int) -> None:
    noise = np.random.default_rng(0).standard_normal(voice.size).astype(np.float32)
    behind = distortions.mix(voice, noise, snr_db=snr_db) - voice
    measured = 10 * np.log10(np.mean(voice**2) / np.mean(behind**2))
    assert measured == pytest.approx(snr_db, abs=0.01)


def test_nothing_to_mix(voice: np.ndarray) -> None:
    quiet = silence(1.5, sample_rate=RATE)
    assert distortions.mix(voice, quiet, snr_db=0) is voice
    assert distortions.mix(quiet, voice, snr_db=0) is quiet


def test_faster_is_shorter_and_higher() -> None:
    tone = np.sin(2 * np.pi * 440 * np.arange(RATE) / RATE).astype(np.float32)
    fast = distortions.change_speed(tone, 1.1)
    assert fast.size == pytest.approx(RATE / 1.1, abs=2)
    peak = np.abs(np.fft.rfft(fast)).argmax() * RATE / fast.size
    assert peak == pytest.approx(484, abs=2)


def test_a_room_rings_on_after_the_sound() -> None:
    click = np.zeros(RATE, dtype=np.float32)
    click[0] = 1
    wet = distortions.reverberate(click, RATE, np.random.default_rng(0))
    assert wet.size == click.size
    assert wet[0] == pytest.approx(1)
    assert 0 < np.abs(wet[1_000:2_000]).mean() < np.abs(wet[1:1_000]).mean()


def test_low_pass() -> None:
    noise = np.random.default_rng(0).standard_normal(RATE).astype(np.float32)
    spectrum = np.abs(np.fft.rfft(distortions.low_pass(noise, RATE, 3_000)))
    assert spectrum[5_000:].mean() < 0.05 * spectrum[:2_500].mean()


def test_a_codec_keeps_length_and_place(voice: np.ndarray) -> None:
    for seed in range(4):
        coded = distortions.compress(voice, RATE, np.random.default_rng(seed))
        assert coded.size == voice.size
        assert not np.array_equal(coded, voice)
        middle = slice(RATE // 2, RATE)
        assert np.abs(np.correlate(coded[middle], voice[middle], "same")).argmax() == RATE // 4


class TestVersions:
    def test_as_it_is(self, voice: np.ndarray) -> None:
        assert AS_IT_IS.apply(voice, RATE, 1) is voice
        assert AS_IT_IS.identity == ()

    def test_the_same_chances_for_the_same_clip(
        self, voice: np.ndarray, backgrounds: Backgrounds
    ) -> None:
        for version in (like_a_film(backgrounds, 1), behind(backgrounds, 5)):
            first, again = (version.apply(voice, RATE, 7) for _ in range(2))
            np.testing.assert_array_equal(first, again)
            assert not np.array_equal(first, version.apply(voice, RATE, 8))

    def test_what_they_depend_on_is_told(self, backgrounds: Backgrounds) -> None:
        kinds: list[Version] = [
            AS_IT_IS, like_a_film(backgrounds, 1), like_a_film(backgrounds, 2), like_a_film(None, 1),
            like_a_film(backgrounds, 1, seed=1), behind(backgrounds, 5), behind(backgrounds, 10),
        ]  # fmt: skip
        assert len({repr(version.identity) for version in kinds}) == len(kinds)

    def test_never_louder_than_full_scale(
        self, voice: np.ndarray, backgrounds: Backgrounds
    ) -> None:
        for number in range(1, 30):
            heard = like_a_film(backgrounds, number).apply(voice, RATE, 0)
            assert heard.dtype == np.float32
            assert np.isfinite(heard).all()
            assert np.abs(heard).max() <= 1


class TestBackgrounds:
    def test_what_tests_hear_no_training_hears(self, tmp_path: Path) -> None:
        write_wav(tmp_path / "music" / "sorohanro_-_solo-trumpet-06.wav", speechlike(1))
        write_wav(tmp_path / "music" / "another.wav", speechlike(1))
        for name in ("1-1-A.wav", "5-2-A.wav"):
            write_wav(tmp_path / "noise" / "004_-_Baby_cry" / name, speechlike(1))
        heard, held_out = read_backgrounds(tmp_path)
        assert [path.stem for path in heard.files] == ["another", "1-1-A"]
        assert [path.stem for path in held_out.files] == ["sorohanro_-_solo-trumpet-06", "5-2-A"]
        assert [path.stem for path in without_people(held_out.files)] == [held_out.music[0].stem]

    def test_none(self, tmp_path: Path) -> None:
        with pytest.raises(CorpusError, match="no sound files"):
            read_backgrounds(tmp_path)
