"""Films with music between cues, and what is counted on them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from subemo.analysis.sound_cues import gaps_of
from subemo.research.sounds.gap_films import (
    AnalysedFilm,
    Gap,
    GapFilm,
    choose_music_threshold,
    choosing_films,
    counted_music,
    reported_films,
)
from subemo.research.sounds.sources import read_sources

RATE = 16_000
#: A minute: cues of 4 s, and music, noise and speech between them.
CUES = ((0, 4_000), (14_000, 18_000), (28_000, 32_000), (42_000, 46_000))
GAPS = ((Gap.MUSIC, 4_300, 13_700), (Gap.NOISE, 18_300, 27_700), (Gap.SPEECH, 32_300, 41_700))


def film(**shares: float) -> AnalysedFilm:
    """One in which music is as likely as that in the windows of each kind of gap."""
    samples = np.zeros(60 * RATE, np.float32)
    rows = [
        [at, at + 960, *[0.0] * 9, shares.get(kind.value, 0.0)]
        for kind, start, end in GAPS
        for at in range(start, end - 960, 480)
    ]
    return GapFilm(0, samples, CUES, GAPS), np.array(rows)


def test_a_mark_at_the_start_of_music_is_right_and_one_elsewhere_false() -> None:
    right = counted_music([film(music=0.9)], 0.5)
    assert (right.found, right.shown, right.false_in_ten_minutes) == ((1, 1), (1, 1), 0)
    wrong = counted_music([film(noise=0.9)], 0.5)
    assert (wrong.found, wrong.shown) == ((0, 1), (0, 1))
    assert (wrong.false[Gap.NOISE], wrong.false_in_ten_minutes) == (1, 10)
    nothing = counted_music([film(music=0.4)], 0.5)
    assert (nothing.found, nothing.shown) == ((0, 1), (0, 0))


def test_music_that_is_noticed_late_is_not_found() -> None:
    made, rows = film(music=0.9)
    late = rows.copy()
    late[(late[:, 0] < 8_400) & (late[:, 0] > 0), -1] = 0.0
    assert counted_music([(made, late)], 0.5).found == (0, 1)


def test_the_threshold_is_the_lowest_without_false_marks() -> None:
    chosen = choose_music_threshold([film(speech=0.56), film(music=0.7)])
    assert 0.56 < chosen <= 0.7
    assert choose_music_threshold([film(noise=0.99)]) == 1.0


@pytest.fixture(scope="module")
def films(corpora: Path) -> list[GapFilm]:
    sources = read_sources(corpora)
    return [next(iter(choosing_films(sources))), next(iter(reported_films(sources)))]


def _level(samples: npt.NDArray[np.float32]) -> float:
    return float(10 * np.log10(np.mean(np.square(samples, dtype=np.float64)) + 1e-12))


def test_what_is_said_to_be_in_a_gap_is_there(films: list[GapFilm]) -> None:
    for made in films:
        between = gaps_of(made.cues, made.samples.size * 1000 // RATE)
        assert len(made.gaps) == len(between) == len(made.cues)
        kinds = [kind for kind, _, _ in made.gaps]
        assert {kinds.count(kind) for kind in Gap} == {len(kinds) // len(Gap)}
        for (kind, start, end), (first, last) in zip(made.gaps, between, strict=True):
            assert first < start < end < last, kind
            assert _level(made.samples[start * 16 : end * 16]) > -60
            assert _level(made.samples[(end + 50) * 16 : (last - 50) * 16]) < -60
