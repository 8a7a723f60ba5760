"""subemo's marks in WebVTT: the span of a tag, and the note after the header."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from ...subtitles.dialogue import before_words
from ...subtitles.markup import is_visible, parse_vtt
from ...tagging.colours import Palette
from ...tagging.limits import could_be_extended
from ...tagging.presets import is_our_cue, is_ours
from ...tagging.vocabulary import Vocabulary
from ..splicing import InsertionPoint, Mark

if TYPE_CHECKING:
    from ...tagging.annotation import AnnotatedFilm
    from ...tagging.sounds import SoundCue

# subemo's mark: <c.subemo.angry>[angrily]</c> and its separator; the old
# end time is a class of the span if the cue was extended.
_OURS = re.compile(
    r"<c\.subemo\.(?P<emotion>[a-z]+)(?P<above>\.above)?(?:\.end-(?P<end>[\d-]+))?>"
    r"(?P<tag>[^<>]*)</c>(?:(?(above)(?:\r\n|\n|\r)| ))?"
)
_HEAD = re.compile(
    r"(?:\r\n|\n|\r)NOTE subemo \d[^\r\n]*: a tag is how a voice sounds [^\r\n]*(?:\r\n|\n|\r)"
    r"(?:(?:\r\n|\n|\r)STYLE(?:\r\n|\n|\r)(?:::cue\(\.subemo(?:-words)?\.[^\r\n]*(?:\r\n|\n|\r))+)?"
)
#: The lines up to the first empty one.
_HEADER = re.compile(r"(?:[^\r\n]*(?:\r\n|\n|\r)(?![\r\n]))*[^\r\n]*(?:\r\n|\n|\r)(?=[\r\n])")
#: The line of a cue's times and the lines of its text.
_BODY = re.compile(
    r"(?<![^\r\n])[^\r\n]*-->[^\r\n]*(?:\r\n|\n|\r)((?:(?![^\r\n]*-->)[^\r\n]+(?:\r\n|\n|\r|\Z))*)"
)
#: Only blanks, and the line's end.
_REST_OF_LINE = re.compile(r"[ \t]*(?:\r\n|\n|\r)(?=[^\r\n])")
#: The span that colours a cue's words, before its text.
_WORDS = re.compile(r"<c\.subemo-words\.[a-z]+(?:\.intense)?>")
_CLOSING = "</c>"
_LAST_TIME = re.compile(r"(-->\s*)([\d:.]+)")


def wrap(mark: Mark, _: Palette | None) -> str:
    """Writes a tag in its span."""
    classes = f"subemo.{mark.emotion.value}"
    if mark.is_above:
        classes += ".above"
    if mark.old_end is not None:
        classes += f".end-{re.sub('[:.]', '-', mark.old_end)}"
    return f"<c.{classes}>{html.escape(mark.text, quote=False)}</c>"


def wrap_words(mark: Mark) -> tuple[str, str]:
    """The span that colours a tagged cue's text: its beginning and end."""
    classes = f"subemo-words.{mark.emotion.value}{'.intense' if mark.is_intense else ''}"
    return f"<c.{classes}>", "</c>"


def note(annotation: AnnotatedFilm, newline: str, colours: Palette | None) -> str:
    """The note after the header of a tagged file, and the tags' colours."""
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
    # ffmpeg before version 6 reads no cue after a block of styles, unless it takes it for a part
    # of the note: two different line endings part blocks for browsers, and not for ffmpeg.
    ending = "\r" if newline == "\r" else "\n"
    note = note.removesuffix(newline) + "\n\r"
    return note + "".join(f"{line}{ending}" for line in ["STYLE", *rules])


def without_marks(
    text: str, decode: Callable[[str], str], words: Vocabulary | None
) -> tuple[str, int, int]:
    """Removes subemo's tags and note from a file's text.

    Args:
        text: the whole file, as passed by `subemo.formats.splicing.rewritten`
        decode: the decoder passed with it
        words: custom tag words, or None

    Returns:
        the text, and the numbers of removed tags and of marked tags that are not subemo's
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
    """Removes subemo's note after the header from *text*."""
    header = _HEADER.match(text)
    note = _HEAD.match(text, header.end()) if header else None
    return text if note is None else text[: note.start()] + text[note.end() :]


