r"""LRC (.lrc): one line per cue, ``[00:12.00]Hello you``, which stays until the next begins.

A line without words takes the one before it from the screen. There is no standard: times are
minutes, seconds and hundredths, several may stand before one text, which gets no tag then, and
lines such as ``[ar:Somebody]`` tell about the song. A cue is one line, without styles.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise, zip_longest
from typing import TYPE_CHECKING

from ..subtitles.collecting import CueCollector
from ..subtitles.dialogue import before_words
from ..subtitles.document import Document, Line, Problem, of_no_cue
from ..subtitles.encoding import Encoding
from ..subtitles.markup import StyledText, bare_text, is_visible
from ..tagging.colours import Palette
from .base import Reading, RecordedReader
from .splicing import InsertionPoint, Mark, Splicing

if TYPE_CHECKING:
    from ..tagging.annotation import AnnotatedFilm
    from ..tagging.sounds import SoundCue

_STAMP = re.compile(r"\[([0-9]{1,6}):([0-9]{1,2})(?:[.:]([0-9]{1,3}))?\]")
_CUE = re.compile(rf"([ \t]*(?:{_STAMP.pattern}[ \t]*)*{_STAMP.pattern})(?P<said>.*)", re.DOTALL)
_BROKEN_CUE = re.compile(r"(\s*\[\s*-?[0-9][^\]]*\]?)(.*)", re.DOTALL)
#: A line about the song.
_ABOUT = re.compile(r"\s*\[(?P<what>[A-Za-z]{2,10}):.*\]\s*")
#: The time of a word, in the enhanced form.
_OF_WORD = re.compile(r"<[0-9]{1,6}:[0-9]{2}[.:][0-9]{2,3}>[ \t]*")
#: ffmpeg takes a bracket before a text, and spaces, for a part of its time; other characters not.
_APART = "\u00a0"
#: That of encodings without a no-break space.
_APART_WIDE = "\u3000"
#: Stamps before a bracket of an author, which gets a character of Unicode's private area instead.
_BRACKET_FIRST = re.compile(rf"^(?:[ \t]*{_STAMP.pattern})+[ \t]*(?=\[)", re.MULTILINE)
_BRACKET = "\ue05b"
#: How long the last line stays if none takes it away.
_LAST_MS = 5_000


class Lrc(RecordedReader):
    """LRC, the format of lyrics."""

    name = "lrc"
    suffixes = (".lrc",)
    expected = "LRC, with lines like [00:12.00]Hello"
    cue_line = re.compile(rf"^{_STAMP.pattern}")
    sign = _STAMP
    resolution_ms = 10

    def parse(self, text: str) -> StyledText:
        """See `subemo.formats.base.CaptionReader.parse`."""
        return StyledText.of(_OF_WORD.sub("", text).strip(f" \t{_APART}{_APART_WIDE}"))

    def serialise(self, styled_text: StyledText) -> str:
        """See `subemo.formats.base.CaptionReader.serialise`."""
        words = bare_text(styled_text.plain.replace("\n", " "))
        return _parted(re.sub(" {2,}", " ", words).strip(" \t"))

    def parse_time(self, text: str) -> int | None:
        """See `subemo.formats.base.RecordedReader.parse_time`; no cue has an end of its own."""
        return None

    def find(self, text: Sequence[Line], encoding: Encoding) -> CueCollector:
        """See `subemo.formats.base.CaptionReader.find`."""
        found = CueCollector()
        stamped = [(line, match) for line in text if (match := _CUE.fullmatch(line.text))]
        times = [[_milliseconds(stamp) for stamp in _STAMP.finditer(match[1])]
                 for _, match in stamped]  # fmt: skip
        starts = sorted({start for of_line in times for start in of_line})
        ends = dict(pairwise([*starts, starts[-1] + _LAST_MS])) if starts else {}
        by_line = {
            line.number: (match, of) for (line, match), of in zip(stamped, times, strict=True)
        }
        for line, follower in zip_longest(text, text[1:]):
            about, broken = _ABOUT.fullmatch(line.text), _BROKEN_CUE.fullmatch(line.text)
            if line.number in by_line:
                match, of_line = by_line[line.number]
                said = match["said"]
                # What takes a cue away belongs to it.
                ending, _ = by_line.get(follower.number, (None, ())) if follower else (None, ())
                is_taken_away = ending is not None and not is_visible(ending["said"])
                last = follower if follower is not None and is_taken_away else line
                offsets = self.offsets(
                    line, [line], encoding, end=None, first=match.start("said"), last=last
                )
                if len(of_line) > 1:  # a tag would stand at all of them
                    offsets = replace(offsets, above=None, inline=None)
                for start in of_line if is_visible(said) else ():
                    found.add(line, (start, ends[start]), said, offsets)
            elif about is not None:
                if about["what"].lower() == "offset":
                    message = "the offset is not applied, as players based on ffmpeg do not"
                    found.problems.append(Problem(line.number, message))
            elif broken is not None:
                found.add_damaged(line, broken[1], broken[2])
            elif line.text.strip():
                found.problems.append(of_no_cue(line))
        return found

    def place(self, text: str) -> tuple[int, int] | None:
        """See `subemo.formats.base.CaptionReader.place`."""
        if not is_visible(text):
            return None
        above = len(text) - len(text.lstrip(" \t"))
        return above, above + before_words(text[above:])

    def block(self, number: int, times: tuple[int, int], text: str, newline: str = "\n") -> str:
        """See `subemo.formats.base.RecordedReader.block`; the next block's time ends it."""
        return f"{_stamp(times[0])}{text}{newline}"

    def splicing(self, document: Document) -> Splicing:
        """See `subemo.formats.base.CaptionReader.splicing`."""
        # No cue has an end of its own, which could be changed.
        wrap = partial(_wrap, apart=_apart_in(document.encoding))
        return Splicing(wrap, lambda _: "", " ")

    def readings(self, text: str) -> list[Reading]:
        """See `subemo.formats.base.CaptionReader.readings`; brackets of others are as other players show them."""
        lined = re.sub(r"\r\n?", "\n", text)
        masked = _BRACKET_FIRST.sub(rf"\g<0>{_BRACKET}", lined)
        masked = masked.replace(f"{_BRACKET}[", _BRACKET)
        return [
            Reading(
                "lrc",
                masked,
                restored=lambda shown: shown.replace(_BRACKET, "["),
                shows_blanks=False,
            )
        ]

    def sound_block(self, cue: SoundCue, point: InsertionPoint) -> str:
        """See `subemo.formats.base.CaptionReader.sound_block`; taken away where it ends."""
        newline = point.document.newline
        text = _parted(cue.text, _apart_in(point.document.encoding))
        rows = f"{_stamp(cue.start_ms)}{text}{newline}{_stamp(cue.end_ms)}"
        is_open = point.is_last and not point.document.text.endswith(("\n", "\r"))
        return f"{newline}{rows}" if is_open else f"{rows}{newline}"

    def blocks(self, annotation: AnnotatedFilm, *, colours: Palette | None = None) -> list[bytes]:
        """See `subemo.formats.base.BlockWriter.blocks`."""
        blocks = [b""]
        for cue, follower in zip_longest(annotation.written, annotation.written[1:]):
            end = _stamp(cue.end_ms)
            is_taken_away = follower is None or _stamp(follower.start_ms) != end
            last = f"{end}\n" if is_taken_away else ""
            line = self.block(0, (cue.start_ms, cue.end_ms), self.tagged_text(cue))
            blocks.append(f"{line}{last}".encode())
        return blocks


def _milliseconds(stamp: re.Match[str]) -> int:
    fraction = int((stamp[3] or "0").ljust(3, "0"))
    return (int(stamp[1]) * 60 + int(stamp[2])) * 1000 + fraction


def _stamp(milliseconds: int) -> str:
    minutes, rest = divmod((milliseconds + 5) // 10, 6_000)
    return f"[{minutes:02}:{rest // 100:02}.{rest % 100:02}]"


def _wrap(mark: Mark, _: Palette | None, *, apart: str = _APART) -> str:
    return mark.text if mark.before.strip() else _parted(mark.text, apart)


def _parted(text: str, apart: str = _APART) -> str:
    """Parts a bracket at a line's beginning from the time before it."""
    return f"{apart}{text}" if text.startswith("[") else text


def _apart_in(encoding: Encoding) -> str:
    try:
        encoding.encode(_APART)
    except UnicodeEncodeError:
        return _APART_WIDE
    return _APART


FORMAT = Lrc()
