"""Caption files with placeholders for tags, which can be filled without knowing the format.

The review page writes files with a reviewer's decisions. To avoid a second
implementation of each writer in JavaScript, each format's writer makes the file here
with every tag that a cue could have; differing parts become placeholders,
the rest is fixed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ..core.emotions import Emotion
from ..formats.base import BlockWriter
from ..formats.registry import FORMATS, READERS_BY_NAME
from ..formats.splicing import Splicing, tag_edits
from ..subtitles.document import Document
from ..tagging.annotation import AnnotatedFilm

#: The index of a placeholder that depends on no single cue.
ANY = -1


@dataclass(frozen=True)
class Placeholder:
    """A placeholder for a tag.

    Attributes:
        cue: the index of the cue whose tag decides; `ANY` if it depends on whether
            any cue has one
        values: what fills it, by the emotion that is shown, and the cue's own tag where that is
            no emotion; "" for none
    """

    cue: int
    values: Mapping[str, bytes]


@dataclass(frozen=True)
class Template:
    """A file of fixed pieces and placeholders.

    Attributes:
        parts: fixed bytes and placeholders, in order
        is_counted: whether the placeholders are blocks with their own number on
            the first line, separated by blank lines
    """

    parts: tuple[bytes | Placeholder, ...]
    is_counted: bool = False

    def fill(self, tags: Mapping[int, str]) -> bytes:
        """Fills in *tags*, given by the index of the cue; other cues have none."""
        filled = []
        for part in self.parts:
            if isinstance(part, bytes):
                filled.append(part)
            elif part.cue == ANY:
                filled.append(part.values["any" if tags else ""])
            else:
                filled.append(part.values[tags.get(part.cue, "")])
        if self.is_counted:
            blocks = [block for block in filled if block]
            return b"\n".join(b"%d\n%s" % pair for pair in enumerate(blocks, start=1))
        return b"".join(filled)


def template(
    form: str, annotation: AnnotatedFilm, variants: Mapping[Emotion, AnnotatedFilm]
) -> Template:
    """Makes the template of a format.

    Args:
        form: a format that has blocks, see `subemo.formats.registry.BLOCK_FORMATS`
        annotation: the annotated film
        variants: the same film with one emotion's tag on every cue
    """
    reader = READERS_BY_NAME.get(form)
    document = annotation.document
    if reader is not None and document is not None and document.form == form:
        note = reader.note(annotation, document)
        return _spliced(annotation, variants, document, reader.splicing(document), note)
    writer = FORMATS[form]
    assert isinstance(writer, BlockWriter)
    return _anew(writer, annotation, variants)


def _spliced(
    annotation: AnnotatedFilm,
    variants: Mapping[Emotion, AnnotatedFilm],
    document: Document,
    splicing: Splicing,
    note: str,
) -> Template:
    """A template from the input file's bytes, with placeholders at edits."""
    placeholders: dict[tuple[int, int, int], dict[str, bytes]] = {}

    def add(made: AnnotatedFilm, names: Mapping[int, str]) -> None:
        for cue, edit in tag_edits(made, document, splicing):
            values = placeholders.setdefault(
                (edit.start, edit.end, cue), {"": document.data[edit.start : edit.end]}
            )
            if cue in names:
                values[names[cue]] = document.encoding.encode(edit.text)

    tagged = {cue.index: cue.decision.tag.value for cue in annotation.tagged if cue.decision.tag}
    for emotion, variant in variants.items():
        # If this tag was decided on, it is placed as decided.
        others = {cue.index: emotion.value for cue in variant.cues
                  if tagged.get(cue.index) != emotion.value}  # fmt: skip
        add(variant, others)
    add(annotation, tagged)
    parts: list[bytes | Placeholder] = []
    written = 0
    places = sorted(placeholders.items())
    if note and document.head is not None:
        head = {"": b"", "any": document.encoding.encode(note)}
        places = sorted([*places, ((document.head, document.head, ANY), head)])
    names = ["", *(emotion.value for emotion in variants)]
    for (start, end, cue), values in places:
        parts.append(document.data[written:start])
        if cue != ANY:
            # A sound's tag stands at its own cue alone.
            own = [tagged[cue]] if cue in tagged and tagged[cue] in values else []
            values = {name: values.get(name, values[""]) for name in dict.fromkeys([*names, *own])}
        parts.append(Placeholder(cue, values))
        written = end
    parts.append(document.data[written:])
    return Template(tuple(parts))


def _anew(
    writer: BlockWriter,
    annotation: AnnotatedFilm,
    variants: Mapping[Emotion, AnnotatedFilm],
) -> Template:
    """A template of a new file, from each cue's block with every tag and without."""
    bare = replace(
        annotation,
        cues=tuple(
            replace(cue, decision=replace(cue.decision, tag=None, text="", end_ms=None))
            for cue in annotation.cues
        ),
    )
    states = {"": bare, **{emotion.value: variant for emotion, variant in variants.items()}}
    # A variant tags every cue, so it has all possible blocks.
    every = next(iter(variants.values()))
    blocks: dict[str, dict[int, bytes]] = {}
    for name, state in states.items():
        _, *pieces = writer.blocks(state)
        blocks[name] = dict(zip((cue.index for cue in state.written), pieces, strict=False))
    decided = writer.blocks(annotation)[1:]
    for cue, block in zip(annotation.written, decided, strict=False):
        if cue.decision.tag is not None:
            blocks.setdefault(cue.decision.tag.value, {})[cue.index] = block
    head, *rest = writer.blocks(every)
    tail = b"".join(rest[len(every.written) :])
    parts: list[bytes | Placeholder] = [] if writer.is_numbered else [head]
    for cue in every.written:
        values = {
            name: of.get(cue.index, b"")
            for name, of in blocks.items()
            if name in states or cue.index in of
        }
        if writer.is_numbered:
            values = {name: block.partition(b"\n")[2] for name, block in values.items()}
        parts.append(Placeholder(cue.index, values))
    if not writer.is_numbered:
        parts.append(tail)
    return Template(tuple(parts), is_counted=writer.is_numbered)


def shrunk(values: Sequence[bytes]) -> tuple[bytes, bytes]:
    """The common prefix of *values*, and the common suffix of the rest."""
    head = _common_start(values)
    tail = _common_start([value[len(head) :][::-1] for value in values])[::-1]
    return head, tail


def _common_start(values: Sequence[bytes]) -> bytes:
    columns = enumerate(zip(*values, strict=False))
    differs = (place for place, column in columns if len(set(column)) > 1)
    return values[0][: next(differs, min(map(len, values)))]
