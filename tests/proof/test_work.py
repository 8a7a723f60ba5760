"""The proof's work grows with the cues, not with their square."""

from __future__ import annotations

import cProfile
import pstats
from pathlib import Path

import pytest

from subemo.proof import prove
from subemo.render.films import final_film

from ..conftest import write_srt


def _calls(path: Path, cues: int, *, step_ms: int) -> int:
    """The function calls in which a file of so many cues is converted."""
    spans = [(n * step_ms, n * step_ms + 2_000) for n in range(cues)]
    write_srt(path, [(*span, f"<i>So</i> it is\nnumber {n}.") for n, span in enumerate(spans)])
    profile = cProfile.Profile()
    profile.runcall(prove, final_film(path), "vtt")
    return pstats.Stats(profile).total_calls  # type: ignore[attr-defined,no-any-return]


@pytest.mark.parametrize("step_ms", [3_000, 0])
def test_twice_the_cues_are_twice_the_work(tmp_path: Path, step_ms: int) -> None:
    _calls(tmp_path / "first.srt", 1, step_ms=step_ms)  # imports what is used
    one, two = (_calls(tmp_path / f"{n}.srt", n, step_ms=step_ms) for n in (300, 600))
    assert one < two < 2.2 * one
