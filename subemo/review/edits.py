"""Applies a reviewer's changes of text and times to a subtitle file, and changes nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ..core.errors import SubtitleError
from ..formats.base import CaptionReader
from ..formats.registry import READERS_BY_NAME
from ..sources.lookup import SubtitleTrack
from ..subtitles.document import Cue, Document, Edit, Line, lines
from .judgements import Judgement


def edited_cues(cues: Sequence[Cue], judgements: Mapping[int, Judgement]) -> list[Cue]:
    """The cues with a reviewer's changes."""
    return [_edited(cue, judgements[cue.index]) if cue.index in judgements else cue for cue in cues]


def edited_track(track: SubtitleTrack, judgements: Mapping[int, Judgement]) -> SubtitleTrack:
    """Applies a reviewer's changes of texts and times to subtitles.

    The file is parsed again, and must contain the requested changes and be
    otherwise unchanged.

    Args:
        track: the subtitles
        judgements: judgements by the cue's index

    Raises:
        SubtitleError: if a cue of this file cannot be changed as requested
    """
    changed = {index: one for index, one in judgements.items() if one.is_edited}
    document = track.document
    if not changed:
        return track
    reader = READERS_BY_NAME[document.form]
    text = list(lines(document.data, document.encoding))
    edits = [edit for index in changed for edit in _edits(document, index, changed, text, reader)]
    try:
        data = document.edited(edits)
    except UnicodeEncodeError as error:
        raise SubtitleError(
            f"{error.object[error.start : error.end]!r} cannot be encoded in {document.encoding.name}",
            remedy="Convert the subtitles to UTF-8 first.",
        ) from error
    named = None if document.encoding.bom else document.encoding.name
    made = reader.read(data, encoding=named)
    wanted = edited_cues(document.cues, changed)
    if [_seen(cue, reader) for cue in made.cues] != [_seen(cue, reader) for cue in wanted]:
        raise SubtitleError("this change of the cue is not possible in this file", path=track.path)
    made = replace(made, encoding=document.encoding, problems=document.problems)
    return replace(track, document=made)


def _edited(cue: Cue, judgement: Judgement) -> Cue:
    return replace(
        cue,
        text=cue.text if judgement.text is None else judgement.text,
        start_ms=cue.start_ms if judgement.start_ms is None else judgement.start_ms,
        end_ms=cue.end_ms if judgement.end_ms is None else judgement.end_ms,
    )


def _seen(cue: Cue, reader: CaptionReader) -> tuple[int, int, str]:
    return reader.rounded_ms(cue.start_ms), reader.rounded_ms(cue.end_ms), cue.text


def _edits(
    document: Document,
    index: int,
    changed: Mapping[int, Judgement],
    text: Sequence[Line],
    reader: CaptionReader,
) -> list[Edit]:
    cue, judgement = document.cues[index], changed[index]
    line = next(line for line in text if line.number == cue.line)
    edits = []
    if judgement.text is not None and judgement.text != cue.text:
        edits.append(_text_edit(document, cue, judgement.text, line))
    # Not if the position in the line is ambiguous.
    at = 0
    format_time = reader.splicing(document).format_time
    for old, new in ((cue.start_ms, judgement.start_ms), (cue.end_ms, judgement.end_ms)):
        written = format_time(old)
        at = line.text.find(written, at)
        if new is not None and new != old:
            if at < 0:
                raise SubtitleError("the times of this cue are written in an unsupported way")
            start = line.byte_at(at, document.encoding)
            size = len(document.encoding.encode(written))
            edits.append(Edit(start, start + size, format_time(new)))
        at = max(at, 0) + len(written)
    return edits


def _text_edit(document: Document, cue: Cue, new: str, line: Line) -> Edit:
    encode = document.encoding.encode
    old = encode(cue.text.replace("\n", document.newline))
    ends = [other.line for other in document.cues if other.line > cue.line]
    until = len(document.data)
    if ends:
        following = min(ends)
        until = next(
            found.start
            for found in lines(document.data, document.encoding)
            if found.number == following
        )
    behind = line.start + line.size
    at = document.data.find(old, behind, until) if old else -1
    if at < 0 and old:  # a format with one line per cue
        at = document.data.rfind(old, line.start, behind)
    if at < 0:
        raise SubtitleError("the text of this cue cannot be changed in this file")
    return Edit(at, at + len(old), new.replace("\n", document.newline))
