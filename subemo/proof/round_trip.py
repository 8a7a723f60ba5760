"""Checks that tags can be removed: `untag` must restore the original of the captions."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from itertools import accumulate
from typing import TYPE_CHECKING

from ..captions.record import Record, RecordedTag, cue_digests
from ..captions.removal import untag_marked, untag_recorded
from ..captions.writing import Captions
from ..core.errors import SubtitleError
from ..formats.base import CaptionReader
from ..formats.registry import READERS_BY_NAME
from ..subtitles.document import Document, Untagged
from ..tagging.decisions import Reason

if TYPE_CHECKING:
    from ..tagging.annotation import AnnotatedCue, AnnotatedFilm


def recorded(captions: Captions) -> Captions:
    """Adds the record of inserted tags to captions of a format that has one."""
    annotation, data, form = captions.annotation, captions.data, captions.form
    spliced, reader = captions.source, READERS_BY_NAME[form]
    # Only what cannot be read from the file.
    encoding = (
        spliced.encoding.name if spliced and _hides_its_encoding(reader, spliced, data) else None
    )
    try:
        made = reader.read(data, encoding=encoding)
    except SubtitleError:  # the file has no cues
        return replace(captions, record=Record(sha256(data).hexdigest(), (), encoding))
    places = _places(annotation, len(made.cues), is_new=spliced is None)
    digests = cue_digests(made)
    changes = []
    for cue in annotation.tagged:
        tag, place = reader.tag(cue, spliced), places.get(cue.index, len(digests))
        # The check reports one that is missing.
        if tag is not None and place < len(digests):
            changes.append(RecordedTag(digests[place], tag.text + tag.separator, tag.old_end))
    record = Record(sha256(data).hexdigest(), tuple(changes), encoding)
    return replace(captions, record=record, document=made)


def _places(annotation: AnnotatedFilm, count: int, *, is_new: bool) -> dict[int, int]:
    """The position of each cue in a file with so many: a new file has only those with words or a tag."""
    cues = annotation.written if is_new else annotation.cues
    if is_new and len(cues) != count:  # in some formats even of a file's cues
        cues = tuple(c for c in cues if c.styled_text.has_words or c.decision.tag is not None)
    return {cue.index: place for place, cue in enumerate(cues)}


def _hides_its_encoding(reader: CaptionReader, source: Document, data: bytes) -> bool:
    """Whether the tagged file would be detected as another encoding."""
    try:
        return reader.encoding_of(data).name != source.encoding.name
    except SubtitleError:
        return True


def encodings_of(captions: Captions) -> tuple[str | None, ...]:
    """The encodings that `strip` may get: None, or the one given to `annotate`."""
    if captions.source is None:
        return (None,)
    encoding = captions.source.encoding
    return (None,) if encoding.bom or encoding.is_guess else (None, encoding.name)


def stripped(captions: Captions, encoding: str | None) -> Untagged:
    """What `strip` makes of captions.

    Args:
        captions: the captions
        encoding: the encoding that it is given

    Raises:
        SubtitleError: if the file cannot be read
    """
    words = captions.annotation.vocabulary
    if captions.record is None:
        reader = READERS_BY_NAME[captions.form]
        return untag_marked(reader, captions.data, encoding=encoding, words=words)
    return untag_recorded(
        captions.data, captions.record, encoding=encoding, words=words, document=captions.document
    )


def irreversible(captions: Captions) -> dict[int, Reason]:
    """The cues whose tags could not be removed; all, or the one at the first difference."""
    tagged = [cue.index for cue in captions.annotation.tagged]
    if captions.form not in READERS_BY_NAME or not tagged:
        return {}
    bare = captions.bare
    if captions.source is None:  # without a note
        bare = READERS_BY_NAME[captions.form].untag(bare).data
    found = tagged
    for encoding in encodings_of(captions):
        try:
            made = stripped(captions, encoding)
        except SubtitleError:
            found = tagged
            continue
        if made.data == bare and made.removed == len(tagged):
            return {}
        found = [_first_difference(captions, bare, made.data)]
    return dict.fromkeys(found, Reason.NOT_REVERSIBLE)


def _first_difference(captions: Captions, bare: bytes, made: bytes) -> int:
    """The tagged cue at which *made* first differs from *bare*."""
    length = min(len(bare), len(made))
    at = next((i for i in range(length) if bare[i] != made[i]), length)
    source, tagged = captions.source, captions.annotation.tagged
    if source is not None:
        places = {cue.index: _first_byte(source, cue) for cue in tagged}
    else:
        writer = READERS_BY_NAME[captions.form]
        blocks = writer.blocks(captions.bare_film)[1:]
        ends = list(accumulate(len(block) + writer.is_numbered for block in reversed(blocks)))[::-1]
        starts = zip(captions.annotation.written, ends, strict=False)
        places = {c.index: len(bare) - end for c, end in starts if c.decision.tag is not None}
    before = [index for index, place in places.items() if place <= at]
    return max(before, key=places.__getitem__, default=min(places, key=places.__getitem__))


def _first_byte(document: Document, cue: AnnotatedCue) -> int:
    offsets = document.offsets[cue.index]
    decided = cue.decision
    places = [offsets.above if decided.is_above else offsets.inline]
    if decided.end_ms is not None and offsets.end_time is not None:
        places.append(offsets.end_time[0])
    return min(place for place in places if place is not None)
