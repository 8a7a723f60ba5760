"""Checks inserted sound cues before they are written: they are there, and nothing else changed.

The captions without them are checked already, tags included. The bytes with the
cues are checked in three ways. If a check fails, the cues are left out:

* *The inverse.* Removing the cues restores the captions' bytes, and `strip` gives the same
  result as without them.
* *subemo's readers* find the same cues as before, with the same times and text, and the new ones.
* *Players* (`subemo.proof.readback`) see the same cues as before, and the new ones.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import TypeVar

from ..captions.sound_cues import added_cues, recorded_cue_edits, sound_cue_edits
from ..captions.writing import Captions
from ..core.errors import SubtitleError
from ..formats.base import CaptionReader, RecordedReader
from ..formats.registry import READERS_BY_NAME
from ..subtitles.document import Cue, Document
from ..subtitles.markup import StyledText
from ..tagging.sounds import SoundCue
from .readback import Seen, read_back
from .round_trip import encodings_of, stripped

T = TypeVar("T")

#: If all cues together fail, each is tried alone, unless there are more than this.
_MOST_ALONE = 8


def with_sound_cues(captions: Captions) -> Captions:
    """Inserts the film's sounds between cues, as far as they pass the checks.

    Formats that subemo only writes contain them already.

    Args:
        captions: checked captions without them
    """
    if not captions.annotation.sound_cues or captions.form not in READERS_BY_NAME:
        return captions
    captions = _writable(captions)
    wanted = captions.annotation.sound_cues
    if not wanted:
        return captions
    made = _proven(captions, wanted)
    if made is None and 1 < len(wanted) <= _MOST_ALONE:
        wanted = tuple(cue for cue in wanted if _proven(captions, (cue,)) is not None)
        made = _proven(captions, wanted) if wanted else None
    if made is not None and wanted == captions.annotation.sound_cues:
        return made
    made = made or captions
    kept = made.annotation.sound_cues if made is not captions else ()
    left = len(captions.annotation.sound_cues) - len(kept)
    warning = (
        f"{left} of {left + len(kept)} sounds between cues are left out: in this file they could "
        "not be put in and taken out again without changing what players show"
    )
    annotation = replace(
        captions.annotation,
        sound_cues=kept,
        warnings=(*captions.annotation.warnings, warning),
    )
    return replace(made, annotation=annotation)


def _writable(captions: Captions) -> Captions:
    """The captions with only those cues that their encoding can represent."""
    encoding = _document(captions, READERS_BY_NAME[captions.form]).encoding

    def is_writable(cue: SoundCue) -> bool:
        try:
            encoding.encode(cue.text)
        except UnicodeEncodeError:
            return False
        return True

    annotation = captions.annotation
    kept = tuple(filter(is_writable, annotation.sound_cues))
    if kept == annotation.sound_cues:
        return captions
    left = sorted({cue.text for cue in annotation.sound_cues if cue not in kept})
    warning = (
        f"{len(annotation.sound_cues) - len(kept)} of {len(annotation.sound_cues)} sounds between cues "
        f"are left out: {', '.join(left)} cannot be written in {encoding.name} (convert the subtitles "
        "to UTF-8 first)"
    )
    annotation = replace(annotation, sound_cues=kept, warnings=(*annotation.warnings, warning))
    return replace(captions, annotation=annotation)


def _proven(captions: Captions, cues: Sequence[SoundCue]) -> Captions | None:
    """The captions with *cues*, or None if a check fails."""
    reader = READERS_BY_NAME[captions.form]
    try:
        before = _document(captions, reader)
        edits = sound_cue_edits(before, reader, cues)
        data = before.edited(edits)
        # In the same encoding: the cues must not change which one is detected.
        named = None if before.encoding.bom else before.encoding.name
        after = reader.read(data, encoding=named)
        record = captions.record
        if record is not None:
            added = tuple(added_cues(after, [edit.text for edit in edits]))
            record = replace(record, sha256=sha256(data).hexdigest(), added=added)
        made = replace(captions, data=data, record=record, document=None)
        if not (
            _is_undone(captions, made, after, len(cues))
            and _has_same_cues(before, after, cues, reader)
            and _is_read_alike(before, after, cues, captions.form)
        ):
            return None
    except (SubtitleError, UnicodeError, LookupError, StopIteration):
        return None
    annotation = replace(captions.annotation, sound_cues=tuple(cues))
    return replace(made, annotation=annotation, document=captions.document and after)


def _document(captions: Captions, reader: CaptionReader) -> Document:
    """The parsed captions without the cues."""
    if captions.document is not None:
        return captions.document
    source = captions.source
    named = None if source is None or source.encoding.bom else source.encoding.name
    return reader.read(captions.data, encoding=named)


def _is_undone(captions: Captions, made: Captions, after: Document, count: int) -> bool:
    """Whether removing the cues restores the captions, and `strip` gives the same for both."""
    reader, words = READERS_BY_NAME[captions.form], captions.annotation.vocabulary
    if made.record is not None:
        assert isinstance(reader, RecordedReader)
        edits = recorded_cue_edits(after, made.record, reader, words)
        if after.edited(edits) != captions.data:
            return False
    for encoding in encodings_of(captions):
        bare = reader.without_sound_cues(made.data, encoding=encoding, words=words)
        if made.record is None and bare != (captions.data, count):
            continue
        plain, found = (stripped(one, encoding) for one in (replace(captions, document=None), made))
        if (found.data, found.removed) == (plain.data, plain.removed + count):
            return True
    return False


def _has_same_cues(
    before: Document, after: Document, cues: Sequence[SoundCue], reader: CaptionReader
) -> bool:
    """Whether subemo's readers find the old cues in their order, and the new ones."""

    def is_that(one: SoundCue, cue: Cue) -> bool:
        near = abs(cue.start_ms - one.start_ms) < 100 and abs(cue.end_ms - one.end_ms) < 100
        return near and reader.parse(cue.text).plain.strip() == _shown(one.text)

    # They have other positions now.
    old, new = ([replace(c, index=0, line=0) for c in one.cues] for one in (before, after))
    unread = [one.text for one in before.unread] == [one.text for one in after.unread]
    return unread and _is_with(old, new, cues, is_that)


