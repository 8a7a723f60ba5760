"""Checks inserted sound cues before they are written: they are there, and nothing else changed.

The captions without them are checked already, tags included. The bytes with the
cues are checked in three ways. If a check fails, the cues are left out:

* *The inverse.* Removing the cues restores the captions' bytes, and `strip` gives the same
  result as without them.
* *subemo's readers* find the same cues as before, with the same times and text, and the new ones.
* *Players* (`subemo.proof.readback`) see the same cues as before, and the new ones.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import replace

from ..captions.record import Record
from ..captions.removal import untag_marked, untag_recorded
from ..captions.sound_cues import added_cues, record_of, spliced_cues, without_recorded
from ..captions.writing import Captions
from ..core.errors import SubtitleError
from ..formats.base import CaptionReader, RecordedReader
from ..formats.registry import READERS_BY_NAME
from ..subtitles.document import Cue, Document, Untagged
from ..subtitles.markup import StyledText
from ..tagging.sounds import SoundCue
from .readback import Seen, Views, read_back
from .round_trip import encodings_of

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
        spliced = spliced_cues(before, reader, cues)
        # In the same encoding: the cues must not change which one is detected.
        after = reader.read(spliced.data, encoding=_name(before))
        record = None
        if captions.record is not None:
            added = added_cues(after, spliced.blocks)
            record = record_of(captions.record, spliced.data, added)
        has_same = (
            _is_undone(captions, reader, spliced.data, record, len(cues), after)
            and _has_same_cues(before, after, cues, reader)
            and _is_read_alike(before, after, cues, captions.form)
        )
    except (SubtitleError, UnicodeError, LookupError, StopIteration):
        return None
    if not has_same:
        return None
    annotation = replace(captions.annotation, sound_cues=tuple(cues))
    return replace(
        captions,
        annotation=annotation,
        data=spliced.data,
        record=record,
        document=None if captions.document is None else after,
    )


def _document(captions: Captions, reader: CaptionReader) -> Document:
    """The parsed captions without the cues."""
    if captions.document is not None:
        return captions.document
    source = captions.source
    if source is None:
        return reader.read(captions.data)
    named = None if source.encoding.bom else source.encoding.name
    return reader.read(captions.data, encoding=named)


def _name(document: Document) -> str | None:
    return None if document.encoding.bom else document.encoding.name


def _is_undone(
    captions: Captions,
    reader: CaptionReader,
    data: bytes,
    record: Record | None,
    count: int,
    after: Document,
) -> bool:
    """Whether removing the cues restores the captions, and `strip` gives the same for both."""
    words = captions.annotation.vocabulary

    def stripped(of: bytes, by: Record | None, encoding: str | None) -> Untagged:
        if by is None:
            return untag_marked(reader, of, encoding=encoding, words=words)
        return untag_recorded(of, by, encoding=encoding, words=words)

    if record is not None:
        if not isinstance(reader, RecordedReader):
            return False
        bare = without_recorded(after, record, reader, words).data
        if bare != captions.data:
            return False
    for encoding in encodings_of(captions):
        if record is None:
            bare, removed = reader.without_sound_cues(data, encoding=encoding, words=words)
            if bare != captions.data or removed != count:
                continue
        plain = stripped(captions.data, captions.record, encoding)
        found = stripped(data, record, encoding)
        if (found.data, found.removed) == (plain.data, plain.removed + count):
            return True
    return False


def _has_same_cues(
    before: Document, after: Document, cues: Sequence[SoundCue], reader: CaptionReader
) -> bool:
    """Whether subemo's readers find the old cues in their order, and the new ones."""

    def shown(cue: Cue) -> tuple[object, ...]:
        return cue.start_ms, cue.end_ms, cue.text, cue.speaker, cue.voice_end_ms

    waiting = list(cues)
    rest = deque(map(shown, before.cues))
    for cue in after.cues:
        if rest and shown(cue) == rest[0]:
            rest.popleft()
            continue
        text = reader.parse(cue.text).plain.strip()
        found = next((one for one in waiting if _is_that(one, cue, text)), None)
        if found is None:
            return False
        waiting.remove(found)
    unread = [one.text for one in before.unread] == [one.text for one in after.unread]
    return not rest and not waiting and unread


def _is_that(one: SoundCue, cue: Cue, text: str) -> bool:
    near = abs(cue.start_ms - one.start_ms) < 100 and abs(cue.end_ms - one.end_ms) < 100
    return near and text == _shown(one.text)


def _shown(text: str) -> str:
    """A tag as plain text, as in every format; Advanced SubStation replaces braces."""
    return StyledText.of(text).plain.strip()


def _is_read_alike(before: Document, after: Document, cues: Sequence[SoundCue], form: str) -> bool:
    """Whether players see the old cues, and the new ones."""
    old, new = (
        read_back(one.text, form, encoding=one.encoding, thorough=True) for one in (before, after)
    )
    return _are_alike(old, new, cues)


def _are_alike(old: Views, new: Views, cues: Sequence[SoundCue]) -> bool:
    pairs = [
        (seen, again)
        for seen, again in zip(old, new, strict=True)
        if seen is not None or again is not None
    ]
    return bool(pairs) and all(
        seen is not None and again is not None and _is_with(seen, again, cues)
        for seen, again in pairs
    )


def _is_with(old: Sequence[Seen], new: Sequence[Seen], cues: Sequence[SoundCue]) -> bool:
    """Whether *new* is *old* and each of *cues*."""
    waiting, at = list(cues), 0
    for seen in new:
        if at < len(old) and seen == old[at]:
            at += 1
            continue
        found = next((cue for cue in waiting if _is_seen(cue, seen)), None)
        if found is None:
            return False
        waiting.remove(found)
    return at == len(old) and not waiting


def _is_seen(cue: SoundCue, seen: Seen) -> bool:
    times = (cue.start_ms, seen.start_cs), (cue.end_ms, seen.end_cs)
    is_then = all(abs(cs - ms // 10) <= 10 for ms, cs in times)
    return is_then and seen.plain.text.strip() == _shown(cue.text)