def _without_colours(text: str) -> str:
    """Removes the colouring of cues with subemo's mark from *text*."""
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
    """The end of a mark; includes the line if it would otherwise be empty and end the cue."""
    rest = _REST_OF_LINE.match(text, match.end())
    is_alone = not before or before[-1] in "\r\n"
    if match["above"] or rest is None or not is_alone or rest.end() >= last:
        return match.end()
    return rest.end()


def _ours(text: str) -> Iterator[tuple[re.Match[str], str, int]]:
    """The marks of subemo in cues, with the text before each in its cue, and the end of that cue.

    Look-alikes elsewhere are identifiers or notes of others.
    """
    for body in _BODY.finditer(text):
        for match in _OURS.finditer(text, *body.span(1)):
            yield match, text[body.start(1) : match.start()], body.end(1)


def _can_stand_behind(before: str) -> bool:
    """Whether subemo would put a tag after this text: before the cue's first words."""
    *lines, last = re.split(r"\r\n|\n|\r", parse_vtt(before).plain)
    if any(map(is_visible, lines)):
        return False
    return not is_visible(last) or before_words(f"{last}x") == len(last)


def _with_old_end(text: str, end: str) -> str | None:
    """Restores the end time of the last cue in *text*; None if that time is not plausible."""
    from .times import parse_time

    digits = end.split("-")
    old = ":".join(digits[:-1]) + "." + digits[-1]
    at = text.rfind("-->")
    now = _LAST_TIME.match(text, at) if at >= 0 else None
    if now is None or not could_be_extended(parse_time(old), parse_time(now[2])):
        return None
    return text[:at] + now[1] + old + text[now.end() :]


_NAME = "subemo-sound"
# Behind all cues of the file the identifier says how many line endings were put before it.
_BLOCK = re.compile(
    r"(?<![^\r\n])subemo-sound(?:-last-(?P<before>[012]))?(?:\r\n|\n|\r)"
    r"[^\r\n]*-->[^\r\n]*(?:\r\n|\n|\r)"
    r"<c\.subemo-sound\.[a-z]+>(?P<tag>[^<>\r\n]*)</c>(?:\r\n|\n|\r)(?(before)|(?:\r\n|\n|\r))"
)


def sound_block(cue: SoundCue, times: str, point: InsertionPoint) -> str:
    """See `subemo.formats.base.CaptionReader.sound_block`.

    Args:
        cue: what is shown
        times: the line of its times
        point: where it goes
    """
    newline, before = point.document.newline, point.missing_endings
    name = f"{_NAME}-last-{before}" if point.is_last else _NAME
    text = html.escape(cue.text, quote=False)
    rows = (name, times, f"<c.{_NAME}.{cue.sound.value}>{text}</c>")
    block = "".join(f"{row}{newline}" for row in rows)
    return newline * before + block + ("" if point.is_last else newline)


def without_sound_blocks(
    text: str, decode: Callable[[str], str], words: Vocabulary | None
) -> tuple[str, int]:
    """A file's text without the cues of subemo's own, and how many those are.

    Args:
        text: the whole file, as `subemo.formats.splicing.rewritten` gives it
        decode: what that gives with it
        words: the user's own words for the emotions, if the tags are in those
    """
    parts: list[str] = []
    written = 0
    for match in _BLOCK.finditer(text):
        between = text[written : match.start()]
        count = int(match["before"] or 0)
        before = re.search(rf"(?:\r\n|\n|\r){{{count}}}\Z", between)
        if before is None or not is_our_cue(html.unescape(decode(match["tag"])), words):
            continue
        parts.append(between[: before.start()])
        written = match.end()
    return "".join([*parts, text[written:]]), len(parts)
