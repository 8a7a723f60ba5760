"""Words whose emotion differs from the voice's, so that reading alone does not suffice.

Captions of manner are for sarcasm and restraint, where the voice contradicts the
words. The truth of a cue is always its voice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

import numpy as np

from ...core.emotions import UNMARKED, Emotion
from ...core.errors import CorpusError
from ..corpora import Clip
from .dialogues import Line, Script


class Agreement(StrEnum):
    """The relation of a cue's words to its voice."""

    AGREEING = "agreeing"
    CONTRADICTED = "contradicted"
    #: No letters in the words.
    NO_WORDS = "no-words"


_UNPLEASANT = (Emotion.SAD, Emotion.ANGRY, Emotion.FEAR, Emotion.DISGUST)

#: The contrary emotions of each: pleasant and unpleasant ones. Surprise can be either, and nobody
#: who is surprised talks as the sad do.
CONTRARY: Mapping[Emotion, tuple[Emotion, ...]] = MappingProxyType(
    {
        Emotion.NEUTRAL: (Emotion.HAPPY, Emotion.SURPRISE, *_UNPLEASANT),
        Emotion.HAPPY: _UNPLEASANT,
        Emotion.SURPRISE: (Emotion.SAD,),
        **dict.fromkeys(_UNPLEASANT, (Emotion.HAPPY,)),
    }
)


@dataclass(frozen=True)
class Spoken:
    """A line and the clip that speaks it.

    Attributes:
        dialogue: MELD's name of the dialogue
        line: the spoken line
        clip: a clip with the line's emotion
    """

    dialogue: str
    line: Line
    clip: Clip


@dataclass(frozen=True)
class SubtitleText:
    """The subtitle text of a cue.

    Attributes:
        line: MELD's name of the source line of the words
        emotion: that line's emotion
        agreement: the relation of words and voice
        text: the words themselves, which are never committed
    """

    line: str
    emotion: Emotion
    agreement: Agreement
    text: str


def say(
    spoken: Sequence[Spoken],
    script: Script,
    shares: tuple[float, float],
    draw: np.random.Generator,
) -> list[SubtitleText]:
    """Chooses the words of each cue: from its own line, or from another to disagree.

    An emotional voice gets neutral words or words of a contrary emotion with equal
    probability; a neutral voice gets emotional words.

    Args:
        spoken: the film's cues, in order
        script: the script of the film's split, for words of other lines
        shares: shares of emotional and of neutral cues that disagree, 0 to 1
        draw: source of randomness

    Raises:
        CorpusError: if no line of the script has the required emotion
    """
    said = [_own(one.line) for one in spoken]
    for is_neutral, share in zip((False, True), shares, strict=True):
        places = [
            place
            for place, one in enumerate(spoken)
            if (one.line.emotion in UNMARKED) == is_neutral
        ]
        able = [place for place in places if spoken[place].line.has_words]
        wanted = min(round(share * len(places)), len(able))
        for place in sorted(draw.choice(np.array(able, dtype=int), wanted, replace=False).tolist()):
            moods = CONTRARY[spoken[place].line.emotion]
            if not is_neutral and draw.random() < 0.5:
                moods = (Emotion.NEUTRAL,)
            said[place] = _lent(spoken[place], script, moods, draw)
    return said


def _own(line: Line) -> SubtitleText:
    agreement = Agreement.AGREEING if line.has_words else Agreement.NO_WORDS
    return SubtitleText(line.name, line.emotion, agreement, line.text)


def _lent(
    one: Spoken, script: Script, moods: Sequence[Emotion], draw: np.random.Generator
) -> SubtitleText:
    """The words of a line of another dialogue with one of the emotions."""
    lenders = [
        line
        for dialogue in script
        for line in dialogue.lines
        if dialogue.name != one.dialogue and line.emotion in moods and line.has_words
    ]
    if not lenders:
        raise CorpusError(f"no other dialogue has a line that is {' or '.join(moods)}")
    line = lenders[int(draw.integers(len(lenders)))]
    return SubtitleText(line.name, line.emotion, Agreement.CONTRADICTED, line.text)
