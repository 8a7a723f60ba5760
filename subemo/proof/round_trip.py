"""Checks that tags can be removed: `untag` must restore the original of the captions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

from ..captions.record import Record, RecordedTag, cue_digest
from ..captions.removal import untag_marked, untag_recorded
from ..captions.writing import Captions
from ..core.errors import SubtitleError
from ..formats.base import CaptionReader
from ..formats.registry import READERS_BY_NAME, styled_text
from ..formats.splicing import Splicing, written_tag
from ..subtitles.document import Document, Untagged
from ..subtitles.markup import StyledText
from ..tagging.decisions import Reason

if TYPE_CHECKING:
    from ..tagging.annotation import AnnotatedCue, AnnotatedFilm


def recorded(captions: Captions) -> Captions:
    """Adds the record of inserted tags to captions of a format that has one."""
    annotation, data, form = captions.annotation, captions.data, captions.form
    digest = sha256(data).hexdigest()
    spliced, reader = captions.source, READERS_BY_NAME[form]
    # Only what cannot be read from the file.
    encoding = (
        spliced.encoding.name if spliced and _hides_its_encoding(reader, spliced, data) else None
    )
    try:
        made = reader.read(data, encoding=encoding)
    except SubtitleError:  # the file has no cues
        return replace(captions, record=Record(digest, (), encoding))
    splicing = reader.splicing(spliced or made)
    # A spliced file keeps all cues; a new one has only some.
    places = range(len(made.cues)) if spliced else _places_in_new(annotation)
    changes = []
    for cue in annotation.tagged:
        place = places[cue.index] if cue.index < len(places) else len(made.cues)
        if place >= len(made.cues):
            continue  # the check reports it as missing
        written = written_tag(cue, spliced, splicing)
        end_ms = cue.decision.end_ms
        old_end = None if end_ms is None else end_of(cue, spliced, splicing)
        if end_ms is not None and splicing.format_time(end_ms) == old_end:
            old_end = None  # the extension is below the format's resolution
        changes.append(RecordedTag(cue_digest(made, place) or "", written, old_end))
    return replace(captions, record=Record(digest, tuple(changes), encoding), document=made)


def _places_in_new(annotation: AnnotatedFilm) -> Sequence[int]:
    """The position of each cue in a new file of `AnnotatedFilm.written`."""
    written = {cue.index: place for place, cue in enumerate(annotation.written)}
    return [written.get(cue.index, len(written)) for cue in annotation.cues]


def _hides_its_encoding(reader: CaptionReader, source: Document, data: bytes) -> bool:
    """Whether the tagged file would be detected as another encoding."""
    try:
        return reader.encoding_of(data).name != source.encoding.name
    except SubtitleError:
        return True


def end_of(cue: AnnotatedCue, spliced: Document | None, splicing: Splicing) -> str:
    """A cue's end time as written in the spliced file, or in a new one."""
    span = None if spliced is None else spliced.offsets[cue.index].end_time
    if spliced is not None and span is not None:
        return spliced.encoding.decode(spliced.data[slice(*span)])
    return splicing.format_time(cue.cue.end_ms)


def encodings_of(captions: Captions) -> tuple[str | None, ...]:
    """The encodings that `strip` may get: None, or the one given to `annotate`."""
    if captions.source is None:
        return (None,)
    encoding = captions.source.encoding
    return (None,) if encoding.bom or encoding.is_guess else (None, encoding.name)


def irreversible(captions: Captions) -> dict[int, Reason]:
    """The cues whose tags could not be removed."""
    if captions.form not in READERS_BY_NAME or not captions.annotation.tagged:
        return {}
    found: list[int] = []
    for encoding in encodings_of(captions):
        found = list(_irreversible_in(captions, encoding))
        if not found:
            break
    return dict.fromkeys(found, Reason.NOT_REVERSIBLE)


def _irreversible_in(captions: Captions, encoding: str | None) -> Iterable[int]:
    annotation, form = captions.annotation, captions.form
    try:
        if captions.record is None:
            reader = READERS_BY_NAME[form]
            bare = untag_marked(
                reader, captions.data, encoding=encoding, words=annotation.vocabulary
            )
        else:
            bare = untag_recorded(
                captions.data, captions.record,
                encoding=encoding, words=annotation.vocabulary, document=captions.document,
            )  # fmt: skip
    except SubtitleError:
        return [cue.index for cue in annotation.tagged]
    document = captions.source
    if document is None:
        return _differing_cues(captions, bare)
    if bare.data == document.data and bare.removed == len(annotation.tagged):
        return []
    return _first_difference(annotation, document, bare.data)


def _first_difference(annotation: AnnotatedFilm, document: Document, bare: bytes) -> list[int]:
    """The tagged cue at which *bare* first differs from the input."""
    length = min(len(bare), len(document.data))
    at = next((i for i in range(length) if bare[i] != document.data[i]), length)
    places = {cue.index: _first_byte(document, cue) for cue in annotation.tagged}
    before = [index for index, place in places.items() if place <= at]
    return [max(before, key=places.__getitem__, default=min(places, key=places.__getitem__))]


def _first_byte(document: Document, cue: AnnotatedCue) -> int:
    offsets = document.offsets[cue.index]
    decided = cue.decision
    places = [offsets.above if decided.is_above else offsets.inline]
    if decided.end_ms is not None and offsets.end_time is not None:
        places.append(offsets.end_time[0])
    return min(place for place in places if place is not None)


def _differing_cues(captions: Captions, bare: Untagged) -> list[int]:
    """The tagged cues of a new file that differ from the cues without a tag."""
    annotation, form = captions.annotation, captions.form
    tagged = [cue.index for cue in annotation.tagged]
    worded = [cue for cue in annotation.written if cue.styled_text.has_words]
    plain = captions.plain
    if bare.removed == len(tagged) and bare.data == READERS_BY_NAME[form].untag(plain).data:
        return []
    expected = _parsed(plain, form)
    found = [cue for cue in _parsed(bare.data, form) if cue[2].has_words]
    if not len(expected) == len(found) == len(worded):
        return tagged
    differing = [
        cue.index
        for cue, old, new in zip(worded, expected, found, strict=True)
        if old != new and cue.decision.tag is not None
    ]
    return differing if differing or bare.removed == len(tagged) else tagged


def _parsed(data: bytes, form: str) -> list[tuple[int, int, StyledText]]:
    """Times and words of each cue, with styles joined that a tag had divided."""
    try:
        document = READERS_BY_NAME[form].read(data, encoding="utf-8")
    except SubtitleError:
        return []
    parsed = ((cue, styled_text(cue.text, form)) for cue in document.cues)
    return [(cue.start_ms, cue.end_ms, styled.joined()) for cue, styled in parsed]
