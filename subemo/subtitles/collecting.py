"""Collects the cues and problems of a file that is being read."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..core.errors import SubtitleError
from .damaged_times import recovered_times
from .document import Cue, CueOffsets, Document, Line, Problem, UnreadCue, newline_of, quoted
from .encoding import Encoding


@dataclass
class CueCollector:
    """What a format's reader has found so far; `document` turns it into a `Document`."""

    cues: list[Cue] = field(default_factory=list)
    offsets: list[CueOffsets] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    unread: list[UnreadCue] = field(default_factory=list)

    def add(
        self,
        line: Line,
        times: tuple[int, int],
        text: str,
        offsets: CueOffsets,
        *,
        speaker: str = "",
        voice_end_ms: int | None = None,
    ) -> None:
        """Adds a cue; one that ends before it starts is also a problem.

        Args:
            line: the line of its times
            times: start and end, in milliseconds
            text: see `Cue`
            offsets: the offsets of its parts
            speaker: see `Cue`
            voice_end_ms: see `Cue`
        """
        if times[1] < times[0]:
            self.problems.append(Problem(line.number, "this cue ends before it starts"))
        self._append(Cue(len(self.cues), *times, text, line.number, speaker, voice_end_ms), offsets)

    def add_damaged(self, line: Line, times: str, text: str, *, speaker: str = "") -> None:
        """Adds a cue with invalid times, if they are still unambiguous.

        Players cannot read such times, so the cue gets no tag.

        Args:
            line: the line of its times
            times: the part of the line that should be times
            text: see `Cue`
            speaker: see `Cue`
        """
        found = recovered_times(times, after_ms=self.cues[-1].start_ms if self.cues else 0)
        if found is None:
            problem = (
                f"cannot read the times in {quoted(line.text)}; the cue is left unchanged and is "
                "lost in other formats"
            )
            self.problems.append(Problem(line.number, problem))
            # The supposed times may be words.
            said = f"{times}\n{text}" if any(map(str.isalpha, times)) else text
            self.unread.append(UnreadCue(line.number, said))
            return
        start_s, end_s = (time / 1000 for time in found)
        problem = (
            f"{quoted(line.text)} has damaged times; read as {start_s:.3f} to {end_s:.3f} s, "
            "left unchanged in this format, without a tag"
        )
        self.problems.append(Problem(line.number, problem))
        self._append(Cue(len(self.cues), *found, text, line.number, speaker), CueOffsets())

    def document(
        self, data: bytes, encoding: Encoding, form: str, *, expected: str, head: int | None = None
    ) -> Document:
        """The document with these cues.

        Args:
            data: the whole file
            encoding: the encoding of its text
            form: the name of its format
            expected: the expected kind of file, for the error if there is no cue
            head: see `Document`

        Raises:
            SubtitleError: if there is no cue
        """
        if not self.cues:
            raise SubtitleError("no subtitles found in this file", remedy=f"Expected {expected}.")
        return Document(
            data=data,
            encoding=encoding,
            form=form,
            cues=tuple(self.cues),
            offsets=tuple(self.offsets),
            newline=newline_of(data, encoding),
            head=head,
            problems=tuple(sorted(self.problems, key=lambda problem: problem.line)),
            unread=tuple(self.unread),
        )

    def _append(self, cue: Cue, offsets: CueOffsets) -> None:
        self.cues.append(cue)
        self.offsets.append(offsets)
