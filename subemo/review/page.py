"""A self-contained HTML page to watch a film, correct its captions and export them."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from hashlib import sha256
from os import fsencode
from os.path import relpath
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ..core.cache import file_digest
from ..core.emotions import EMOTIONS, Emotion
from ..core.errors import OutputError
from ..formats.proof import prove
from ..formats.registry import BLOCK_FORMATS
from ..tagging.annotation import AnnotatedCue, AnnotatedFilm
from ..tagging.colours import OKABE_ITO, Palette
from ..tagging.vocabulary import Vocabulary
from .assets import whole_page
from .judged import set_by_hand
from .judged_file import key_content
from .judgements import keys_of
from .templates import Placeholder, Template, shrunk, template
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
            {**cue_view(cue, limits), "tags": _tags(cue, variants)} for cue in annotation.cues
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
