"""subemo's marks in WebVTT: the span that a tag stands in, and the note behind the header."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from ..subtitles.dialogue import before_words
from ..subtitles.markup import is_visible, parse_vtt
from ..tagging.colours import Palette
from ..tagging.limits import could_be_extended
from ..tagging.presets import is_ours
from ..tagging.vocabulary import Vocabulary
from .splicing import Mark

if TYPE_CHECKING:
    from ..tagging.annotation import AnnotatedFilm

# Ours: <c.subemo.angry>[angrily]</c> and what parts it from the words; the old
# end time is a class of the span where the cue was lengthened.
_OURS = re.compile(
    r"<c\.subemo\.(?P<emotion>[a-z]+)(?P<above>\.above)?(?:\.end-(?P<end>[\d-]+))?>"
    r"(?P<tag>[^<>]*)</c>(?:(?(above)(?:\r\n|\n|\r)| ))?"
)
_HEAD = re.compile(
    r"(?:\r\n|\n|\r)NOTE subemo \d[^\r\n]*: a tag is how a voice sounds [^\r\n]*(?:\r\n|\n|\r)"
    r"(?:(?:\r\n|\n|\r)STYLE(?:\r\n|\n|\r)(?:::cue\(\.subemo(?:-words)?\.[^\r\n]*(?:\r\n|\n|\r))+)?"
)
#: The lines up to the first that an empty one follows.
_HEADER = re.compile(r"(?:[^\r\n]*(?:\r\n|\n|\r)(?![\r\n]))*[^\r\n]*(?:\r\n|\n|\r)(?=[\r\n])")
#: The line of a cue's times, and the lines of its text.
_BODY = re.compile(
    r"(?<![^\r\n])[^\r\n]*-->[^\r\n]*(?:\r\n|\n|\r)((?:(?![^\r\n]*-->)[^\r\n]+(?:\r\n|\n|\r|\Z))*)"
)
#: Nothing but blanks, and the line's end.
_REST_OF_LINE = re.compile(r"[ \t]*(?:\r\n|\n|\r)(?=[^\r\n])")
#: What colours a cue's words: before its text.
_WORDS = re.compile(r"<c\.subemo-words\.[a-z]+(?:\.intense)?>")
_CLOSING = "</c>"
_LAST_TIME = re.compile(r"(-->\s*)([\d:.]+)")


def wrap(mark: Mark, _: Palette | None) -> str:
    """A tag with its span."""
    classes = f"subemo.{mark.emotion.value}"
    if mark.is_above:
        classes += ".above"
    if mark.old_end is not None:
        classes += f".end-{re.sub('[:.]', '-', mark.old_end)}"
    return f"<c.{classes}>{html.escape(mark.text, quote=False)}</c>"


def wrap_words(mark: Mark) -> tuple[str, str]:
    """What colours a tagged cue's whole text: before it and behind it."""
    classes = f"subemo-words.{mark.emotion.value}{'.intense' if mark.is_intense else ''}"
    return f"<c.{classes}>", "</c>"


def note(annotation: AnnotatedFilm, newline: str, colours: Palette | None) -> str:
    """What stands behind the header of a file with tags, and the colours of those."""
    note = f"{newline}NOTE subemo {annotation.provenance}{newline}"
    shown = sorted({cue.decision.tag for cue in annotation.tagged if cue.decision.tag})
    if colours is None or not shown:
        return note
    names = ("subemo", "subemo-words") if colours.of_words else ("subemo",)
    rules = [
        f"::cue(.{name}.{emotion.value}) {{ color: {colours[emotion]} }}"
        for name in names
        for emotion in shown
    ]
    if colours.of_words:
        rules.append("::cue(.subemo-words.intense) { font-weight: bold }")
    return note + newline + "".join(f"{line}{newline}" for line in ["STYLE", *rules])


def without_marks(
    text: str, decode: Callable[[str], str], words: Vocabulary | None
) -> tuple[str, int, int]:
    """A file's text without subemo's tags and note.

    Args:
        text: the whole file, as `subemo.formats.splicing.rewritten` gives it
        decode: what that gives with it
        words: the user's own words for the emotions, if the tags are in those

    Returns:
        the text, how many tags were taken out, and how many are marked as subemo's but are not
    """
    text = _without_colours(_without_note(text))
    unknown = 0
    parts: list[str] = []
    written = 0
    for match, before, last in _ours(text):
        between: str | None = text[written : match.start()]
        if match["end"]:
            between = _with_old_end(text[written : match.start()], match["end"])
        is_tag = is_ours(html.unescape(decode(match["tag"])), words)
        if between is None or not is_tag or not _can_stand_behind(decode(before)):
            unknown += 1
            continue
        parts.append(between)
        written = _end(text, match, before, last)
    return "".join([*parts, text[written:]]), len(parts), unknown


def _without_note(text: str) -> str:
    """*text* without our note, where we put it: behind the header."""
    header = _HEADER.match(text)
    note = _HEAD.match(text, header.end()) if header else None
    return text if note is None else text[: note.start()] + text[note.end() :]


def _without_colours(text: str) -> str:
    """*text* without what colours the words of cues that have a mark of ours."""
    parts, written = [], 0
    for body in _BODY.finditer(text):
        first, last = body.span(1)
        opening = _WORDS.match(text, first, last)
        end = first + len(text[first:last].rstrip("\r\n"))
        if opening is None or not text.endswith(_CLOSING, opening.end(), end):
            continue
        inner = text[opening.end() : end - len(_CLOSING)]
        if _OURS.search(inner):
            parts += [text[written:first], inner]
            written = end
    return "".join([*parts, text[written:]])


def _end(text: str, match: re.Match[str], before: str, last: int) -> int:
    """Behind a mark; a line that somebody has left it alone on would be empty, and end the cue."""
    rest = _REST_OF_LINE.match(text, match.end())
    is_alone = not before or before[-1] in "\r\n"
    if match["above"] or rest is None or not is_alone or rest.end() >= last:
        return match.end()
    return rest.end()


def _ours(text: str) -> Iterator[tuple[re.Match[str], str, int]]:
    """Our marks in the text of cues, what stands before each in its cue, and where that cue ends.

    What looks so elsewhere is somebody's identifier or note.
    """
    for body in _BODY.finditer(text):
        for match in _OURS.finditer(text, *body.span(1)):
            yield match, text[body.start(1) : match.start()], body.end(1)


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
