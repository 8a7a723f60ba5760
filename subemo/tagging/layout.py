"""Where a tag goes in a cue, so that the cue can still be read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ..core.emotions import Emotion
from ..subtitles.dialogue import before_words
from .limits import ReadingLimits, length, needed_ms
from .presets import Preset, directed
from .vocabulary import Vocabulary


class Remedy(StrEnum):
    """What was done so that a tag fits."""

    NONE = ""
    FREE_LINE = "put on the free line"
    SAME_LINE = "put in front of the words"
    EXTENDED = "shown longer"
    SHORTER = "shorter tag"
    SHORTER_FREE_LINE = "shorter tag, put on the free line"
    SHORTER_SAME_LINE = "shorter tag, put in front of the words"


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


def tagged_lines(lines: Sequence[str], tag: str, *, is_above: bool) -> list[str]:
    """A cue's lines with a tag in them, as a viewer sees them."""
    if not lines:
        return [tag]
    if is_above:
        return [tag, *lines]
    at = before_words(lines[0])
    return [f"{lines[0][:at]}{tag} {lines[0][at:]}", *lines[1:]]


def unhindered(
    lines: Sequence[str], emotion: Emotion, preset: Preset, vocabulary: Vocabulary
) -> Layout:
    """The tag in its own preset, whatever becomes of the reading speed."""
    tag = directed(preset.full(emotion, vocabulary), " ".join(lines), vocabulary)
    return Layout(tag, preset.is_above and not _looks_like_a_number(lines))


def lay_out(
    lines: Sequence[str],
    emotion: Emotion,
    *,
    start_ms: int,
    end_ms: int,
    longest_end_ms: int,
    preset: Preset,
    vocabulary: Vocabulary,
    limits: ReadingLimits,
) -> Layout | None:
    """The first way to write a tag with which the cue can be read, or None if there is none.

    In this order: the preset as it is, a line that is free, a longer stay (where
    *longest_end_ms* allows one), a shorter tag. Lines that were too long
    without the tag do not count against it; a text that is too fast without it
    leaves it no room.

    Args:
        lines: the cue's words, without markup
        emotion: what the tag says
        start_ms: when the cue appears
        end_ms: when it goes
        longest_end_ms: when it could go, at the latest; *end_ms* if that is sacred
        preset: what a tag looks like
        vocabulary: what the emotions are called
        limits: what can be read
    """
    text = " ".join(lines)
    full = directed(preset.full(emotion, vocabulary), text, vocabulary)
    short = directed(preset.short(emotion, vocabulary), text, vocabulary)
    for tag, is_above, remedy in _ways(full, short, preset):
        if is_above and _looks_like_a_number(lines):
            continue
        shown = tagged_lines(lines, tag, is_above=is_above)
        if not _fits(lines, shown, limits, is_above=is_above):
            continue
        needed_end_ms = start_ms + needed_ms(shown, limits)
        if remedy is Remedy.EXTENDED:
            if end_ms < needed_end_ms <= longest_end_ms:
                return Layout(tag, is_above, remedy, needed_end_ms)
        elif needed_end_ms <= end_ms:
            return Layout(tag, is_above, remedy)
    return None


def _looks_like_a_number(lines: Sequence[str]) -> bool:
    """Whether a line is, behind another line, what some readers of SubRip take for the next number."""
    return len(lines) == 1 and lines[0].strip().isdecimal()


def _ways(full: str, short: str, preset: Preset) -> Iterator[tuple[str, bool, Remedy]]:
    other = Remedy.SAME_LINE if preset.is_above else Remedy.FREE_LINE
    short_other = Remedy.SHORTER_SAME_LINE if preset.is_above else Remedy.SHORTER_FREE_LINE
    yield full, preset.is_above, Remedy.NONE
    yield full, not preset.is_above, other
    yield full, preset.is_above, Remedy.EXTENDED
    yield full, not preset.is_above, Remedy.EXTENDED
    if len(short) < len(full):
        yield short, preset.is_above, Remedy.SHORTER
        yield short, not preset.is_above, short_other


def _fits(
    lines: Sequence[str], shown: Sequence[str], limits: ReadingLimits, *, is_above: bool
) -> bool:
    """Whether the tag breaks no limit of space that was not broken without it."""
    if length(shown[0], limits) > limits.chars_per_line:
        return False
    return not is_above or len(shown) <= limits.lines or not lines
