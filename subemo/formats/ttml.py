"""EBU-TT-D, the TTML of broadcasters (EBU Tech 3380): output only."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET
from xml.parsers import expat

from ..core.emotions import Emotion
from ..core.times import clock
from ..subtitles.dialogue import before_words
from ..subtitles.markup import StyledRun
from ..tagging.colours import Palette
from .base import BlockWriter, PlainCue
from .splicing import colours_in

if TYPE_CHECKING:
    from ..tagging.annotation import AnnotatedCue, AnnotatedFilm
    from ..tagging.sounds import SoundCue

_TT = "http://www.w3.org/ns/ttml"
_STYLING, _PARAMETER = f"{_TT}#styling", f"{_TT}#parameter"
_METADATA, _EBU = f"{_TT}#metadata", "urn:ebu:tt:metadata"
_XML = "http://www.w3.org/XML/1998/namespace"
for _prefix, _uri in {"tt": _TT, "tts": _STYLING, "ttp": _PARAMETER, "ttm": _METADATA,
                      "ebuttm": _EBU}.items():  # fmt: skip
    ET.register_namespace(_prefix, _uri)
#: Characters that XML 1.0 cannot represent, not even as references.
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_STYLES = {
    "base": {
        "fontFamily": "proportionalSansSerif",
        "fontSize": "100%",
        "lineHeight": "125%",
        "textAlign": "center",
        "color": "#FFFFFF",
        "backgroundColor": "#00000000",
        "fontStyle": "normal",
        "fontWeight": "normal",
        "textDecoration": "none",
    },
    "text": {"backgroundColor": "#000000C2"},
    "italic": {"fontStyle": "italic"},
    "bold": {"fontWeight": "bold"},
    "underline": {"textDecoration": "underline"},
}


class Ttml(BlockWriter):
    """One paragraph per cue, in a region at the bottom or top of the picture."""

    name = "ttml"
    suffixes = (".ttml",)
    has_colours = True

    def write(self, annotation: AnnotatedFilm, *, colours: Palette | None = None) -> bytes:
        """See `subemo.formats.base.CaptionWriter.write`."""
        root = ET.Element(
            f"{{{_TT}}}tt",
            {
                f"{{{_XML}}}lang": annotation.language,
                f"{{{_XML}}}space": "preserve",
                f"{{{_PARAMETER}}}timeBase": "media",
                f"{{{_PARAMETER}}}cellResolution": "32 15",
            },
        )
        head = _child(root, "head")
        metadata = _child(head, "metadata")
        document = ET.SubElement(metadata, f"{{{_EBU}}}documentMetadata")
        standard = ET.SubElement(document, f"{{{_EBU}}}conformsToStandard")
        standard.text = "urn:ebu:tt:distribution:2018-04"
        description = ET.SubElement(metadata, f"{{{_METADATA}}}desc")
        description.text = f"subemo {annotation.provenance}"
        styling = _child(head, "styling")
        for name, values in _STYLES.items():
            _style(styling, name, values)
        if colours is not None:
            for emotion, colour in colours.colours.items():
                _style(styling, f"emotion-{emotion.value}", {"color": colour})
        layout = _child(head, "layout")
        for name, align in (("bottom", "after"), ("top", "before")):
            region = _child(layout, "region")
            region.set(f"{{{_XML}}}id", name)
            region.set(f"{{{_STYLING}}}origin", "10% 10%")
            region.set(f"{{{_STYLING}}}extent", "80% 80%")
            region.set(f"{{{_STYLING}}}displayAlign", align)
        division = _child(_child(root, "body"), "div")
        division.set("style", "base")
        own = list(annotation.sound_cues)
        for cue in annotation.written:
            while own and own[0].end_ms <= cue.start_ms:
                _sound(division, own.pop(0))
            _paragraph(division, cue, colours)
        for sound in own:
            _sound(division, sound)
        text: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
        return text + b"\n"

    def blocks(self, annotation: AnnotatedFilm, *, colours: Palette | None = None) -> list[bytes]:
        """See `subemo.formats.base.BlockWriter.blocks`."""
        head, *paragraphs = self.write(annotation, colours=colours).split(b"<tt:p ")
        if not paragraphs:
            return [head]
        last, end, tail = paragraphs[-1].partition(b"</tt:p>")
        paragraphs[-1] = last + end
        return [head, *(b"<tt:p " + paragraph for paragraph in paragraphs), tail]

    def cues_in(self, data: bytes) -> Iterable[PlainCue]:
        """See `subemo.formats.base.CaptionWriter.cues_in`; by expat, which shares no code with `write`."""
        cues: list[tuple[int, int, list[str]]] = []
        parser = expat.ParserCreate(namespace_separator=" ")

        def start(name: str, attributes: dict[str, str]) -> None:
            if name.endswith(" p"):
                begin, end = attributes["begin"], attributes["end"]
                cues.append((_milliseconds(begin), _milliseconds(end), []))
            elif name.endswith(" br"):
                characters("\n")

        def characters(text: str) -> None:
            if cues:
                cues[-1][2].append(text)

        parser.StartElementHandler = start
        parser.CharacterDataHandler = characters
        parser.Parse(data, True)
        return ((start_ms, end_ms, "".join(parts)) for start_ms, end_ms, parts in cues)


def _child(parent: ET.Element, name: str) -> ET.Element:
    return ET.SubElement(parent, f"{{{_TT}}}{name}")


def _style(parent: ET.Element, name: str, values: dict[str, str]) -> None:
    style = _child(parent, "style")
    style.set(f"{{{_XML}}}id", name)
    for key, value in values.items():
        style.set(f"{{{_STYLING}}}{key}", value)


def _paragraph(parent: ET.Element, cue: AnnotatedCue, colours: Palette | None) -> None:
    paragraph = _child(parent, "p")
    paragraph.set(f"{{{_XML}}}id", f"cue{cue.index + 1}")
    paragraph.set("region", "top" if cue.styled_text.is_top else "bottom")
    paragraph.set("begin", clock(cue.start_ms))
    paragraph.set("end", clock(cue.shown_end_ms))
    decision = cue.decision
    lines = [line for line in cue.styled_text.lines() if any(run.text.strip() for run in line)]
    of_words = ""
    colours = colours_in(cue, colours)
    if decision.tag is not None:
        mood = decision.tag if isinstance(decision.tag, Emotion) else Emotion.NEUTRAL
        coloured = "" if colours is None else f" emotion-{mood.value}"
        style = f"text{coloured}"
        if colours is not None and colours.of_words:
            of_words = coloured + (" bold" if decision.is_intense else "")
        if decision.is_above or not lines:
            _span(paragraph, decision.text, style)
            if lines:
                _child(paragraph, "br")
        else:
            first = "".join(run.text for run in lines[0])
            before, lines[0] = _parted(lines[0], before_words(first))
            _runs(paragraph, before)
            _span(paragraph, decision.text, style)
            _span(paragraph, " ", "text")
    for at, line in enumerate(lines):
        if at:
            _child(paragraph, "br")
        _runs(paragraph, line, of_words)


def _sound(parent: ET.Element, cue: SoundCue) -> None:
    """A cue of subemo's own, recognised by its identifier."""
    paragraph = _child(parent, "p")
    paragraph.set(f"{{{_XML}}}id", f"subemo-sound-{cue.start_ms}")
    paragraph.set("region", "bottom")
    paragraph.set("begin", clock(cue.start_ms))
    paragraph.set("end", clock(cue.end_ms))
    _span(paragraph, cue.text, "text")


def _parted(
    line: tuple[StyledRun, ...], at: int
) -> tuple[tuple[StyledRun, ...], tuple[StyledRun, ...]]:
    """Splits a line's runs at a character."""
    before, behind = [], []
    for run in line:
        head, tail = run.text[: max(0, at)], run.text[max(0, at) :]
        before += [replace(run, text=head)] if head else []
        behind += [replace(run, text=tail)] if tail else []
        at -= len(run.text)
    return tuple(before), tuple(behind)


def _runs(parent: ET.Element, runs: tuple[StyledRun, ...], of_words: str = "") -> None:
    for run in runs:
        styles = [name for name in ("italic", "bold", "underline") if getattr(run, name)]
        _span(parent, run.text, " ".join(["text", *styles]) + of_words)


def _span(parent: ET.Element, text: str, style: str) -> None:
    span = _child(parent, "span")
    span.set("style", style)
    span.text = _NO_XML.sub("\ufffd", text.replace("\r", " "))


def _milliseconds(text: str) -> int:
    hours, minutes, seconds = text.split(":")
    whole, _, thousandths = seconds.partition(".")
    return ((int(hours) * 60 + int(minutes)) * 60 + int(whole)) * 1000 + int(thousandths)


FORMAT = Ttml()
