"""Compares what a player sees before and after tagging."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .readback import Seen

if TYPE_CHECKING:
    from ..tagging.annotation import AnnotatedCue


@dataclass(frozen=True)
class WantedTag:
    """A tag that a player should see.

    Attributes:
        start_cs: start of its cue, in hundredths of a second, rounded down
        texts: its possible forms
        is_longer: whether its cue was extended
    """

    start_cs: int
    texts: tuple[str, ...]
    is_longer: bool

    def is_near(self, start_cs: int) -> bool:
        """Whether a player's rounded time matches the cue."""
        return 0 <= start_cs - self.start_cs <= 1

    def explains(self, old: Seen, new: Seen) -> bool:
        """Whether *new* is *old* with this tag in it."""
        if old.start_cs != new.start_cs or not self.is_near(old.start_cs):
            return False
        if old.end_cs != new.end_cs and not (self.is_longer and old.end_cs < new.end_cs):
            return False
        # Nearly always an exact match; the slower way compares displayed spaces.
        if any(_is_put_in(text, old.text, new.text) for text in self.texts):
            return True
        return any(_is_inserted(text, old.text, new.text) for text in self.texts)


#: Players collapse spaces, and drop them at the ends of lines.
_SPACES = re.compile(r"(?:[ \t\u00a0]|\\h)+")
_EDGES = re.compile(r" ?(\\N|^|$) ?")


def _one_space(text: str) -> str:
    return _SPACES.sub(" ", text)


def _as_shown(text: str) -> str:
    return _EDGES.sub(r"\1", _one_space(text))


def _is_inserted(part: str, old: str, new: str) -> bool:
    """Whether *new* is *old* with *part* inserted, ignoring spaces (which the inverse checks)."""
    return _is_put_in(_one_space(part), _as_shown(old), _as_shown(new))


def _is_put_in(part: str, old: str, new: str) -> bool:
    """Whether *new* is *old* with *part* inserted, exactly."""
    if len(new) != len(old) + len(part):
        return False
    at = new.find(part)
    while at >= 0:
        if new[:at] == old[:at] and new[at + len(part) :] == old[at:]:
            return True
        at = new.find(part, at + 1)
    return False


def differences(
    old: Sequence[Seen],
    new: Sequence[Seen],
    wanted: Mapping[int, WantedTag],
    cues: Sequence[AnnotatedCue],
) -> Iterator[int]:
    """The cues whose tags change what a player shows besides the tag."""
    by_start: dict[int, list[int]] = {}
    for index, tag in wanted.items():
        by_start.setdefault(tag.start_cs, []).append(index)

    def near(seen: Seen) -> list[int]:
        return [i for cs in (seen.start_cs, seen.start_cs - 1) for i in by_start.get(cs, ())]

    if len(old) != len(new):
        yield from _first_difference_of(old, new, wanted, near)
        return
    satisfied: set[int] = set()
    unchanged: Counter[int] = Counter()
    for one, other in zip(old, new, strict=True):
        if one == other:
            unchanged[one.start_cs] += 1
            continue
        here = (index for index in near(one) if index not in satisfied)
        explained = next((index for index in here if wanted[index].explains(one, other)), None)
        if explained is not None:
            satisfied.add(explained)
            continue
        # With broken times, a player may merge cues or show them at another time.
        several = _tags_between(
            one, other, {i: tag for i, tag in wanted.items() if i not in satisfied}
        )
        if several is None:
            yield from near(one) or wanted
        else:
            satisfied |= several
    # If a player shows the cue unchanged, it does not show the tag.
    untagged = Counter(cue.start_ms // 10 for cue in cues if cue.index not in wanted)
    for index in wanted.keys() - satisfied:
        start = wanted[index].start_cs
        if unchanged[start] + unchanged[start + 1] > untagged[start] + untagged[start + 1]:
            yield index


def _tags_between(old: Seen, new: Seen, wanted: Mapping[int, WantedTag]) -> set[int] | None:
    """The tags by which *new* differs from *old*; None if there are other differences."""
    if (old.start_cs, old.end_cs) != (new.start_cs, new.end_cs):
        return None
    was, text = _as_shown(old.text), _as_shown(new.text)
    found: set[int] = set()
    for index, tag in wanted.items():
        part = next((one for one in map(_one_space, tag.texts) if one in text), None)
        if part is not None and len(text) - len(part) >= len(was):
            text = text.replace(part, "", 1)
            found.add(index)
    return found if text == was else None


def _first_difference_of(
    old: Sequence[Seen],
    new: Sequence[Seen],
    wanted: Mapping[int, WantedTag],
    near: Callable[[Seen], list[int]],
) -> Iterable[int]:
    """The tags at the first difference that a player sees, or all of them."""
    last: list[int] = []
    for one, other in zip(old, new, strict=False):
        here = near(one)
        if one != other and not any(wanted[index].explains(one, other) for index in here):
            return here or last or wanted
        last = here or last
    return last or wanted
