"""Cues of subemo's own, proven before they are written: they are there, and nothing else is different.

The captions that they are put into are proven already, tags and all. Three
things are asked of the bytes with the cues in them; where one is not so, the
cues stay out, and the captions are what they would be without any:

* *The inverse.* Taking them out gives the bytes back into which they were put, and `strip`
  gives what it gives of those.
* *The readers here* find the same cues as before, with the same times and text, and these.
* *Players* (`subemo.formats.readback`) see the same cues as before, and these.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..core.errors import SubtitleError
from ..subtitles.document import Cue, Document, Untagged
from ..subtitles.markup import StyledText
from ..tagging.sound_cues import SoundCue
from .added import added_cues, record_of, spliced_cues, without_recorded
from .base import CaptionReader, RecordedReader
from .finished import Captions
from .inverse import encodings_of
from .readback import LATEST_CS, Seen, Views, read_back
from .record import Record
from .registry import READERS_BY_NAME
from .untagging import untag_marked, untag_recorded

#: Of more cues than this none is tried by itself where all of them together are refused.
_MOST_ALONE = 8


def with_sound_cues(captions: Captions) -> Captions:
    """The captions with the film's sounds between cues in them, as far as those do no harm.

    Formats that cannot be read hold them as they were written.

    Args:
        captions: proven but for them
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
    """The captions with *cues* in them; None where that is not as it should be."""
    reader = READERS_BY_NAME[captions.form]
    try:
        before = _document(captions, reader)
        spliced = spliced_cues(before, reader, cues)
        # Read as what it was: the cues must not make it a file of another encoding.
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
    """The captions without the cues, read."""
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
    """Whether taking the cues out gives the captions back, and `strip` what it gives of those."""
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
    """Whether the readers here find what was there, in its order, and the cues that are new."""

    def told(cue: Cue) -> tuple[object, ...]:
        return cue.start_ms, cue.end_ms, cue.text, cue.speaker, cue.voice_end_ms

    waiting = list(cues)
    rest = [told(cue) for cue in before.cues]
    for cue in after.cues:
        if rest and told(cue) == rest[0]:
            rest.pop(0)
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
    """A tag as every format has it: Advanced SubStation has other signs for braces."""
    return StyledText.of(text).plain.strip()


def _is_read_alike(before: Document, after: Document, cues: Sequence[SoundCue], form: str) -> bool:
    """Whether players see what they saw, and the cues that are new."""
    old, new = (read_back(_text(one), form, thorough=True) for one in (before, after))
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
    """Whether *new* is *old* with each of *cues* in it."""
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
    start, end = (min(ms // 10, LATEST_CS) for ms in (cue.start_ms, cue.end_ms))
    is_then = abs(seen.start_cs - start) <= 10 and abs(seen.end_cs - end) <= 10
    return is_then and seen.plain.text.strip() == _shown(cue.text)


def _text(document: Document) -> str:
    encoding = document.encoding
    body = document.data[len(encoding.bom) :]
    return encoding.decode(body[: encoding.whole(len(body))])
