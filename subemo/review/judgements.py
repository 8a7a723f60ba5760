"""What a person said of a film's cues, as a file beside the film that outlives policy, model and page.

A judgement belongs to a cue by its times and words, so that it is found again
in another version of the subtitles. What fits no cue is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import StrEnum

from ..core.emotions import Emotion
from ..core.errors import SettingsError
from ..formats.registry import styled_text
from ..subtitles.document import Cue

#: A tag of one's own: a word or a few in brackets, nothing that any format could take for markup.
_OWN = re.compile(r"\[[^\[\]<>{}&\\\n\r]{1,40}\]|\([^()<>{}&\\\n\r]{1,40}\)")
#: The longest text that a person may give a cue, in characters.
_LONGEST_TEXT = 2_000
#: The latest time, in milliseconds.
_LATEST_MS = 360_000_000
#: A cue of the same words is the same cue if it begins so near, in milliseconds.
_NEAR_MS = 2_000
#: As is one of at least so similar words that is shown at the same time.
_ALIKE = 0.6


class Shown(StrEnum):
    """What a person wants a cue to show; what is heard there is another question."""

    #: What the rules make of what is heard.
    RULES = "rules"
    #: No tag.
    NOTHING = "nothing"
    #: The tag of what is heard, whatever the rules say.
    TAG = "tag"
    #: A tag of one's own.
    OWN = "own"


@dataclass(frozen=True)
class Judgement:
    """What a person said of a cue.

    Attributes:
        heard: the emotion of its voice, or None where nobody said
        shown: what it shows
        own: the tag of one's own, in brackets, where that is shown
        text: its text as it was mended, with its format's markup, or None
        start_ms: when it appears, where that was moved, or None
        end_ms: when it goes, where that was moved, or None

    Raises:
        SettingsError: at a value that cannot be

    Example:
        >>> Judgement(Emotion.SAD).is_judged, Judgement(text="Hi").is_judged
        (True, False)
        >>> Judgement(shown=Shown.OWN, own="[whispers]").own
        '[whispers]'
    """

    heard: Emotion | None = None
    shown: Shown = Shown.RULES
    own: str = ""
    text: str | None = None
    start_ms: int | None = None
    end_ms: int | None = None

    def __post_init__(self) -> None:
        if (self.shown is Shown.OWN) != bool(self.own):
            raise SettingsError("a tag of your own is shown where there is one, and only there")
        if self.own and not (_OWN.fullmatch(self.own) and self.own.isprintable()):
            raise SettingsError(
                "that cannot be a tag",
                remedy="Write a word or a few in brackets, such as [whispers]; at most 40 letters.",
            )
        if self.shown is Shown.TAG and self.heard is None:
            raise SettingsError("nothing is heard that could be shown")
        if self.text is not None:
            _check_text(self.text)
        for time in (self.start_ms, self.end_ms):
            if time is not None and not 0 <= time <= _LATEST_MS:
                raise SettingsError("no film has such a time")
        if self.start_ms is not None and self.end_ms is not None and self.end_ms <= self.start_ms:
            raise SettingsError("a cue must end after it starts")

    @property
    def is_judged(self) -> bool:
        """Whether anything is said of the cue's voice or tag."""
        return self.heard is not None or self.shown is not Shown.RULES

    @property
    def is_mended(self) -> bool:
        """Whether the cue's own text or times are changed."""
        return self.text is not None or self.start_ms is not None or self.end_ms is not None


def _check_text(text: str) -> None:
    lines = text.split("\n")
    if len(text) > _LONGEST_TEXT or not all(line.strip() for line in lines):
        raise SettingsError(
            "that cannot be a cue's text",
            remedy="Leave no line empty, and write 2,000 letters at most.",
        )
    if not all(char.isprintable() or char in "\t\u200e\u200f" for line in lines for char in line):
        raise SettingsError("that text holds characters that nobody can see")


@dataclass(frozen=True)
class CueKey:
    """Which cue a judgement is about.

    Attributes:
        start_ms: when the cue appears, before anything was mended
        end_ms: when it goes
        words: its words, without markup
        copy: how many cues of the same times and words stand before it
    """

    start_ms: int
    end_ms: int
    words: str
    copy: int = 0


def keys_of(cues: Sequence[Cue], form: str | None) -> list[CueKey]:
    """The key of each cue.

    Args:
        cues: of a film, as its subtitles have them
        form: the name of the format of their text, or None
    """
    seen: dict[CueKey, int] = {}
    keys = []
    for cue in cues:
        words = styled_text(cue.text, form).plain.encode("utf-8", "replace").decode()
        first = CueKey(cue.start_ms, cue.end_ms, words)
        seen[first] = seen.get(first, -1) + 1
        keys.append(replace(first, copy=seen[first]))
    return keys


def matched(judged: Sequence[CueKey], cues: Sequence[CueKey]) -> dict[CueKey, CueKey]:
    """Which cue of a film each judgement is about.

    First those that are the same; then those of the same words at about the
    same time; then those of similar words that are shown at the same time.

    Args:
        judged: the keys of judgements
        cues: those of a film's cues

    Returns:
        the key of the cue, by that of the judgement; no cue twice

    Example:
        >>> old, new = CueKey(1_000, 2_000, "Get out!"), CueKey(1_400, 2_400, "Get out!")
        >>> matched([old], [new]) == {old: new}
        True
    """
    free = dict.fromkeys(cues)
    found = {key: key for key in judged if key in free}
    for key in found:
        del free[key]
    for fits in (_has_same_words, _is_alike):
        for key in judged:
            if key in found or not free:
                continue
            near = [cue for cue in free if fits(key, cue)]
            if near:
                best = min(near, key=lambda cue: abs(cue.start_ms - key.start_ms))
                found[key] = best
                del free[best]
    return found


def _has_same_words(one: CueKey, other: CueKey) -> bool:
    return abs(one.start_ms - other.start_ms) <= _NEAR_MS and _letters(one) == _letters(other)


def _is_alike(one: CueKey, other: CueKey) -> bool:
    both = min(one.end_ms, other.end_ms) - max(one.start_ms, other.start_ms)
    shorter = min(one.end_ms - one.start_ms, other.end_ms - other.start_ms)
    if both <= 0 or both < shorter / 2:
        return False
    return SequenceMatcher(None, _letters(one), _letters(other)).ratio() >= _ALIKE


def _letters(key: CueKey) -> str:
    return "".join(char for char in key.words.casefold() if char.isalnum())


def own_tags(judgements: Iterable[Judgement]) -> frozenset[str]:
    """All tags of a person's own."""
    return frozenset(one.own for one in judgements if one.own)


def told(judgements: Iterable[Judgement]) -> str:
    """What a person judged and changed, as a clause; nothing where nobody did.

    >>> told([Judgement(Emotion.SAD), Judgement(text="Hi", start_ms=40)])
    'a person judged 1 cue and changed 1 text and 1 time'
    """
    every = list(judgements)
    judged = _counted(sum(one.is_judged for one in every), "cue")
    texts = _counted(sum(one.text is not None for one in every), "text")
    moved = _counted(
        sum(one.start_ms is not None or one.end_ms is not None for one in every), "time"
    )
    changed = " and ".join(filter(None, (texts, moved)))
    parts = [
        *([f"judged {judged}"] if judged else []),
        *([f"changed {changed}"] if changed else []),
    ]
    return f"a person {' and '.join(parts)}" if parts else ""


def _counted(number: int, noun: str) -> str:
    return "" if not number else f"{number} {noun}{'' if number == 1 else 's'}"
