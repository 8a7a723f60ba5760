"""Where sounds are looked for between cues, and what windows are taken for one sound."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from subemo.align.silence import measure
from subemo.analysis.analyse import analyse
from subemo.analysis.film import open_film
from subemo.analysis.gaps import events, gaps_of, loud_spans
from subemo.analysis.options import AnalysisOptions
from subemo.api import load_model
from subemo.core.cache import Cache
from subemo.core.sounds import SOUNDS, Sound
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


def _row(start_ms: int, sound: str, share: float = 0.8) -> list[float]:
    return [
        start_ms,
        start_ms + 960,
        *(share if name == sound else 0.01 for name in map(str, WINDOW_CLASSES)),
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

    monkeypatch.setattr("subemo.analysis.gaps.window_rows", never)
    again = analyse(open_film(video), track, model=model, options=options)
    assert again.between == first.between
    off = analyse(open_film(video), track, model=model, options=AnalysisOptions())
    assert off.between == ()
