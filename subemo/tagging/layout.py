"""Where a tag goes in a cue, so that the cue can still be read."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from ..core.emotions import Emotion
from ..core.sounds import Tag
from ..subtitles.dialogue import before_words
from .limits import SHORTEST_GAP_MS, ReadingLimits, length, needed_ms
from .presets import Preset, TagForm, directed
from .vocabulary import Vocabulary


class Remedy(StrEnum):
    """What was done so that a tag fits."""

    NONE = ""
    FREE_LINE = "put on the free line"
    SAME_LINE = "put in front of the words"
    EXTENDED = "shown longer"
    SHORTER = "shorter tag"
    LITTLE_ADDED = "put in a cue that is too fast by itself"


@dataclass(frozen=True)
class Layout:
    """A tag as it is written into a cue.

    Attributes:
        tag: without what parts it from the words
        is_above: whether it stands on a line of its own
        remedy: what was done so that it fits
        end_ms: the cue's new end, or None where that stays
    """

    tag: str
    is_above: bool
    remedy: Remedy = Remedy.NONE
    end_ms: int | None = None


@dataclass(frozen=True)
class Slot:
    """Where a tag is to stand.

    Attributes:
        lines: the cue's words, without markup
        start_ms: when the cue appears
        end_ms: when it goes
        longest_end_ms: when it could go, at the latest; *end_ms* if that is sacred
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
    ) -> Slot:
        """A cue that could go two frames before the next at the latest.

        Args:
            text: the cue's words, without markup
            times_ms: when it appears and goes
            next_start_ms: when the next by time appears, or None
            extend_ms: by how much it may be lengthened; 0 where its times are sacred
            longest_ms: how long a cue may stay
        """
        start_ms, end_ms = times_ms
        latest_ms = min(end_ms + extend_ms, start_ms + longest_ms)
        if next_start_ms is not None:
            latest_ms = min(latest_ms, next_start_ms - SHORTEST_GAP_MS)
        lines = tuple(line for line in text.split("\n") if line.strip())
        return cls(lines, start_ms, end_ms, max(end_ms, latest_ms))


@dataclass(frozen=True)
class TagStyle:
    """What tags look like, and what can be read.

    Attributes:
        preset: what a tag looks like
        vocabulary: in which language
        limits: what can be read
        most_added: by what share a tag may lengthen a text that is too fast without it
    """

    preset: Preset
    vocabulary: Vocabulary
    limits: ReadingLimits
    most_added: float = 0.0


def tagged_lines(lines: Sequence[str], tag: str, *, is_above: bool) -> list[str]:
    """A cue's lines with a tag in them, as a viewer sees them."""
    if not lines:
        return [tag]
    if is_above:
        return [tag, *lines]
    at = before_words(lines[0])
    return [f"{lines[0][:at]}{tag} {lines[0][at:]}", *lines[1:]]


def unhindered(lines: Sequence[str], emotion: Emotion, style: TagStyle) -> Layout:
    """The tag as its preset likes it best, whatever becomes of the reading speed."""
    tag = directed(style.preset.tag(emotion, style.vocabulary), " ".join(lines), style.vocabulary)
    return Layout(tag, style.preset.is_above and not _looks_like_a_number(lines))


def lay_out(slot: Slot, told: Tag, form: TagForm, style: TagStyle) -> Layout | None:
    """The first way to write a tag in one form with which the cue can be read, or None.

    In this order: where the preset has it, on the other of free line and front,
    and both in a longer stay (where the slot allows one). Lines that were too
    long without the tag do not count against it. A text that is too fast
    without it takes a tag that makes it longer by `TagStyle.most_added` at most.

    Args:
        slot: the cue's words and times
        told: what the tag says
        form: how it is worded
        style: what tags look like, and what can be read
    """
    lines, preset, limits = slot.lines, style.preset, style.limits
    tag = directed(preset.tag(told, style.vocabulary, form), " ".join(lines), style.vocabulary)
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
    """By what share a tag makes a text longer."""
    shown = tagged_lines(lines, tag, is_above=is_above)
    before, after = (sum(length(line, limits) for line in one) for one in (lines, shown))
    return (after - before) / before if before else math.inf


def _moved(is_above: bool, preset: Preset) -> Remedy:
    if is_above is preset.is_above:
        return Remedy.NONE
    return Remedy.FREE_LINE if is_above else Remedy.SAME_LINE


def _looks_like_a_number(lines: Sequence[str]) -> bool:
    """Whether a line is, behind another line, what some readers of SubRip take for the next number."""
    return len(lines) == 1 and lines[0].strip().isdecimal()


def _fits(
    lines: Sequence[str], shown: Sequence[str], limits: ReadingLimits, *, is_above: bool
) -> bool:
    """Whether the tag breaks no limit of space that was not broken without it."""
    if length(shown[0], limits) > limits.chars_per_line:
        return False
    return not is_above or len(shown) <= limits.lines or not lines
