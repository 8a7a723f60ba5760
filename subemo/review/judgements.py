"""A reviewer's judgements of a film's cues, independent of policy, model and page.

A judgement belongs to a cue by its times and words, so that it can be found again
in another version of the subtitles. Judgements that match no cue are kept.
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

#: A custom tag: a few words in brackets, which no format could mistake for markup.
_OWN = re.compile(r"\[[^\[\]<>{}&\\\n\r]{1,40}\]|\([^()<>{}&\\\n\r]{1,40}\)")
#: The longest text of a cue, in characters.
_LONGEST_TEXT = 2_000
#: The latest time, in milliseconds.
_LATEST_MS = 360_000_000
#: Cues with the same words match if they start this close, in milliseconds.
_NEAR_MS = 2_000
#: The least similarity of words for cues that overlap in time to match.
_ALIKE = 0.6


class Shown(StrEnum):
    """What a reviewer wants a cue to show, independent of its judged emotion."""

    #: The result of the policy.
    RULES = "rules"
    #: No tag.
    NOTHING = "nothing"
    #: The tag of the judged emotion, overriding the policy.
    TAG = "tag"
    #: A custom tag.
    OWN = "own"
    #: The cue of a sound between the film's cues, which a reviewer heard.
    KEPT = "kept"


@dataclass(frozen=True)
class Judgement:
    """A reviewer's judgement of a cue.

    Attributes:
        heard: the judged emotion of its voice, or None
        shown: what it shows
        own: the custom tag, in brackets, if that is shown
        text: its corrected text, with the format's markup, or None
        start_ms: its corrected start, or None
        end_ms: its corrected end, or None
        text_for: the words that *text* corrects, if the cue now has others; else None

    Raises:
        SettingsError: if a value is invalid

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
    text_for: str | None = None

    def __post_init__(self) -> None:
        if (self.shown is Shown.OWN) != bool(self.own):
            raise SettingsError("a custom tag must be given if and only if it is to be shown")
        if self.own and not (_OWN.fullmatch(self.own) and self.own.isprintable()):
            raise SettingsError(
                "not a valid tag",
                remedy="Write a few words in brackets, such as [whispers], with at most 40 characters.",
            )
        if self.shown is Shown.TAG and self.heard is None:
            raise SettingsError("there is no judged emotion to show")
        if self.text is not None:
            _check_text(self.text)
        elif self.text_for is not None:
            raise SettingsError("there is no text for these words")
        for time in (self.start_ms, self.end_ms):
            if time is not None and not 0 <= time <= _LATEST_MS:
                raise SettingsError("the time is out of range")
        if self.start_ms is not None and self.end_ms is not None and self.end_ms <= self.start_ms:
            raise SettingsError("a cue must end after it starts")

    @property
    def is_judged(self) -> bool:
        """Whether the cue's voice or tag was judged."""
        return self.heard is not None or self.shown is not Shown.RULES

    @property
    def is_edited(self) -> bool:
        """Whether the cue's text or times were changed."""
        return self.text is not None or self.start_ms is not None or self.end_ms is not None


def _check_text(text: str) -> None:
    lines = text.split("\n")
    if len(text) > _LONGEST_TEXT or not all(line.strip() for line in lines):
        raise SettingsError(
            "not a valid text of a cue",
            remedy="Leave no line empty, and write at most 2,000 characters.",
        )
    if not all(char.isprintable() or char in "\t\u200e\u200f" for line in lines for char in line):
        raise SettingsError("the text contains invisible characters")


def check_judgement(judgement: Judgement | None, *, is_of_sound: bool) -> None:
    """Refuses what cannot be said of a sound, and what can only be said of one.

    Raises:
        SettingsError: if it is such a judgement
    """
    if judgement is None:
        return
    is_kept_or_not = judgement in (Judgement(shown=Shown.KEPT), Judgement(shown=Shown.NOTHING))
    if is_of_sound and not is_kept_or_not:
        raise SettingsError(
            "a sound between the cues has no mood, text or times to change",
            remedy="Keep it (Enter) or remove it (0).",
        )
    if not is_of_sound and judgement.shown is Shown.KEPT:
        raise SettingsError("only a sound between the cues can be kept")


@dataclass(frozen=True)
class CueKey:
    """The key that identifies a judged cue.

    Attributes:
        start_ms: start of the cue, before corrections
        end_ms: end of the cue, before corrections
        words: its words, without markup
        copy: number of earlier cues with the same times and words
        sound: the sound, if it is one between the film's cues; else empty
    """

    start_ms: int
    end_ms: int
    words: str
    copy: int = 0
    sound: str = ""


def keys_of(cues: Sequence[Cue], form: str | None) -> list[CueKey]:
    """The key of each cue.

    Args:
        cues: cues of a film, as in its subtitles
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
    """Matches judgements to the cues of a film.

    First identical keys; then the same words at about the same
    time; then similar words that overlap in time.

    Args:
        judged: the keys of judgements
        cues: the keys of a film's cues

    Returns:
        the key of the cue by that of the judgement, without duplicates

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
    if one.sound != other.sound:
        return False
    return abs(one.start_ms - other.start_ms) <= _NEAR_MS and _letters(one.words) == _letters(
        other.words
    )


def _is_alike(one: CueKey, other: CueKey) -> bool:
    if one.sound or other.sound:
        return False
    both = min(one.end_ms, other.end_ms) - max(one.start_ms, other.start_ms)
    shorter = min(one.end_ms - one.start_ms, other.end_ms - other.start_ms)
    if both <= 0 or both < shorter / 2:
        return False
    return SequenceMatcher(None, _letters(one.words), _letters(other.words)).ratio() >= _ALIKE


def have_same_letters(one: str, other: str) -> bool:
    """Whether two texts have the same words, whatever their case and punctuation."""
    return one == other or "" != _letters(one) == _letters(other)


def _letters(words: str) -> str:
    return "".join(char for char in words.casefold() if char.isalnum())


def own_tags(judgements: Iterable[Judgement]) -> frozenset[str]:
    """All custom tags."""
    return frozenset(one.own for one in judgements if one.own)


def summary_of(judgements: Iterable[Judgement], edits: Iterable[Judgement]) -> str:
    """What a reviewer judged and changed, as a clause; empty if nothing.

    Args:
        judgements: all judgements
        edits: of them the changed texts and times that hold in this film

    >>> summary_of([Judgement(Emotion.SAD)], [Judgement(text="Hi", start_ms=40)])
    'a person judged 1 cue and changed 1 text and 1 time'
    """
    changes = list(edits)
    judged = _counted(sum(one.is_judged for one in judgements), "cue")
    texts = _counted(sum(one.text is not None for one in changes), "text")
    moved = _counted(
        sum(one.start_ms is not None or one.end_ms is not None for one in changes), "time"
    )
    changed = " and ".join(filter(None, (texts, moved)))
    parts = [
        *([f"judged {judged}"] if judged else []),
        *([f"changed {changed}"] if changed else []),
    ]
    return f"a person {' and '.join(parts)}" if parts else ""


def _counted(number: int, noun: str) -> str:
    return "" if not number else f"{number} {noun}{'' if number == 1 else 's'}"
