from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subemo.align import SilencePolicy, measure, split_on_silence
from subemo.align.silence import FLOOR_DBFS, detect_silence, detect_sound, find_threshold
from subemo.media import stream_audio
from subemo.media.audio import Samples
from subemo.research.films.building import pydub_segment

from ..conftest import silence, speechlike, tone

RATE = 22_050


def in_blocks(samples: Samples, size: int = 10_007) -> Iterator[Samples]:
    for start in range(0, samples.size, size):
        yield samples[start : start + size]


@given(st.integers(1, 5_000), st.integers(0, 30_000))
def test_levels_do_not_depend_on_the_blocks(size: int, length: int) -> None:
    samples = speechlike(length / RATE)
    levels = measure(in_blocks(samples, size), sample_rate=RATE)
    whole = measure([samples], sample_rate=RATE)
    np.testing.assert_allclose(levels.energies, whole.energies, rtol=1e-5)
    total = np.square(samples, dtype=np.float64).sum()
    assert levels.energies.sum() == pytest.approx(total, rel=1e-4)


def test_level_of_a_tone() -> None:
    levels = measure([tone(1)], sample_rate=RATE)
    assert levels.duration_ms == 1_000
    np.testing.assert_allclose(levels.dbfs, 20 * np.log10(0.3 / np.sqrt(2)), atol=0.5)


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.booleans(), st.integers(5, 120)), min_size=1, max_size=10),
    st.sampled_from([100, 250, 500]),
    st.sampled_from([-45.0, -30.0]),
)
def test_agrees_with_pydub(
    parts: list[tuple[bool, int]], min_silence_ms: int, threshold: float
) -> None:
    """The same silences as pydub finds with a seek step of 10 ms, on 16-bit sound."""
    pieces = [(tone if loud else silence)(tens / 100, sample_rate=16_000) for loud, tens in parts]
    generator = np.random.default_rng(0)
    samples = np.concatenate(pieces)
    samples += (generator.uniform(-0.003, 0.003, samples.size)).astype(np.float32)
    integers = (samples * 32767).astype("<i2")

    segment = pydub_segment()(
        data=integers.tobytes(), sample_width=2, frame_rate=16_000, channels=1
    )
    import pydub.silence

    options = {"min_silence_len": min_silence_ms, "silence_thresh": threshold, "seek_step": 10}
    levels = measure([(integers / 32768).astype(np.float32)], sample_rate=16_000)
    silences = detect_silence(levels, threshold_dbfs=threshold, min_silence_ms=min_silence_ms)
    assert silences == [tuple(s) for s in pydub.silence.detect_silence(segment, **options)]
    sounds = [tuple(s) for s in pydub.silence.detect_nonsilent(segment, **options)]
    assert detect_sound(levels, silences) == [s for s in sounds if s[0] < s[1]]


class TestFindThreshold:
    def test_lies_between_speech_and_noise(self) -> None:
        generator = np.random.default_rng(0)
        hiss = (0.001 * generator.standard_normal(10 * RATE)).astype(np.float32)
        hiss[2 * RATE : 6 * RATE] += speechlike(4)
        threshold = find_threshold(measure([hiss], sample_rate=RATE))
        assert -58 < threshold < -30

    def test_digital_silence(self) -> None:
        assert find_threshold(measure([silence(3)], sample_rate=RATE)) == FLOOR_DBFS

    def test_quiet_film_and_loud_film_are_cut_alike(self) -> None:
        sound = np.concatenate((speechlike(3), silence(2), speechlike(3)))
        quiet, loud = (
            split_on_silence(measure([(gain * sound).astype(np.float32)], sample_rate=RATE))
            for gain in (0.1, 1.0)
        )
        assert len(quiet) == len(loud) == 2
        np.testing.assert_allclose(quiet, loud, atol=250)


class TestSplitOnSilence:
    def test_speech_silence_speech(self) -> None:
        sound = np.concatenate((speechlike(3), silence(2), speechlike(3)))
        first, second = split_on_silence(measure([sound], sample_rate=RATE))
        assert first[0] == 0
        assert abs(first[1] - 3_100) < 250
        assert abs(second[0] - 4_900) < 250
        assert second[1] == 8_000

    def test_all_silent(self) -> None:
        assert split_on_silence(measure([silence(5)], sample_rate=RATE)) == []

    def test_no_sound_at_all(self) -> None:
        assert split_on_silence(measure([], sample_rate=RATE)) == []

    def test_constant_sound_is_cut_where_it_is_longest_allowed(self) -> None:
        parts = split_on_silence(measure([tone(30)], sample_rate=RATE))
        assert parts[0][0] == 0
        assert parts[-1][1] == 30_000
        assert all(a[1] == b[0] for a, b in pairwise(parts))
        assert all(1_000 < end - start <= 7_000 for start, end in parts)

    def test_threshold_that_is_given_wins(self) -> None:
        sound = np.concatenate((tone(2), 0.1 * tone(2), tone(2))).astype(np.float32)
        levels = measure([sound], sample_rate=RATE)
        assert len(split_on_silence(levels, SilencePolicy(threshold_dbfs=-20.0))) == 2
        assert len(split_on_silence(levels, SilencePolicy(threshold_dbfs=-60.0))) == 1

    @settings(max_examples=30)
    @given(
        st.lists(st.tuples(st.booleans(), st.integers(0, 2_000)), max_size=8),
        st.integers(0, 500),
    )
    def test_parts_are_in_order_and_inside(
        self, parts: list[tuple[bool, int]], padding_ms: int
    ) -> None:
        pieces = [(tone if loud else silence)(ms / 1000) for loud, ms in parts]
        levels = measure([np.concatenate([silence(0), *pieces])], sample_rate=RATE)
        policy = SilencePolicy(padding_ms=padding_ms, longest_ms=1_500)
        found = split_on_silence(levels, policy)
        edges = [edge for part in found for edge in part]
        assert edges == sorted(edges)
        assert all(0 <= start < end <= levels.duration_ms for start, end in found)
        assert all(end - start <= 1_500 for start, end in found)


def test_the_film_with_a_long_silence(media: Path) -> None:
    blocks = stream_audio(media / "speech-with-silence.mp4", sample_rate=RATE)
    levels = measure(blocks, sample_rate=RATE)
    found = detect_silence(levels, threshold_dbfs=find_threshold(levels), min_silence_ms=500)
    assert any(abs(start - 17_300) <= 250 and abs(end - 39_960) <= 250 for start, end in found)
    assert any(abs(start - 40_600) <= 250 and end == levels.duration_ms for start, end in found)
