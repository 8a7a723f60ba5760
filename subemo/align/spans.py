"""Which stretch of film each cue of a subtitle file gets."""

from __future__ import annotations

from collections.abc import Iterable

from ..features.trim import MAX_WINDOW_MS
from ..subtitles.document import Cue
from .segments import Span, windows

#: A cue that stays longer than this is no single line of speech; it is judged
#: by its beginning, which also bounds what a hostile file can ask for.
LONGEST_CUE_MS = 60_000

_A_DAY_MS = 24 * 3_600_000


def spans(cues: Iterable[Cue]) -> list[Span]:
    """The spans of every cue: its own time, in windows where it is long.

    A cue that ends before it starts gets one empty span. Of a cue of two
    speakers whose turn is known, the first one's stretch is taken, since a tag
    stands before the first one's words.
    """
    return [
        Span(start, end, cue.index)
        for cue in cues
        for start, end in windows(
            cue.start_ms,
            max(cue.start_ms, min(_voice_end(cue), cue.start_ms + LONGEST_CUE_MS)),
            longest_ms=MAX_WINDOW_MS,
        )
    ]


def _voice_end(cue: Cue) -> int:
    return cue.end_ms if cue.voice_end_ms is None else min(cue.end_ms, cue.voice_end_ms)


def whole(duration_ms: int | None) -> list[Span]:
    """The spans of a whole file, all of one cue.

    Args:
        duration_ms: as the container says; where it does not (None), or claims more
            than a day, there are windows enough for a day, and those behind the end
            stay empty
    """
    end_ms = _A_DAY_MS if duration_ms is None else min(duration_ms, _A_DAY_MS)
    parts = windows(0, end_ms, longest_ms=MAX_WINDOW_MS)
    return [Span(start, end, 0) for start, end in parts]
