"""A self-contained HTML page to watch a film, correct its captions and export them."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from os import fsencode
from os.path import relpath
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ..core.cache import file_digest
from ..core.emotions import EMOTIONS, UNMARKED, Emotion
from ..core.errors import OutputError
from ..formats.base import BlockWriter, CaptionReader
from ..formats.registry import BLOCK_FORMATS, FORMATS, READERS_BY_NAME
from ..proof import prove
from ..subtitles.document import Document
from ..tagging.annotation import AnnotatedCue, AnnotatedFilm
from ..tagging.colours import OKABE_ITO, Palette
from ..tagging.vocabulary import Vocabulary
from .assets import whole_page
from .judged import set_by_hand
from .judged_file import key_content
from .judgements import keys_of
from .views import cue_view, film_view


def review_page(
    annotation: AnnotatedFilm,
    vocabulary: Vocabulary,
    *,
    media: Path,
    output: Path,
    colours: Palette = OKABE_ITO,
) -> bytes:
    """Makes the page as a file.

    Args:
        annotation: the annotated film
        vocabulary: the words of the tags
        media: the film to play, or a copy that browsers can play
        output: the page's path, from which it finds the film
        colours: colours of the tags, and of the words after them if enabled
    """
    annotation = replace(annotation, sound_cues=())  # the page has the cues of the input
    variants = variants_of(annotation, vocabulary)
    exports = {
        form: _packed(template(form, annotation, _harmless(variants, form)))
        for form in BLOCK_FORMATS
        if _keeps_words(annotation, form)
    }
    limits = annotation.policy.limits(annotation.language)
    form = None if annotation.document is None else annotation.document.form
    keys = keys_of([cue.cue for cue in annotation.cues], form)
    data: dict[str, Any] = {
        **film_view(annotation, colours),
        "media": quote(
            fsencode(Path(relpath(media.absolute(), output.absolute().parent)).as_posix())
        ),
        "cues": [
            {**cue_view(cue, limits), "tags": _tags(cue, variants), "unmarked": _unmarked(cue)}
            for cue in annotation.cues
        ],
        "keys": [key_content(key) for key in keys],
        "exports": list(exports),
    }
    if annotation.video.is_file():
        data["sha256"] = file_digest(annotation.video)
    # Identifies unsaved work in a browser: only of this film and these decisions.
    data["id"] = sha256(json.dumps([data, exports], sort_keys=True).encode()).hexdigest()[:16]
    title = f"Review of {annotation.video.name}"
    # Each in a place of its own, since the page reads the cues as it opens, and a file when that is exported.
    pieces = {"data": data, **{f"as-{form}": export for form, export in exports.items()}}
    written = {name: json.dumps(piece, separators=(",", ":")) for name, piece in pieces.items()}
    return whole_page(title, written)


def _keeps_words(annotation: AnnotatedFilm, form: str) -> bool:
    """Whether a file of that format would keep all words, so that a page may write it."""
    document = annotation.document
    if document is not None and document.form == form:
        return True  # it is spliced from the input's bytes
    try:
        prove(annotation, form)
    except OutputError:
        return False
    return True


def _harmless(
    variants: Mapping[Emotion, AnnotatedFilm], form: str
) -> Mapping[Emotion, AnnotatedFilm]:
    """Removes tags from the variants that would fail the checks in the film's file, see `prove`.

    Only a tag's position matters, so one of several variants with tags
    in the same positions is checked.
    """
    if any(
        variant.document is None or variant.document.form != form for variant in variants.values()
    ):
        return variants  # a new file of well-formed cues
    proven: dict[tuple[bool, ...], AnnotatedFilm] = {}
    harmless = {}
    for emotion, variant in variants.items():
        places = tuple(cue.decision.is_above for cue in variant.cues)
        if places not in proven:
            proven[places] = prove(variant, form).annotation
        harmless[emotion] = replace(
            variant,
            cues=tuple(
                cue if kept.decision.tag is not None else kept
                for cue, kept in zip(variant.cues, proven[places].cues, strict=True)
            ),
        )
    return harmless


def variants_of(
    annotation: AnnotatedFilm, vocabulary: Vocabulary
) -> Mapping[Emotion, AnnotatedFilm]:
    """The film with one emotion's tag on every cue, as a reviewer might set it."""
    form = annotation.form_of_tags
    return {
        emotion: replace(
            annotation,
            cues=tuple(
                replace(
                    cue, decision=set_by_hand(cue, emotion, annotation.policy, vocabulary, form)
                )
                for cue in annotation.cues
            ),
        )
        for emotion in EMOTIONS
    }


def _tags(cue: AnnotatedCue, variants: Mapping[Emotion, AnnotatedFilm]) -> dict[str, Any]:
    """Each emotion's tag and the cue's own, and whether it stands above the words."""
    tags = {}
    for emotion, variant in variants.items():
        shown = variant.cues[cue.index].decision
        if cue.decision.tag is emotion:
            shown = cue.decision
        tags[emotion.value] = [shown.text, int(shown.is_above)]
    own = cue.decision
    if own.tag is not None and own.tag.value not in tags:  # a sound, shout or whisper
        tags[own.tag.value] = [own.text, int(own.is_above)]
    return tags


def _unmarked(cue: AnnotatedCue) -> dict[str, str]:
    """The tag that the cue keeps, by what is heard in it, where that is no emotion to show."""
    own = cue.decision.tag
    is_of_mood = own is None or own.value in set(Emotion)
    return {
        heard: own.value if own is not None and (not is_of_mood or own.value == heard) else ""
        for heard in ("", *(emotion.value for emotion in EMOTIONS if emotion in UNMARKED))
    }


def _packed(made: Template) -> dict[str, Any]:
    """A template for the page: bytes in base64, each distinct one once."""
    table: dict[bytes, int] = {}

    def number(data: bytes) -> int:
        return table.setdefault(data, len(table))

    parts: list[Any] = []
    for part in _smaller(made):
        if isinstance(part, bytes):
            parts.append(number(part))
        else:
            values = {name: number(value) for name, value in part.values.items()}
            parts.append([part.cue, values])
    return {
        "table": [base64.b64encode(data).decode() for data in table],
        "parts": parts,
        "counted": made.is_counted,
    }


def _smaller(made: Template) -> Iterator[bytes | Placeholder]:
    """The template with only the differing parts in its placeholders."""
    fixed = b""
    for part in made.parts:
        if isinstance(part, bytes):
            fixed += part
        elif made.is_counted:
            yield part
        else:
            head, tail = shrunk(list(part.values.values()))
            fixed += head
            if fixed:
                yield fixed
            yield Placeholder(
                part.cue,
                {n: v[len(head) : len(v) - len(tail)] for n, v in part.values.items()},
            )
            fixed = tail
    if fixed:
        yield fixed


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
        return _spliced(annotation, variants, document, reader, note)
    writer = FORMATS[form]
    assert isinstance(writer, BlockWriter)
    return _anew(writer, annotation, variants)


def _spliced(
    annotation: AnnotatedFilm,
    variants: Mapping[Emotion, AnnotatedFilm],
    document: Document,
    reader: CaptionReader,
    note: str,
) -> Template:
    """A template from the input file's bytes, with placeholders at edits."""
    placeholders: dict[tuple[int, int, int], dict[str, bytes]] = {}

    def add(made: AnnotatedFilm, names: Mapping[int, str]) -> None:
        for cue, edit in reader.tag_edits(made, document):
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
