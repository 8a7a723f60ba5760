from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest

from subemo.align.voice_activity import SAMPLE_RATE, moving, speech_probabilities, split_on_speech
from subemo.media import stream_audio
from subemo.media.audio import load

from ..conftest import silence, tone

#: What the sample's subtitles say.
LINES = [(12_000, 15_000), (18_500, 20_500), (36_500, 39_000), (41_500, 44_000)]


def test_all_four_lines_of_the_sample_music_and_all(trailer: tuple[Path, Path]) -> None:
    found = list(split_on_speech(stream_audio(trailer[0], sample_rate=SAMPLE_RATE)))
    for start, end in LINES:
        assert any(max(a, start) < min(b, end) for a, b in found)
    # And nothing of the half minute of music in which nobody speaks.
    for a, b in found:
        assert any(max(a, start - 500) < min(b, end + 700) for start, end in LINES)
    assert all(a < b for a, b in found)
    assert all(b <= c for (_, b), (c, _) in itertools.pairwise(found))


def test_however_it_is_cut_into_blocks(trailer: tuple[Path, Path]) -> None:
    blocks = list(stream_audio(trailer[0], sample_rate=SAMPLE_RATE))
    whole = list(split_on_speech([np.concatenate(blocks)]))
    assert list(split_on_speech(blocks)) == whole
    odd = np.array_split(np.concatenate(blocks), 37)
    assert list(split_on_speech(odd)) == whole


@pytest.mark.parametrize("seconds", [0, 0.001, 0.032, 0.1, 61, 130])
def test_where_nobody_speaks(seconds: float) -> None:
    for make in (silence, tone):
        sound = make(seconds, sample_rate=SAMPLE_RATE)
        assert list(split_on_speech([sound])) == []
        assert len(list(speech_probabilities([sound]))) == -(-sound.size // 512)


def test_a_steady_tone_is_taken_away_and_what_moves_is_left() -> None:
    sound = tone(4, sample_rate=SAMPLE_RATE)
    sound[30_000:32_000] += tone(0.125, sample_rate=SAMPLE_RATE, hertz=1_500)
    left = moving(sound)
    assert left.shape == sound.shape
    assert left.dtype == np.float32
    steady = np.abs(left[8_000:24_000]).max()
    assert steady < 0.1 * np.abs(left[30_400:31_600]).max()


def test_speech_in_music_as_loud(corpora: Path) -> None:
    clips = sorted(corpora.glob("savee/**/*.wav"))[::60] or sorted(corpora.glob("**/*.wav"))[::400]
    music = sorted((corpora / "backgrounds" / "music").glob("*.ogg"))
    found = 0
    clips = clips[:6]
    for clip, bed in zip(clips, music, strict=False):
        speech = load(clip, sample_rate=SAMPLE_RATE)[: 8 * SAMPLE_RATE]
        sound = np.resize(load(bed, sample_rate=SAMPLE_RATE), speech.size + 4 * SAMPLE_RATE)
        sound = sound * (0.05 / np.sqrt(np.mean(sound**2)))
        sound[2 * SAMPLE_RATE :][: speech.size] += speech * (0.05 / np.sqrt(np.mean(speech**2)))
        middle = 2_000 + speech.size * 500 // SAMPLE_RATE
        stretches = split_on_speech([sound.astype(np.float32)])
        found += any(a - 500 < middle < b + 500 for a, b in stretches)
    assert found >= len(clips) - 1
