r"""MPL2 (.mpl2): one line per cue, ``[10][25]/Hello|you``, its times in tenths of a second.

``|`` separates lines of text, and a line may begin with a style:
``/`` italic, ``\`` bold, ``_`` underlined (MPL2's description, by its
authors at napisy.ussbrowarek.org). A line without times is not a cue. Styles of
parts of a line and positions on the picture cannot be written.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..subtitles.collecting import CueCollector
from ..subtitles.dialogue import before_words
from ..subtitles.document import Document, Line, of_no_cue
from ..subtitles.encoding import Encoding
from ..subtitles.markup import JOINER, StyledRun, StyledText, bare_text, is_visible
from ..tagging.colours import Palette
from .base import Reading, RecordedReader
from .splicing import Mark, Splicing

_CUE = re.compile(r"\[([0-9]{1,15})\]\[([0-9]{1,15})\](.*)", re.DOTALL)
# A line that was meant as a cue.
_BROKEN_CUE = re.compile(r"(\s*\[\s*-?[0-9]*\s*\]?\s*\[\s*-?[0-9]*\s*\]?)(.*)", re.DOTALL)
_STYLES = {"/": "italic", "\\": "bold", "_": "underline"}
#: The part before the words of a line: spaces, styles, direction marks.
_BEFORE_WORDS = re.compile("([ \t]*)([/\\\\_]*)[\u200e\u200f\u202a\u202b\u2066\u2067\u2068]*")
# What ffmpeg treats as an override or line break of Advanced SubStation.
_MARKUP = re.compile(r"\{(?=\\)|\\(?=[Nnh])")
_BREAK = "|"
#: The replacement for that in a text.
_NO_BREAK = "\uff5c"


class Mpl2(RecordedReader):
    """MPL2, a format of Polish players."""

    name = "mpl2"
    suffixes = (".mpl2", ".mpl")
    expected = "MPL2, with lines like [120][150]Hello"
    cue_line = re.compile(r"^\[[0-9]{1,15}\]\[[0-9]{1,15}\]")
    sign = re.compile(r"\[[0-9]{1,15}\]\[[0-9]{1,15}\]")
    resolution_ms = 100
    is_line_a_cue = True

    def parse(self, text: str) -> StyledText:
        """See `subemo.formats.base.CaptionReader.parse`."""
        runs: list[StyledRun] = []
        for line in text.split(_BREAK):
            runs += [StyledRun("\n")] if runs else []
            before = _BEFORE_WORDS.match(line)
            marks = before[2] if before else ""
            style = {name: mark in marks for mark, name in _STYLES.items()}
            runs.append(StyledRun(line.strip(" \t").removeprefix(marks).strip(" \t"), **style))
        return StyledText(tuple(run for run in runs if run.text))

    def serialise(self, styled_text: StyledText) -> str:
        """See `subemo.formats.base.CaptionReader.serialise`."""
        lines = (line for line in styled_text.lines() if any(run.text.strip() for run in line))
        return _BREAK.join(map(_line, lines))

    def parse_time(self, text: str) -> int | None:
        """See `subemo.formats.base.RecordedReader.parse_time`."""
        return int(text) * 100 if re.fullmatch(r"[0-9]{1,15}", text) else None

    def find(self, text: Sequence[Line], encoding: Encoding) -> CueCollector:
        """See `subemo.formats.base.CaptionReader.find`."""
        found = CueCollector()
        for line in text:
            match, broken = _CUE.fullmatch(line.text), _BROKEN_CUE.fullmatch(line.text)
            if match is not None:
                times = int(match[1]) * 100, int(match[2]) * 100
                offsets = self.offsets(
                    line, [line], encoding, end=match.span(2), first=match.start(3)
                )
                found.add(line, times, match[3], offsets)
            elif broken is not None:
                found.add_damaged(line, broken[1], broken[2])
            elif line.text.strip():
                found.problems.append(of_no_cue(line))
        return found

    def place(self, text: str) -> tuple[int, int] | None:
        """See `subemo.formats.base.CaptionReader.place`."""
        start = 0
        for line in text.split(_BREAK):
            before = _BEFORE_WORDS.match(line)
            spaces, styles, words = (0, 0, 0) if before is None else (*before.span(2), before.end())
            if is_visible(line[styles:]):
                # A style applies to a line, so a tag's own line goes before it.
                above = spaces if styles > spaces else words
                return start + above, start + words + before_words(line[words:])
            start += len(line) + 1
        return None

    def splicing(self, document: Document) -> Splicing:
        """See `subemo.formats.base.CaptionReader.splicing`."""
        return Splicing(_wrap, _format_time, _BREAK)

    def readings(self, text: str) -> list[Reading]:
        """See `subemo.formats.base.CaptionReader.readings`."""
        return [Reading("mpl2", text)]

    def block(self, number: int, times: tuple[int, int], text: str, newline: str = "\n") -> str:
        """See `subemo.formats.base.RecordedReader.block`."""
        start, end = map(_tenths, times)
        if end == start and times[1] > times[0]:
            end += 1  # players do not show cues of zero duration
        return f"[{start}][{end}]{text}{newline}"


def _wrap(mark: Mark, _: Palette | None) -> str:
    return mark.text


def _tenths(milliseconds: int) -> int:
    return FORMAT.rounded_ms(milliseconds) // 100


def _format_time(milliseconds: int) -> str:
    return str(_tenths(milliseconds))


def _line(runs: Sequence[StyledRun]) -> str:
    """A line, preceded by the style that all its words share."""
    worded = [run for run in runs if run.text.strip()]
    marks = "".join(
        mark for mark, name in _STYLES.items() if all(getattr(run, name) for run in worded)
    )
    text = "".join(_words(run.text, is_first=run is runs[0]) for run in runs)
    return marks + text.strip(" \t")


def _words(text: str, *, is_first: bool) -> str:
    """Escapes words; style characters are markup only at the beginning of a line."""
    text = bare_text(text).replace(_BREAK, _NO_BREAK)
    text = _MARKUP.sub(lambda match: match[0] + JOINER, text)
    bare = text.lstrip(" \t")
    return JOINER + bare if is_first and bare[:1] in ("/", "\\", "_") else text


FORMAT = Mpl2()
