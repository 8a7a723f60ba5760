"""The combined table of several corpora (the report's Appendix 1)."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from .base import Clip

_COLUMNS = (
    "emotion", "path", "corpus", "speaker", "sex", "statement", "intensity", "start", "end"
)  # fmt: skip


def combined_table(clips: Sequence[Clip]) -> str:
    """One row a clip, as CSV; it can be read again as a manifest by those columns."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for clip in clips:
        writer.writerow(
            [
                clip.emotion.value,
                clip.path,
                clip.corpus,
                clip.speaker or "",
                clip.sex or "",
                clip.statement or "",
                clip.intensity or "",
                "" if clip.start_ms is None else clip.start_ms / 1000,
                "" if clip.end_ms is None else clip.end_ms / 1000,
            ]
        )
    return text.getvalue()
