"""Advanced SubStation (.ass, .ssa): pysubs2 reads the times; the rest of the script is unchanged.

Only the text of dialogue lines gets a tag. It is enclosed in ``{=subemo …}``
and ``{=}``, comments that no renderer shows, which distinguish it from an
author's own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from ..core.errors import SubtitleError
from ..subtitles.collecting import CueCollector
from ..subtitles.dialogue import before_words
from ..subtitles.document import Cue, CueOffsets, Document, Edit, Line, Untagged, unknown_tags
from ..subtitles.encoding import Encoding
from ..subtitles.markup import StyledText, is_visible, parse_ass, to_ass
from ..tagging.colours import Palette
from ..tagging.limits import could_be_extended
from ..tagging.presets import is_ours
from ..tagging.vocabulary import Vocabulary
from .ass_event import Event, events
from .ass_sounds import sound_line, without_sound_lines
from .base import CaptionReader, Reading, TrackCodec
from .splicing import Mark, Splicing, rewritten, tagged_text
from .spots import BlockSpot

if TYPE_CHECKING:
    from ..tagging.annotation import AnnotatedFilm
    from ..tagging.sounds import SoundCue

# Override blocks apply to the line whether they are before or after the tag.
_BEFORE_TAG = re.compile("(?:\\{[^{}]*+\\}|[\u200e\u200f\u202a\u202b\u2066\u2067\u2068])*")
_OURS = re.compile(
    r"\{=subemo (?P<emotion>[a-z]+)(?: (?P<end>[\d:.,]+))?\}(?:\{\\1c&H[0-9A-F]{6}&\})?(?P<tag>[^{}]*)"
    r"(?:\{\\(?:1c|b1)[^{}]*\})?\{=\}(?:\\N| )?"
)
_HEAD = re.compile(
    r"(?<=\[Script Info\])(?P<end>\r\n|\n|\r); subemo \d[^\r\n]*: a tag is how a voice sounds "
    r"[^\r\n]*(?=\r\n|\n|\r)",
    re.IGNORECASE,
)
#: Override blocks, some of which begin or end a drawing, and line breaks.
_PARTS = re.compile(r"\{(?:[^{}]*\\p(?P<pen>\d+)[^{}]*|[^{}]*)\}|(?P<break>\\[Nn])|\\h")
_COLOUR = re.compile(r"\\(?:1?c(&H[0-9A-Fa-f]+&?)?|r[^\\}]*)")


class Ass(CaptionReader):
    """Advanced SubStation, and the older SSA."""

    name = "ass"
    suffixes = (".ass", ".ssa")
    has_colours = True
    has_styles = True
    is_line_a_cue = True
    sign = re.compile("Dialogue:", re.IGNORECASE)
    tracks: ClassVar = {"matroska": "ass"}
    muxer = "ass"
    codecs = (TrackCodec("ass", ("matroska",)), TrackCodec("ssa", ("matroska",)))
    expected = "Advanced SubStation, with lines that begin with Dialogue:"

    def parse(self, text: str) -> StyledText:
        """See `subemo.formats.base.CaptionReader.parse`."""
        return parse_ass(text)

    def sniff(self, head: bytes) -> bool:
        """See `subemo.formats.base.CaptionReader.sniff`."""
        text = head.replace(b"\0", b"").decode("latin-1")
        return re.search(r"^[^\r\n]{,3}\[Script Info\]", text, re.IGNORECASE) is not None

    def find(self, text: Sequence[Line], encoding: Encoding) -> CueCollector:
        """See `subemo.formats.base.CaptionReader.find`."""
        found = CueCollector()
        for event in events(text):
            speaker = event.text("name").strip() if "name" in event.fields else ""
            if "text" not in event.fields:
                rest = max((end + 1 for _, end in event.fields.values()), default=len("Dialogue:"))
                found.add_damaged(event.line, "", event.line.text[rest:], speaker=speaker)
                continue
            content, times = event.text("text"), event.times
            if times is None:
                between = f"{event.text('start')} {event.text('end')}"
                found.add_damaged(event.line, between, content, speaker=speaker)
            else:
                found.add(event.line, times, content, _offsets(event, encoding), speaker=speaker)
        return found

    def head(self, text: Sequence[Line], data: bytes, encoding: Encoding) -> int | None:
        """See `subemo.formats.base.CaptionReader.head`."""
        first = text[0] if text else None
        is_head = first is not None and first.text.lower().endswith("[script info]")
        return first.start + first.size if first is not None and is_head else None

    def untag(
        self, data: bytes, *, encoding: str | None = None, words: Vocabulary | None = None
    ) -> Untagged:
        """See `subemo.formats.base.CaptionReader.untag`."""
        found = self.encoding_of(data, named=encoding)
        try:
            document = self.read(data, encoding=encoding)
        except SubtitleError:
            return Untagged(data, 0)
        edits: list[Edit] = []
        removed = unknown = 0
        for cue, offsets in zip(document.cues, document.offsets, strict=True):
            for match in _OURS.finditer(cue.text):
                edit = _end_edit(cue, offsets, match["end"])
                if edit and edit[0] in edits:
                    edit = None  # a cue has one end
                if edit is None or offsets.start is None or not is_ours(match["tag"], words):
                    unknown += 1
                    continue
                first, last = (
                    offsets.start + len(found.encode(cue.text[:at])) for at in match.span()
                )
                edits += [Edit(first, last, ""), *edit]
                removed += 1
        bare = rewritten(document.edited(edits), found, lambda text, _: _HEAD.sub("", text))
        return Untagged(bare, removed, unknown_tags(unknown))

    def sound_block(self, cue: SoundCue, spot: BlockSpot) -> str:
        """See `subemo.formats.base.CaptionReader.sound_block`; in the style of most cues."""
        from .pysubs2_adapter import format_time

        times = format_time(cue.start_ms), format_time(cue.end_ms)
        return sound_line(cue, times, _literal(cue.text), spot)

    def without_sound_cues(
        self, data: bytes, *, encoding: str | None = None, words: Vocabulary | None = None
    ) -> tuple[bytes, int]:
        """See `subemo.formats.base.CaptionReader.without_sound_cues`."""
        return without_sound_lines(data, self.encoding_of(data, named=encoding), words)

    def splicing(self, document: Document) -> Splicing:
        """See `subemo.formats.base.CaptionReader.splicing`."""
        from .pysubs2_adapter import format_time

        return Splicing(_wrap, format_time, _BREAK)

    def readings(self, text: str) -> list[Reading]:
        """See `subemo.formats.base.CaptionReader.readings`."""
        return [Reading("ass", text, has_overrides=True)]

    def note(
        self, annotation: AnnotatedFilm, document: Document, *, colours: Palette | None = None
    ) -> str:
        """See `subemo.formats.base.CaptionReader.note`."""
        return _note(annotation) + document.newline

    def blocks(self, annotation: AnnotatedFilm, *, colours: Palette | None = None) -> list[bytes]:
        """See `subemo.formats.base.BlockWriter.blocks`."""
        lines = self.write_anew(annotation, colours=colours).splitlines(keepends=True)
        first = len(lines) - len(annotation.written)
        return [b"".join(lines[:first]), *lines[first:]]

    def write_anew(
        self,
        annotation: AnnotatedFilm,
        *,
        colours: Palette | None = None,
        font: str = "Arial",
        size: int = 48,
        width: int = 1920,
        height: int = 1080,
    ) -> bytes:
        """Writes a script with one style from cues of any format.

        Args:
            annotation: the annotated film
            colours: colours of the tags, or None
            font: the style's font family
            size: font size, in pixels
            width: width of the picture
            height: height of the picture
        """
        from .pysubs2_adapter import format_time, script_head

        note = _note(annotation)
        head = script_head(font=font, size=size, width=width, height=height)
        head = head.replace("[Script Info]\n", f"[Script Info]\n{note}\n", 1)
        events = [
            f"Dialogue: 0,{format_time(cue.start_ms)},{format_time(cue.shown_end_ms)},Default,"
            f"{_field(cue.speaker)},0,0,0,,"
            f"{tagged_text(cue, to_ass, _wrap, newline=_BREAK, colours=colours)}\n"
            for cue in annotation.written
        ]
        return (head + "".join(events)).encode()


_BREAK = "\\N"


def _note(annotation: AnnotatedFilm) -> str:
    return f"; subemo {annotation.provenance}"


def _wrap(mark: Mark, colours: Palette | None) -> str:
    end = f" {mark.old_end}" if mark.old_end is not None else ""
    text = _literal(mark.text)
    if colours is not None:
        red, green, blue = (colours[mark.emotion][i : i + 2] for i in (1, 3, 5))
        text = f"{{\\1c&H{blue}{green}{red}&}}{text}"
        if not colours.of_words:
            text += f"{{{_colour_before(mark.before)}}}"
        elif mark.is_intense:
            text += "{\\b1}"  # and the words after it keep the colour
    return f"{{=subemo {mark.emotion.value}{end}}}{text}{{=}}"


def _literal(text: str) -> str:
    """*text* without what would be markup."""
    return text.replace("{", "\uff5b").replace("}", "\uff5d").replace("\\", "\uff3c")


def _colour_before(before: str) -> str:
    """The override that restores the words' colour: the author's own, or the style's."""
    found = list(_COLOUR.finditer(before))
    if found and found[-1][1]:
        return f"\\1c{found[-1][1]}"
    return "\\1c"