def _shown(text: str) -> str:
    """A tag as plain text, as in every format; Advanced SubStation replaces braces."""
    return StyledText.of(text).plain.strip()


def _is_read_alike(before: Document, after: Document, cues: Sequence[SoundCue], form: str) -> bool:
    """Whether players see the old cues, and the new ones."""

    def is_seen(cue: SoundCue, seen: Seen) -> bool:
        times = (cue.start_ms, seen.start_cs), (cue.end_ms, seen.end_cs)
        is_then = all(abs(cs - ms // 10) <= 10 for ms, cs in times)
        return is_then and seen.plain.text.strip() == _shown(cue.text)

    old, new = (
        read_back(one.text, form, encoding=one.encoding, thorough=True) for one in (before, after)
    )
    views = [pair for pair in zip(old, new, strict=True) if pair != (None, None)]
    return bool(views) and all(
        seen is not None and again is not None and _is_with(seen, again, cues, is_seen)
        for seen, again in views
    )


def _is_with(
    old: Sequence[T],
    new: Sequence[T],
    cues: Sequence[SoundCue],
    is_that: Callable[[SoundCue, T], bool],
) -> bool:
    """Whether *new* is *old* and each of *cues*."""
    waiting, at = list(cues), 0
    for one in new:
        if at < len(old) and one == old[at]:
            at += 1
            continue
        found = next((cue for cue in waiting if is_that(cue, one)), None)
        if found is None:
            return False
        waiting.remove(found)
    return at == len(old) and not waiting
