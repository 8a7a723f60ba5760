"""Applies a reviewer's edits of texts and times to a film's cues and subtitles, and changes nothing else.

An edit was made for a cue as it was then. The subtitles may have another version since, so whether an
edit holds is decided here, on what would be written: one that does not is left out, and told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from ..core.errors import SubtitleError
from ..formats.base import CaptionReader
from ..formats.registry import READERS_BY_NAME, styled_text
from ..sources.lookup import SubtitleTrack
from ..subtitles.document import Cue, Document, Edit, Line, lines
from .judgements import Judgement, have_same_letters

#: A cue whose times were edited stays at least so long, or as long as it did if that was
#: shorter, so that it ends after it starts in formats that round times, too; in milliseconds.
_SHORTEST_MS = 100

#: A time in hours, minutes, seconds and their fraction.
_TIME = re.compile(r"(?:(\d+):)?(\d+):(\d+)[.,](\d{1,3})(?!\d)")

#: An edit of the text, or of the times, of a cue, by its index.
_Part = tuple[int, Judgement]


@dataclass(frozen=True)
class Edited:
    """A film's cues and subtitles with a reviewer's edits.

    Attributes:
        cues: the cues
        track: the subtitles, or None
        applied: the edits that hold, by the index of the cue
        refused: why an edit was left out, a sentence for each, by the index of the cue
    """

    cues: tuple[Cue, ...]
    track: SubtitleTrack | None
    applied: Mapping[int, Judgement] = field(default_factory=dict)
    refused: Mapping[int, tuple[str, ...]] = field(default_factory=dict)

    @property
    def warnings(self) -> tuple[str, ...]:
        """Why edits were left out, in the order of the cues."""
        return tuple(why for index in sorted(self.refused) for why in self.refused[index])


def edited(
    cues: Sequence[Cue], track: SubtitleTrack | None, judgements: Mapping[int, Judgement]
) -> Edited:
    """Applies the edits that can hold: each cue ends after it starts, and none passes another.

    A text is applied to the words that it corrects.

    Args:
        cues: the cues of the film
        track: its subtitles, which have these cues, or None
        judgements: judgements by the index of the cue
    """
    form = None if track is None else track.document.form
    parts = list(_parts(cues, judgements))
    refused: dict[_Part, str] = {}
    refused |= {part: why for part in parts if (why := _why_not_alone(cues, part, form))}
    left = [part for part in parts if part not in refused]
    passing = _passing(cues, left)
    refused |= dict.fromkeys(passing, "it would no longer stand between the cues beside it")
    left = [part for part in left if part not in passing]
    if track is not None:
        track, unwritten = _written(track, left)
        refused |= unwritten
        left = [part for part in left if part not in unwritten]
    told: dict[int, tuple[str, ...]] = {}
    for part, why in refused.items():
        told[part[0]] = (*told.get(part[0], ()), _sentence(cues[part[0]], part[1], why))
    applied = _whole(left)
    return Edited(tuple(edited_cues(cues, applied)), track, applied, told)


def edited_cues(cues: Sequence[Cue], judgements: Mapping[int, Judgement]) -> list[Cue]:
    """The cues with a reviewer's edits, whatever comes of them."""
    return [_edited(cue, judgements[cue.index]) if cue.index in judgements else cue for cue in cues]


def _parts(cues: Sequence[Cue], judgements: Mapping[int, Judgement]) -> Iterable[_Part]:
    for index, one in sorted(judgements.items()):
        if index >= len(cues):
            continue
        cue = cues[index]
        if one.text is not None and one.text != cue.text:
            yield index, Judgement(text=one.text, text_for=one.text_for)
        times = Judgement(start_ms=one.start_ms, end_ms=one.end_ms)
        if times.is_edited and _times(cue, times) != (cue.start_ms, cue.end_ms):
            yield index, times


def _whole(parts: Iterable[_Part]) -> dict[int, Judgement]:
    """The parts of each cue as one edit."""
    found: dict[int, Judgement] = {}
    for index, one in parts:
        text = found.get(index)
        found[index] = one if text is None else replace(one, text=text.text)
    return found


