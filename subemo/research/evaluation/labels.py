"""Labelled segments of a film: ``start,end,emotion[,speaker]``, times in seconds."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from ...core.emotions import parse_emotion
from ...core.errors import CorpusError
from ..corpora import Clip
from ..corpora.manifest import read_interval, read_table

_REQUIRED = {"start", "end", "emotion"}
_KNOWN = _REQUIRED | {"speaker"}


def read_labels(path: Path, video: Path, *, ignore: Collection[str] = ()) -> list[Clip]:
    """Reads the labelled segments of *video* from a table, in order.

    Args:
        path: a CSV file with the columns start, end, emotion and, if known, speaker
        video: the film
        ignore: labels whose segments are left out

    Raises:
        CorpusError: for a wrong header, an unknown label, an empty or duplicate
            segment, or if there are no segments
    """
    clips: list[Clip] = []
    seen: dict[tuple[int | None, int | None, str], int] = {}
    left_out = {label.lower() for label in ignore}
    for line, row in read_table(path, required=_REQUIRED, known=_KNOWN):
        if row["emotion"].lower() in left_out:
            continue
        emotion = parse_emotion(row["emotion"])
        if emotion is None:
            raise CorpusError(
                f"line {line}: unknown label {row['emotion']!r}",
                path=path,
                remedy=f"Leave it out with `ignore={row['emotion'] or 'LABEL'!r}`, or correct it.",
            )
        start_ms, end_ms = read_interval(path, line, row)
        if start_ms is None:
            raise CorpusError(f"line {line}: start and end are empty", path=path)
        speaker = row.get("speaker") or None
        place = (start_ms, end_ms, speaker or "")
        if place in seen:
            raise CorpusError(f"line {line}: duplicate of line {seen[place]}", path=path)
        seen[place] = line
        clips.append(
            Clip(
                path=video,
                emotion=emotion,
                speaker=speaker and f"film-{speaker}",
                sex=None,
                corpus="film",
                start_ms=start_ms,
                end_ms=end_ms,
            )
        )
    if not clips:
        raise CorpusError(
            "no labelled segments in this table", path=path, remedy="Add one row per segment."
        )
    return clips
