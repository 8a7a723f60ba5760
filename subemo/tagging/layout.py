"""Places tags so that cues stay readable: where in which cue, in one wording for the whole film."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from ..core.emotions import UNMARKED, Emotion
from ..core.sounds import Tag
from ..subtitles.dialogue import before_words
from .limits import SHORTEST_GAP_MS, ReadingLimits, length, needed_ms
from .policy import LastForm
from .presets import Preset, TagForm, directed
from .vocabulary import Vocabulary


class Remedy(StrEnum):
    """What was done to make a tag fit."""

    NONE = ""
    FREE_LINE = "put on the free line"
    SAME_LINE = "put in front of the words"
    EXTENDED = "shown longer"
    SHORTER = "shorter tag"
    LITTLE_ADDED = "put in a cue that is too fast by itself"


@dataclass(frozen=True)
class Layout:
    """A tag as written into a cue.

    Attributes:
        tag: without the separator before the words
        is_above: whether it is on its own line
        remedy: what was done to make it fit
        end_ms: the cue's new end, or None if unchanged
    """

    tag: str
    is_above: bool
    remedy: Remedy = Remedy.NONE
    end_ms: int | None = None


@dataclass(frozen=True)
class ReadingSlot:
    """A cue in which to place a tag.

    Attributes:
        lines: the cue's words, without markup
        start_ms: start time
        end_ms: end time
        longest_end_ms: latest allowed end time; *end_ms* if it must not change
    """

    lines: tuple[str, ...]
    start_ms: int
    end_ms: int
    longest_end_ms: int

    @classmethod
    def of(
        cls,
        text: str,
        times_ms: tuple[int, int],
        next_start_ms: int | None,
        *,
        extend_ms: int,
        longest_ms: int,
    ) -> ReadingSlot:
        """Makes a slot that may be extended up to two frames before the next cue.

        Args:
            text: the cue's words, without markup
            times_ms: start and end
            next_start_ms: start of the next cue by time, or None
            extend_ms: largest extension; 0 if its times must not change
            longest_ms: longest duration of a cue
        """
        start_ms, end_ms = times_ms
        latest_ms = min(end_ms + extend_ms, start_ms + longest_ms)
        if next_start_ms is not None:
            latest_ms = min(latest_ms, next_start_ms - SHORTEST_GAP_MS)
        lines = tuple(line for line in text.split("\n") if line.strip())
        return cls(lines, start_ms, end_ms, max(end_ms, latest_ms))


@dataclass(frozen=True)
class TagStyle:
    """The style of tags, and the reading limits.

    Attributes:
        preset: the preset
        vocabulary: the words of the tags
        limits: the reading limits
        most_added: share that a tag may add to a text already too fast
    """

    preset: Preset
    vocabulary: Vocabulary
    limits: ReadingLimits
    most_added: float = 0.0


def tagged_lines(lines: Sequence[str], tag: str, *, is_above: bool) -> list[str]:
    """A cue's lines with the tag, as displayed."""
    if not lines:
        return [tag]
    if is_above:
        return [tag, *lines]
    at = before_words(lines[0])
    return [f"{lines[0][:at]}{tag} {lines[0][at:]}", *lines[1:]]


def unhindered(lines: Sequence[str], emotion: Emotion, style: TagStyle) -> Layout:
    """The tag in the preset's preferred layout, ignoring reading limits."""
    tag = directed(style.preset.tag(emotion, style.vocabulary), " ".join(lines), style.vocabulary)
    return Layout(tag, style.preset.is_above and not _looks_like_a_number(lines))


def lay_out(slot: ReadingSlot, content: Tag, form: TagForm, style: TagStyle) -> Layout | None:
    """The first readable layout of a tag in one form, or None.

    Tries in order: the preset's position, the other position (own line or before the
    words), and both with a longer duration (if the slot allows it). Lines that are too
    long without the tag do not count against it. A text that is too fast
    without it accepts a tag that adds at most `TagStyle.most_added`.

    Args:
        slot: the cue's words and times
        content: the content of the tag
        form: the wording
        style: the style of tags and the reading limits
    """
    lines, preset, limits = slot.lines, style.preset, style.limits
    tag = directed(preset.tag(content, style.vocabulary, form), " ".join(lines), style.vocabulary)
    ways = []
    for is_above in (preset.is_above, not preset.is_above):
        shown = tagged_lines(lines, tag, is_above=is_above)
        is_number = is_above and _looks_like_a_number(lines)
        if not is_number and _fits(lines, shown, limits, is_above=is_above):
            ways.append((is_above, slot.start_ms + needed_ms(shown, limits)))
    for is_above, needed_end_ms in ways:
        if needed_end_ms <= slot.end_ms:
            return Layout(tag, is_above, _moved(is_above, preset))
    for is_above, needed_end_ms in ways:
        if needed_end_ms <= slot.longest_end_ms:
            return Layout(tag, is_above, Remedy.EXTENDED, needed_end_ms)
    is_too_fast = slot.start_ms + needed_ms(lines, limits) > slot.end_ms
    if is_too_fast:
        for is_above, _ in ways:
            if _added(lines, tag, limits, is_above=is_above) <= style.most_added:
                return Layout(tag, is_above, Remedy.LITTLE_ADDED)
    return None


