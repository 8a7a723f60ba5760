"""The combined table of several corpora (Appendix 1 of the 2024 report, Davies and Chen)."""

from __future__ import annotations

from collections.abc import Sequence

from ...core.tables import csv_table
from .base import Clip

_COLUMNS = (
    "emotion", "path", "corpus", "speaker", "sex", "statement", "intensity", "start", "end"
)  # fmt: skip


def combined_table(clips: Sequence[Clip]) -> str:
    """One row per clip, as CSV, which can be read as a manifest."""
    rows = [
        (
            clip.emotion.value,
            str(clip.path),
            clip.corpus,
            clip.speaker or "",
            clip.sex or "",
            clip.statement or "",
            clip.intensity or "",
            "" if clip.start_ms is None else clip.start_ms / 1000,
            "" if clip.end_ms is None else clip.end_ms / 1000,
        )
        for clip in clips
    ]
    return csv_table([_COLUMNS, *rows])
