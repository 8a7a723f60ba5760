"""Words that belong to another mood than the voice: so that reading alone cannot win.

Sarcasm and restraint, a voice against its words, are what captions of manner
are for. The truth of a cue is always its voice.
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
    """How a cue's words stand to its voice."""

    AGREEING = "agreeing"
    CONTRADICTED = "contradicted"
    #: Nothing that could be read has a letter in it.
    NO_WORDS = "no-words"


_UNPLEASANT = (Emotion.SAD, Emotion.ANGRY, Emotion.FEAR, Emotion.DISGUST)

#: The moods that are contrary to each: pleasant and unpleasant ones to each other. Surprise can be
#: either, and nobody who is surprised talks as the sad do.
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
        line: whose turn it is
        clip: a voice in the line's mood
    """

    dialogue: str
    line: Line
    clip: Clip


@dataclass(frozen=True)
class SubtitleText:
    """What the subtitle of a cue says.

    Attributes:
        line: MELD's name of the line that the words are from
        emotion: that line's mood
        agreement: how they stand to the voice
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
    """The words of each cue: its own line's, or, where they are to disagree, another's.

    An emotional voice gets neutral words or those of a contrary mood, one as
    often as the other; a neutral voice gets an emotion's.

    Args:
        spoken: the film's cues, in order
        script: of the film's split, whose other lines lend their words
        shares: of the emotional and of the neutral cues, how many are to disagree, 0 to 1
        draw: of all chances

    Raises:
        CorpusError: if no line of the script has the words that are needed
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
    """The words of a line of another dialogue in one of some moods."""
    lenders = [
        line
        for dialogue in script.dialogues
        for line in dialogue.lines
        if dialogue.name != one.dialogue and line.emotion in moods and line.has_words
    ]
    if not lenders:
        raise CorpusError(f"no other dialogue has a line that is {' or '.join(moods)}")
    line = lenders[int(draw.integers(len(lenders)))]
    return SubtitleText(line.name, line.emotion, Agreement.CONTRADICTED, line.text)