def _added(lines: Sequence[str], tag: str, limits: ReadingLimits, *, is_above: bool) -> float:
    """The share that a tag adds to a text."""
    shown = tagged_lines(lines, tag, is_above=is_above)
    before, after = (sum(length(line, limits) for line in one) for one in (lines, shown))
    return (after - before) / before if before else math.inf


def _moved(is_above: bool, preset: Preset) -> Remedy:
    if is_above is preset.is_above:
        return Remedy.NONE
    return Remedy.FREE_LINE if is_above else Remedy.SAME_LINE


def _looks_like_a_number(lines: Sequence[str]) -> bool:
    """Whether a line after the first looks like a cue number to some SubRip readers."""
    return len(lines) == 1 and lines[0].strip().isdecimal()


def _fits(
    lines: Sequence[str], shown: Sequence[str], limits: ReadingLimits, *, is_above: bool
) -> bool:
    """Whether the tag breaks no further limit on lines and line length."""
    if length(shown[0], limits) > limits.chars_per_line:
        return False
    return not is_above or len(shown) <= limits.lines or not lines


@dataclass(frozen=True)
class TagRequest:
    """A run's tag to place.

    Attributes:
        emotion: the emotion
        slots: possible cues by place in the film, the best first
    """

    emotion: Emotion
    slots: tuple[tuple[int, ReadingSlot], ...]


@dataclass(frozen=True)
class Placed:
    """A placed tag.

    Attributes:
        place: place of its cue
        layout: its layout there
    """

    place: int
    layout: Layout


def choose_form(requests: Sequence[TagRequest], style: TagStyle, share: float) -> TagForm:
    """The first wording in the preset's order that fits nearly all tags of a film.

    Args:
        requests: all tags of the film
        style: the style of tags
        share: required share of the tags that fit in any wording, 0 to 1
    """
    forms = style.preset.forms
    fits = {
        form: {at for at, request in enumerate(requests) if place_tag(request, form, style)}
        for form in forms
    }
    anywhere = len(set().union(*fits.values()))
    for form in forms:
        if len(fits[form]) >= share * anywhere:
            return form
    return max(forms, key=lambda form: len(fits[form]))


def place_tags(
    requests: Sequence[TagRequest], form: TagForm, style: TagStyle, last: LastForm
) -> list[Placed | None]:
    """Places each tag; None if there is no room for it.

    Args:
        requests: all tags of the film
        form: its wording
        style: the style of tags
        last: what to do with tags that do not fit
    """
    return [
        place_tag(request, form, style) or _shorter(request, form, style, last)
        for request in requests
    ]


def place_tag(request: TagRequest, form: TagForm, style: TagStyle) -> Placed | None:
    """Places a tag in one wording on the first cue with room for it."""
    for place, slot in request.slots:
        layout = lay_out(slot, request.emotion, form, style)
        if layout is not None:
            return Placed(place, layout)
    return None


def has_room(slot: ReadingSlot, style: TagStyle) -> bool:
    """Whether a cue has room for the tag of any emotion in the preset's shortest wording."""
    shortest = style.preset.forms[-1]
    return all(
        lay_out(slot, emotion, shortest, style) is not None
        for emotion in Emotion
        if emotion not in UNMARKED
    )


def lay_out_by_hand(
    slot: ReadingSlot, emotion: Emotion, form: TagForm, style: TagStyle
) -> Layout | None:
    """The layout of a tag set by a reviewer, in the film's or the shortest wording, or None."""
    placed = place_tags([TagRequest(emotion, ((0, slot),))], form, style, LastForm.SHORT)[0]
    return None if placed is None else placed.layout


def _shorter(request: TagRequest, form: TagForm, style: TagStyle, last: LastForm) -> Placed | None:
    """Places a tag in its shortest wording."""
    for other in _last_forms(style.preset.forms[-1], last):
        placed = None if other is form else place_tag(request, other, style)
        if placed is not None:
            remedy = placed.layout.remedy or Remedy.SHORTER
            return replace(placed, layout=replace(placed.layout, remedy=remedy))
    return None


def _last_forms(shortest: TagForm, last: LastForm) -> Iterator[TagForm]:
    if last is not LastForm.NONE:
        yield shortest
    if last is LastForm.EMOJI:
        yield TagForm.EMOJI
