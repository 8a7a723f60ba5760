"""Where sounds are looked for between cues, and what windows are taken for one sound."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from subemo.align.segments import Segment, Span, cut
from subemo.align.silence import measure
from subemo.analysis.analyse import analyse
from subemo.analysis.features import SpillFile
from subemo.analysis.film import open_film
from subemo.analysis.options import AnalysisOptions
from subemo.analysis.sound_cues import KeptSound, drain, events, gaps_of, loud_spans, window_rows
from subemo.api import load_model
from subemo.core.cache import Cache
from subemo.core.sounds import SOUNDS, Sound
from subemo.media.audio import Samples
from subemo.media.decoding import stream_audio
from subemo.sounds.weights import WINDOW_CLASSES
from subemo.sources.lookup import read_subtitles

from ..conftest import silence, speechlike, write_srt, write_wav

RATE = 22_050


def test_gaps_are_where_no_cue_is() -> None:
    assert gaps_of([], 3_000) == [(0, 3_000)]
    assert gaps_of([(500, 2_000), (2_900, 4_000)], 4_500) == []
    assert gaps_of([(4_000, 2_000)], 10_000) == [(0, 2_000), (4_000, 10_000)]


def test_a_silent_gap_is_not_listened_to() -> None:
    sound = np.concatenate(
        [speechlike(2), silence(3), speechlike(2), silence(2), speechlike(1), silence(2)]
    )
    levels = measure([sound], sample_rate=RATE)
    spans = loud_spans(levels, [(0, 2_000), (5_000, 7_000)])
    assert len(spans) == 1
    assert spans[0].start_ms == pytest.approx(8_850, abs=60)
    assert spans[0].end_ms == pytest.approx(10_150, abs=60)
    assert loud_spans(measure([silence(9)], sample_rate=RATE), [(0, 2_000)]) == []


def _samples_of(segments: Iterable[Segment]) -> dict[Span, Samples]:
    return {segment.span: segment.samples for segment in segments}


def test_the_sound_of_gaps_is_that_of_the_film() -> None:
    """Whatever the blocks and gaps are, what is cut from them is what the film has there."""
    noise = np.random.default_rng(0).normal(0, 0.1, RATE * 9 + 77).astype(np.float32)
    noise[: RATE // 2] = 0
    gaps = [(0, 1_500), (2_000, 2_900), (4_100, 8_000), (8_500, 1 << 40)]
    spans = [Span(100, 1_500, 0), Span(2_000, 2_900, 1), Span(4_100, 6_000, 2), Span(6_000, 8_000, 3),
             Span(8_900, 9_500, 4)]  # fmt: skip
    expected = _samples_of(cut([noise], spans, sample_rate=RATE))
    for size in (1_000, RATE, 5 * RATE):
        blocks = [noise[at : at + size] for at in range(0, noise.size, size)]
        with SpillFile(in_memory=50_000) as spill:
            kept = KeptSound(gaps, RATE, spill)
            drain(kept.passing(iter(blocks)))
            found = _samples_of(cut(kept.blocks(), spans, sample_rate=RATE))
            assert sum(block.size for block in kept.blocks()) == noise.size
        whole = measure([noise], sample_rate=RATE)
        np.testing.assert_array_equal(kept.levels().energies, whole.energies)
        assert found.keys() == expected.keys()
        for span, samples in expected.items():
            np.testing.assert_allclose(found[span], samples, rtol=1e-3, atol=1e-4)


def test_a_film_is_decoded_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And its last gap is listened to, whatever is behind the last cue."""
    sound = np.concatenate([speechlike(3), silence(1), speechlike(3), silence(2), speechlike(2)])
    video = write_wav(tmp_path / "film.wav", sound)
    track = read_subtitles(write_srt(tmp_path / "film.srt", [(0, 3_000, "One.")]))
    decoded: list[object] = []
    heard: list[tuple[int, int]] = []
    stream, rows = stream_audio, window_rows

    def counted(*arguments: Any, **options: Any) -> Any:
        decoded.append(arguments)
        return stream(*arguments, **options)

    def noted(segments: Any, *arguments: Any, **options: Any) -> Any:
        found = list(segments)
        heard.extend((one.span.start_ms, one.samples.size) for one in found)
        return rows(found, *arguments, **options)

    monkeypatch.setattr("subemo.analysis.film.stream_audio", counted)
    monkeypatch.setattr("subemo.analysis.sound_cues.window_rows", noted)
    model = load_model("subemo-crnn")
    analyse(open_film(video), track, model=model, options=AnalysisOptions(sound_cues=True))
    assert len(decoded) == 1
    assert [start // 1000 for start, _ in heard] == [3, 8]
    assert all(size > 2 * 16_000 for _, size in heard)


def _row(start_ms: int, sound: str, share: float = 0.8) -> list[float]:
    return [
        start_ms,
        start_ms + 960,
        *(share if name == sound else 0.01 for name in map(str, WINDOW_CLASSES)),
        0.01,
    ]


def test_neighbouring_windows_are_one_sound_and_speech_is_none() -> None:
    rows = np.array(
        [_row(0, "laugh"), _row(480, "laugh", 0.9), _row(960, "speech"), _row(1_440, "sob"),
         _row(5_000, "sob"), _row(6_000, "background")]
    )  # fmt: skip
    found = list(events(rows))
    assert [(one.start_ms, one.end_ms, one.sound, one.probability) for one in found] == [
        (0, 1_440, Sound.LAUGH, 0.9),
        (1_440, 2_400, Sound.SOB, 0.8),
        (5_000, 5_960, Sound.SOB, 0.8),
    ]
    assert list(map(str, WINDOW_CLASSES[: len(SOUNDS)])) == [sound.value for sound in SOUNDS]


def test_what_is_heard_is_kept_for_another_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    video = write_wav(
        tmp_path / "film.wav", np.concatenate([speechlike(4), silence(1), speechlike(3)])
    )
    track = read_subtitles(write_srt(tmp_path / "film.srt", [(0, 4_000, "One.")]))
    options = AnalysisOptions(sound_cues=True, cache=Cache(tmp_path / "cache"))
    model = load_model("subemo-crnn")
    first = analyse(open_film(video), track, model=model, options=options)

    def never(*_: object, **__: object) -> object:
        raise AssertionError("the cache was not asked")

    monkeypatch.setattr("subemo.analysis.sound_cues.window_rows", never)
    again = analyse(open_film(video), track, model=model, options=options)
    assert again.sounds_heard == first.sounds_heard
    off = analyse(open_film(video), track, model=model, options=AnalysisOptions())
    assert off.sounds_heard == ()