def _offsets(event: Event, encoding: Encoding) -> CueOffsets:
    def byte(at: int) -> int:
        return event.line.byte_at(at, encoding)

    text = event.text("text")
    start = event.fields["text"][0]
    first, last = event.fields["end"]
    end = event.line.text[first:last]
    first, last = first + len(end) - len(end.lstrip()), last - len(end) + len(end.rstrip())
    end_time = (byte(first), byte(last))
    line = _first_words(text)
    if line is None:
        return CueOffsets(end_time=end_time, start=byte(start))
    before = _BEFORE_TAG.match(text, line)
    above = before.end() if before else line
    inline = above + before_words(re.split(r"\\[Nn]", text[above:], maxsplit=1)[0])
    return CueOffsets(byte(start + inline), byte(start + above), end_time, byte(start))


def _end_edit(cue: Cue, offsets: CueOffsets, old_end: str | None) -> list[Edit] | None:
    """The edit that restores a cue's old end time; None if that time is not plausible."""
    from .pysubs2_adapter import parse_time

    if old_end is None:
        return []
    if offsets.end_time is None or not could_be_extended(parse_time(old_end), cue.end_ms):
        return None
    return [Edit(*offsets.end_time, old_end)]


def _first_words(text: str) -> int | None:
    """The beginning of the first line with words, after drawings; None without words."""
    line = end = 0
    is_drawn = False
    for match in _PARTS.finditer(text):
        if not is_drawn and is_visible(text[end : match.start()]):
            return line
        end = match.end()
        if match["pen"]:
            is_drawn = match["pen"] != "0"
            line = end if not is_drawn else line
        elif match["break"] and not is_drawn:
            line = end
    return line if not is_drawn and is_visible(text[end:]) else None


def _field(text: str) -> str:
    """Removes commas, which separate fields, and control characters from *text*."""
    bare = "".join(char if char.isprintable() else " " for char in text.replace(",", ";"))
    return " ".join(bare.split())


FORMAT = Ass()
