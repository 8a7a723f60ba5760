"""Compares what a player sees before and after tagging."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from .readback import Seen

if TYPE_CHECKING:
    from ..tagging.annotation import AnnotatedCue


@dataclass(frozen=True, slots=True)
class ExpectedTag:
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


#: After so many differences that one tag does not explain, none is taken for that of several.
_MOST_UNEXPLAINED = 100

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
    expected: Mapping[int, ExpectedTag],
    cues: Sequence[AnnotatedCue],
) -> Iterator[int]:
    """The cues whose tags change what a player shows besides the tag."""
    every: dict[int, list[int]] = {}
    for index, tag in expected.items():
        every.setdefault(tag.start_cs, []).append(index)
    # Of tags with one start, those that were found leave, so that each is looked at once.
    waiting = {start_cs: dict.fromkeys(here) for start_cs, here in every.items()}
    satisfied: set[int] = set()
    has_all = len(old) == len(new)
    unexplained = 0
    last: list[int] = []  # the tags at what was shown last

    def near(seen: Seen) -> Iterator[int]:
        return chain(waiting.get(seen.start_cs, ()), waiting.get(seen.start_cs - 1, ()))

    def satisfy(indices: Iterable[int]) -> None:
        for index in indices:
            satisfied.add(index)
            waiting[expected[index].start_cs].pop(index, None)

    unchanged: Counter[int] = Counter()
    for one, other in zip(old, new, strict=False):
        last = every.get(one.start_cs) or every.get(one.start_cs - 1) or last
        if one == other:
            unchanged[one.start_cs] += 1
            continue
        explained = next((i for i in near(one) if expected[i].explains(one, other)), None)
        if explained is not None:
            satisfy([explained])
            continue
        unexplained += 1
        several = None
        if has_all and unexplained <= _MOST_UNEXPLAINED:
            # With broken times, a player may merge cues or show them at another time.
            left = {i: tag for i, tag in expected.items() if i not in satisfied}
            several = _tags_between(one, other, left)
        if several is None:
            found = list(near(one)) or last or list(expected)
            yield from found
            if not has_all:
                return
            several = set(found)
        satisfy(several)
    if not has_all:
        yield from last or expected
        return
    # If a player shows the cue unchanged, it does not show the tag.
    untagged = Counter(cue.start_ms // 10 for cue in cues if cue.index not in expected)
    for index in expected.keys() - satisfied:
        start = expected[index].start_cs
        if unchanged[start] + unchanged[start + 1] > untagged[start] + untagged[start + 1]:
            yield index


def _tags_between(old: Seen, new: Seen, expected: Mapping[int, ExpectedTag]) -> set[int] | None:
    """The tags by which *new* differs from *old*; None if there are other differences."""
    if (old.start_cs, old.end_cs) != (new.start_cs, new.end_cs):
        return None
    was, text = _as_shown(old.text), _as_shown(new.text)
    found: set[int] = set()
    for index, tag in expected.items():
        part = next((one for one in map(_one_space, tag.texts) if one in text), None)
        if part is not None and len(text) - len(part) >= len(was):
            text = text.replace(part, "", 1)
            found.add(index)
    return found if text == was else None
