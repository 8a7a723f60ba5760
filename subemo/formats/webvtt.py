"""WebVTT (.vtt): webvtt-py reads the times; voices, settings, notes and styles stay as they are.

W3C WebVTT, "6.1 WebVTT file parsing": a file of blocks between blank lines,
in which a line with an arrow makes a cue of what follows.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from ..subtitles.collecting import CueCollector
from ..subtitles.dialogue import before_styled_words, before_words
from ..subtitles.document import (
    CueOffsets,
    Document,
    Line,
    Untagged,
    endings_of,
    lines,
    of_no_cue,
    unknown_tags,
)
from ..subtitles.encoding import Encoding, detect
from ..subtitles.markup import StyledText, is_visible, parse_vtt, to_vtt
from ..tagging.colours import Palette
from ..tagging.limits import could_be_extended
from ..tagging.presets import is_ours
from ..tagging.vocabulary import Words
from .splicing import Mark, Splicing, rewritten, spliced, tagged_text

if TYPE_CHECKING:
    from ..tagging.annotation import AnnotatedFilm

# A tag goes into the voice span that its words are in, and behind marks of direction.
_BEFORE_TAG = re.compile("(?:<v[ \\t.][^<>]*+>|[\u200e\u200f\u202a\u202b\u2066\u2067\u2068])*")
_STYLE = re.compile(r"(?:</?[ibuc](?:[.][^<>]*+)?>|<lang[^<>]*+>)*")
# Ours: <c.subemo.angry>[angrily]</c> and what parts it from the words; the old
# end time is a class of the span where the cue was lengthened.
_OURS = re.compile(
    r"<c\.subemo\.(?P<emotion>[a-z]+)(?P<above>\.above)?(?:\.end-(?P<end>[\d-]+))?>"
    r"(?P<tag>[^<>]*)</c>(?:(?(above)(?:\r\n|\n|\r)| ))?"
)
_HEAD = re.compile(
    r"(?:\r\n|\n|\r)NOTE subemo \d[^\r\n]*: a tag is how a voice sounds [^\r\n]*(?:\r\n|\n|\r)"
    r"(?:(?:\r\n|\n|\r)STYLE(?:\r\n|\n|\r)(?:::cue\(\.subemo\.[^\r\n]*(?:\r\n|\n|\r))+)?"
)
#: The lines up to the first that an empty one follows.
_HEADER = re.compile(r"(?:[^\r\n]*(?:\r\n|\n|\r)(?![\r\n]))*[^\r\n]*(?:\r\n|\n|\r)(?=[\r\n])")
#: The line of a cue's times, and the lines of its text.
_BODY = re.compile(
    r"(?<![^\r\n])[^\r\n]*-->[^\r\n]*(?:\r\n|\n|\r)((?:(?![^\r\n]*-->)[^\r\n]+(?:\r\n|\n|\r|\Z))*)"
)
# A line on which somebody begins to speak, and since when, if it says so.
_TURN = re.compile(r"\s*(?:<((?:\d+:)?\d\d:\d\d\.\d\d\d)>\s*)?(?:<v[ \t.]|[-\u2010-\u2015])")
#: How blocks begin that are no cues.
_NO_CUE = re.compile(r"(?:NOTE|STYLE|REGION)(?![^ \t])")
_LAST_TIME = re.compile(r"(-->\s*)([\d:.]+)")
_EXACT_TIME = re.compile(r"(?:\d+:)?\d\d:\d\d\.\d\d\d")


@dataclass(frozen=True)
class WebVtt:
    """WebVTT, the format of the web."""

    name: str = "vtt"
    suffixes: tuple[str, ...] = (".vtt",)
    has_colours: bool = True
    has_record: bool = False
    is_numbered: bool = False

    def parse(self, text: str) -> StyledText:
        """See `subemo.formats.base.CaptionReader.parse`."""
        return parse_vtt(text)

    def sniff(self, head: bytes) -> bool:
        """See `subemo.formats.base.CaptionReader.sniff`."""
        return _text_of(head).startswith("WEBVTT")

    def read(self, data: bytes, *, encoding: str | None = None) -> Document:
        """See `subemo.formats.base.CaptionReader.read`."""
        encoded = detect(data, named=encoding)
        text = list(lines(data, encoded))
        found = CueCollector()
        for times, body in _blocks(text):
            if times is None:
                found.problems += [of_no_cue(body[0])]
            else:
                _collect(found, times, body, encoded)
        return found.document(
            data,
            encoded,
            self.name,
            expected="WebVTT, with times like 00:12.000 --> 00:15.000",
            head=_head(text, data, encoded),
        )

    def untag(
        self, data: bytes, *, encoding: str | None = None, words: Words | None = None
    ) -> Untagged:
        """See `subemo.formats.base.CaptionReader.untag`."""
        removed = unknown = 0

        def bare(text: str, decode: Callable[[str], str]) -> str:
            nonlocal removed, unknown
            text = _without_note(text)
            parts, written = [], 0
            for match, before in _ours(text):
                between: str | None = text[written : match.start()]
                if match["end"]:
                    between = _with_old_end(text[written : match.start()], match["end"])
                is_tag = is_ours(html.unescape(decode(match["tag"])), words)
                if between is None or not is_tag or not _can_stand_behind(decode(before)):
                    unknown += 1
                    continue
                parts.append(between)
                written = match.end()
            removed = len(parts)
            return "".join([*parts, text[written:]])

        bytes_before = rewritten(data, detect(data, named=encoding), bare)
        return Untagged(bytes_before, removed, unknown_tags(unknown))

    def write(self, annotation: AnnotatedFilm, *, colours: Palette | None = None) -> bytes:
        """See `subemo.formats.base.CaptionWriter.write`."""
        document = annotation.document
        if document is not None and document.form == self.name:
            note = _note(annotation, document.newline, colours)
            return spliced(
                annotation, document, self.splicing(document), colours=colours, note=note
            )
        return b"".join(self.blocks(annotation, colours=colours))

    def splicing(self, document: Document) -> Splicing:
        """See `subemo.formats.base.CaptionReader.splicing`."""
        from .webvtt_adapter import format_time

        return Splicing(_wrap, format_time, document.newline)

    def note(self, annotation: AnnotatedFilm, document: Document) -> str:
        """See `subemo.formats.base.CaptionReader.note`."""
        return _note(annotation, document.newline, None)

    def blocks(self, annotation: AnnotatedFilm, *, colours: Palette | None = None) -> list[bytes]:
        """See `subemo.formats.base.BlockWriter.blocks`."""
        from .webvtt_adapter import format_time

        return [("WEBVTT\n" + _note(annotation, "\n", colours)).encode()] + [
            (
                f"\n{format_time(cue.start_ms)} --> {format_time(cue.shown_end_ms)}"
                f"{' line:0' if cue.rich.is_top else ''}\n"
                f"{tagged_text(cue, to_vtt, _wrap, colours=colours)}\n"
            ).encode()
            for cue in annotation.written
        ]


def _wrap(mark: Mark, _: Palette | None) -> str:
    classes = f"subemo.{mark.emotion.value}"
    if mark.is_above:
        classes += ".above"
    if mark.old_end is not None:
        classes += f".end-{re.sub('[:.]', '-', mark.old_end)}"
    return f"<c.{classes}>{html.escape(mark.text, quote=False)}</c>"


def _note(annotation: AnnotatedFilm, newline: str, colours: Palette | None) -> str:
    note = f"{newline}NOTE subemo {annotation.provenance}{newline}"
    shown = sorted({cue.decision.tag for cue in annotation.tagged if cue.decision.tag})
    if colours is None or not shown:
        return note
    rules = [f"::cue(.subemo.{emotion.value}) {{ color: {colours[emotion]} }}" for emotion in shown]
    return note + newline + "".join(f"{line}{newline}" for line in ["STYLE", *rules])


def _text_of(head: bytes) -> str:
    for mark, name in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if head.startswith(mark):
            return head[2:].decode(name, "ignore")
    return head.removeprefix(b"\xef\xbb\xbf").decode("latin-1")


def _blocks(text: list[Line]) -> Iterator[tuple[Line | None, list[Line]]]:
    """The line of times and the lines of text of each cue; no line of times for text without."""
    position = 0
    is_header = True
    while position < len(text):
        block = []
        while position < len(text) and text[position].text and "-->" not in text[position].text:
            block.append(text[position])
            position += 1
        has_times = position < len(text) and "-->" in text[position].text
        # One line before the times is the cue's identifier.
        is_stray = len(block) > has_times and not _NO_CUE.match(block[0].text)
        if is_stray and not is_header:
            yield None, block
        is_header = False
        if has_times:
            times, first = text[position], position + 1
            position = first
            while position < len(text) and text[position].text and "-->" not in text[position].text:
                position += 1
            yield times, text[first:position]
        else:
            position += 1


def _collect(found: CueCollector, times: Line, body: list[Line], encoding: Encoding) -> None:
    from .webvtt_adapter import parse_times

    content = "\n".join(line.text for line in body)
    parsed = parse_times(times.text)
    if parsed is None:
        found.add_damaged(times, times.text, content)
        return
    start_ms, end_ms, span = parsed
    first, last = (times.start + len(encoding.encode(times.text[:at])) for at in span)
    exact = _EXACT_TIME.fullmatch(times.text[slice(*span)])
    site = CueOffsets(end_time=(first, last) if exact else None)
    # A line that holds a voice's name alone is left as it is: a tag above the words in it
    # would leave an empty line, which ends the cue.
    line = next((line for line in body if is_visible(parse_vtt(line.text).plain)), None)
    if line is not None:
        before = _BEFORE_TAG.match(line.text)
        above = before.end() if before else 0
        inline = above + before_styled_words(line.text[above:], _STYLE)
        site = replace(
            site,
            inline=line.start + len(encoding.encode(line.text[:inline])),
            above=line.start + len(encoding.encode(line.text[:above])),
        )
    turn_ms = _second_turn(body)
    voice_end_ms = turn_ms if turn_ms is not None and start_ms < turn_ms < end_ms else None
    found.add(times, (start_ms, end_ms), content, site, voice_end_ms=voice_end_ms)


def _second_turn(body: list[Line]) -> int | None:
    """When the second of two speakers begins, if a time stamp before that line tells."""
    from .webvtt_adapter import parse_time

    turns = [line for line in body if _TURN.match(line.text)]
    if body and not _TURN.match(body[0].text):
        turns.insert(0, body[0])  # the first speaker goes without a dash
    if len(turns) != 2:
        return None
    stamp = _TURN.match(turns[1].text)
    return parse_time(stamp[1]) if stamp is not None and stamp[1] else None


def _head(text: list[Line], data: bytes, encoding: Encoding) -> int | None:
    """Behind the header, where a blank line follows it and all lines end in one way.

    Where they do not, the end of a note and the beginning of what follows
    could become one line ending.
    """
    if len(endings_of(data, encoding)) > 1:
        return None
    for line, follower in pairwise(text):
        if not follower.text:
            return line.start + line.size
    return None


def _without_note(text: str) -> str:
    """*text* without our note, where we put it: behind the header."""
    header = _HEADER.match(text)
    note = _HEAD.match(text, header.end()) if header else None
    return text if note is None else text[: note.start()] + text[note.end() :]


def _ours(text: str) -> Iterator[tuple[re.Match[str], str]]:
    """Our marks in the text of cues, and what stands before each; what looks so elsewhere is somebody's identifier or note."""
    for body in _BODY.finditer(text):
        for match in _OURS.finditer(text, *body.span(1)):
            yield match, text[body.start(1) : match.start()]


def _can_stand_behind(before: str) -> bool:
    """Whether subemo would put a tag behind that part of a cue: before its first words."""
    *lines, last = re.split(r"\r\n|\n|\r", parse_vtt(before).plain)
    if any(map(is_visible, lines)):
        return False
    return not is_visible(last) or before_words(f"{last}x") == len(last)


def _with_old_end(text: str, end: str) -> str | None:
    """*text* with the end time of its last cue as it was; None where it cannot have been that."""
    from .webvtt_adapter import parse_time

    digits = end.split("-")
    old = ":".join(digits[:-1]) + "." + digits[-1]
    at = text.rfind("-->")
    now = _LAST_TIME.match(text, at) if at >= 0 else None
    if now is None or not could_be_extended(parse_time(old), parse_time(now[2])):
        return None
    return text[:at] + now[1] + old + text[now.end() :]