def _why_not_alone(cues: Sequence[Cue], part: _Part, form: str | None) -> str:
    """Why an edit does not hold, whatever becomes of the other cues; empty if it does."""
    index, one = part
    cue = cues[index]
    if one.text_for is not None:
        words = styled_text(cue.text, form).plain
        if not have_same_letters(one.text_for, words):
            return f"that is for other words, {one.text_for[:60]!r}"
    start_ms, end_ms = _times(cue, one)
    if end_ms <= start_ms and one.text is None:
        return "it would end before it starts"
    if end_ms - start_ms < min(_SHORTEST_MS, cue.end_ms - cue.start_ms):
        return "it would be too short to be seen"
    return ""


def _passing(cues: Sequence[Cue], parts: Sequence[_Part]) -> set[_Part]:
    """The edits of starts by which a cue would come before another that it came after.

    Of two cues the one that would move further stays where it is.
    """
    moved = {part[0]: part for part in parts if part[1].text is None}

    def place_of(index: int) -> tuple[int, int]:
        cue = cues[index]
        return (_times(cue, moved[index][1])[0] if index in moved else cue.start_ms), index

    order = sorted(range(len(cues)), key=lambda index: cues[index].start_ms)
    passing: set[_Part] = set()
    while moved:
        pairs = pairwise(order)
        found = next((pair for pair in pairs if place_of(pair[0]) > place_of(pair[1])), None)
        if found is None:
            break
        furthest = max(found, key=lambda index: abs(place_of(index)[0] - cues[index].start_ms))
        passing.add(moved.pop(furthest))
    return passing


def _written(
    track: SubtitleTrack, parts: Sequence[_Part]
) -> tuple[SubtitleTrack, dict[_Part, str]]:
    """The subtitles with the edits that can be written in their file, and why others cannot."""
    try:
        return edited_track(track, _whole(parts)), {}
    except SubtitleError as error:
        whole_problem = error.problem
    refused = {}
    for part in parts:
        try:
            edited_track(track, dict([part]))
        except SubtitleError as error:
            refused[part] = error.problem
    left = [part for part in parts if part not in refused]
    try:
        return edited_track(track, _whole(left)), refused
    except SubtitleError:
        return track, {**dict.fromkeys(left, whole_problem), **refused}


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


def _times(cue: Cue, judgement: Judgement) -> tuple[int, int]:
    """Start and end of a cue with an edit, in milliseconds."""
    start_ms, end_ms = judgement.start_ms, judgement.end_ms
    return (
        cue.start_ms if start_ms is None else start_ms,
        cue.end_ms if end_ms is None else end_ms,
    )


def _edited(cue: Cue, judgement: Judgement) -> Cue:
    start_ms, end_ms = _times(cue, judgement)
    turn_ms = cue.voice_end_ms
    return replace(
        cue,
        text=cue.text if judgement.text is None else judgement.text,
        start_ms=start_ms,
        end_ms=end_ms,
        voice_end_ms=turn_ms if turn_ms is not None and start_ms < turn_ms < end_ms else None,
    )


def _sentence(cue: Cue, edit: Judgement, why: str) -> str:
    """What is told of an edit that was left out."""
    about = f"cue {cue.index + 1} at {cue.start_ms / 1000:.3f} s keeps its"
    if edit.text is not None:
        return f"{about} text and not the judged one: {why}"
    start_ms, end_ms = _times(cue, edit)
    return f"{about} times and not the judged {start_ms / 1000:.3f} to {end_ms / 1000:.3f} s: {why}"


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
        span = _time_in(line.text, at, old, format_time(old))
        if new is not None and new != old:
            if span is None:
                raise SubtitleError("the times of this cue are written in an unsupported way")
            start, end = (line.byte_at(place, document.encoding) for place in span)
            edits.append(Edit(start, end, format_time(new)))
        at = at if span is None else span[1]
    return edits


def _time_in(line: str, at: int, ms: int, written: str) -> tuple[int, int] | None:
    """Where a line has a time: as the format writes it, or without hours or noughts."""
    if (found := line.find(written, at)) >= 0:
        return found, found + len(written)
    for match in _TIME.finditer(line, at):
        hours, minutes, seconds, fraction = match.groups(default="0")
        whole = (int(hours) * 60 + int(minutes)) * 60 + int(seconds)
        if whole * 1_000 + int(fraction.ljust(3, "0")) == ms:
            return match.span()
    return None


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
