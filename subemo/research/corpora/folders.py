"""Clips in one folder per label."""

from __future__ import annotations

from pathlib import Path

from ...core.emotions import parse_emotion
from .base import Entry, NamedFiles


class LabelFolders(NamedFiles):
    """``happy/anything.wav``, ``sad/anything.wav``; the speakers are unknown."""

    name = "folders"
    example = "happy/anything.wav"

    def fits(self, root: Path) -> bool:
        """Whether a folder in *root* is named after an emotion."""
        return super().fits(root) and any(
            parse_emotion(path.parent.name) for path in self.files(root)
        )

    def parse(self, path: Path) -> Entry | None:
        """See `NamedFiles.parse`."""
        return Entry(path, path.parent.name)


CORPUS = LabelFolders()
