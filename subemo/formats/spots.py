"""Where a cue of subemo's own goes in a file."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..subtitles.document import Document, Line

_ENDING = re.compile(r"\r\n|\n|\r")
_ENDINGS = re.compile(r"(?:\r\n|\n|\r)*\Z")


@dataclass(frozen=True)
class BlockSpot:
    """Where a cue of subemo's own goes in a file.

    Attributes:
        number: that it bears, where the format has numbers
        document: the file
        times: the line of times of the cue before which it goes, or of the file's last
        is_last: whether it goes behind all cues of the file
        is_first_at_end: whether no other of subemo's does before it
    """

    number: int
    document: Document
    times: Line
    is_last: bool
    is_first_at_end: bool

    @property
    def missing_endings(self) -> int:
        """How many line endings a block behind all others needs before it, where blocks are parted."""
        if not self.is_last:
            return 0
        if not self.is_first_at_end:
            return 1
        ends = _ENDINGS.search(self.document.text)
        return max(0, 2 - len(_ENDING.findall(ends[0] if ends else "")))

    @property
    def is_behind_open_line(self) -> bool:
        """Whether it goes behind the file's last line, and that has no ending."""
        line, encoding = self.times, self.document.encoding
        return self.is_last and line.start + line.size == line.byte_at(len(line.text), encoding)
