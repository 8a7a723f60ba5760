"""The dialogue lines of Advanced SubStation, with their fields by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..subtitles.document import Document, Line, lines

_DEFAULT_FORMAT = (
    "Layer", "Start", "End", "Style", "Name", "MarginL", "MarginR", "MarginV", "Effect", "Text",
)  # fmt: skip


@dataclass(frozen=True)
class Event:
    """A dialogue line, with the positions of its fields by name."""

    line: Line
    fields: dict[str, tuple[int, int]]

    def text(self, name: str) -> str:
        """The content of a field."""
        first, last = self.fields[name]
        return self.line.text[first:last]

    @property
    def times(self) -> tuple[int, int] | None:
        """Start and end, in milliseconds; None if they cannot be read."""
        from .pysubs2_adapter import parse_time

        start, end = (parse_time(self.text(name)) for name in ("start", "end"))
        return None if start is None or end is None else (start, end)


def events(text: Sequence[Line]) -> Iterator[Event]:
    """The dialogue lines of a script, with the fields named in its format line."""
    names = [name.lower() for name in _DEFAULT_FORMAT]
    inside = False
    for line in text:
        stripped = line.text.strip()
        if stripped.startswith("[") and stripped.endswith("]"):
            inside = stripped.lower() == "[events]"
        elif inside and stripped.lower().startswith("format:"):
            found = [name.strip().lower() for name in stripped[7:].split(",")]
            if found[-1] == "text" and {"start", "end"} <= set(found):
                names = found
        elif inside and stripped.lower().startswith("dialogue:"):
            fields = {}
            at = line.text.index(":") + 1
            for name in names[:-1]:
                comma = line.text.find(",", at)
                if comma < 0:
                    break
                fields[name] = (at, comma)
                at = comma + 1
            else:
                fields["text"] = (at, len(line.text))
            yield Event(line, fields)


def like_most(document: Document, fields: Mapping[str, str]) -> str:
    """A dialogue line in the style that most of a script's have, with other fields.

    Args:
        document: the script; its lines may be damaged
        fields: what stands in some fields, by their names; one that the script does not have is
            left out
    """
    found = [
        event
        for event in events(list(lines(document.data, document.encoding)))
        if "text" in event.fields
    ]
    if not found:
        return f"Dialogue: 0,{fields['start']},{fields['end']},Default,,0,0,0,,{fields['text']}"
    sound = [event for event in found if event.times is not None] or found

    def style(event: Event) -> str:
        return event.text("style") if "style" in event.fields else ""

    (usual, _), *_ = Counter(map(style, sound)).most_common(1)
    model = next(event for event in sound if style(event) == usual)
    text = model.line.text
    for name, (first, last) in sorted(model.fields.items(), key=lambda one: -one[1][0]):
        if name in fields:
            text = text[:first] + fields[name] + text[last:]
    return text
