"""The script of films: MELD's dialogues (Poria et al., 2019), and words whose emotion differs from the voice's."""

from __future__ import annotations

import csv
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from pathlib import Path
from types import MappingProxyType

import numpy as np

from ...core.emotions import UNMARKED, Emotion
from ...core.errors import CorpusError
from ..corpora import Clip, Split

Episode = tuple[int, int]


class Part(StrEnum):
    """The files of MELD."""

    TRAIN = "train"
    DEV = "dev"


#: MELD's seven emotions, by Ekman's names, which GoEmotions has, too; there is no calm.
EMOTIONS_OF_MELD: Mapping[str, Emotion] = MappingProxyType(
    {
        "neutral": Emotion.NEUTRAL,
        "joy": Emotion.HAPPY,
        "surprise": Emotion.SURPRISE,
        "anger": Emotion.ANGRY,
        "sadness": Emotion.SAD,
        "disgust": Emotion.DISGUST,
        "fear": Emotion.FEAR,
    }
)

_WOMEN = (
    "Alice|Carol|Cassie|Charlie|Elizabeth|Emily|Erica|Estelle|Janice|Janine|Jeannine|Jen|Jill|"
    "Joanna|Julie|Kate|Kathy|Kori|Kristen|Lauren|Mona|Monica|Phoebe|Phoebe Sr|Rachel|Susan|Ursula|"
    "Whitney|Woman|Waitress|Nurse"
)
_MEN = (
    "Barry|Bob|Chandler|Chip|Cliff|Danny|Doug|Earl|Eric|Frank|Gary|Gunther|Guy|Joey|Joshua|Kyle|"
    "Man|Mark|Max|Paul|Pete|Richard|Ross|Tag|Waiter"
)
_SEX_OF = {
    **dict.fromkeys(_WOMEN.split("|"), "female"),
    **dict.fromkeys(_MEN.split("|"), "male"),
}
_TITLES = {"Mr.": "male", "Mrs.": "female", "Ms.": "female"}

#: One of this many train episodes without dev lines is for choosing.
_CHOOSING_ONE_IN = 3

_TIME = re.compile(r"(\d+):(\d\d):(\d\d)[,.](\d{1,3})")
_COLUMNS = frozenset(
    {
        "Utterance", "Speaker", "Emotion", "Dialogue_ID", "Utterance_ID",
        "Season", "Episode", "StartTime", "EndTime",
    }
)  # fmt: skip


@dataclass(frozen=True)
class ScriptLine:
    """One utterance.

    Attributes:
        name: ``dev-0-1``: part, dialogue and utterance in MELD's numbering
        speaker: the speaker
        emotion: the label by people who watched the scene
        text: the words
        start_ms: start in the episode
        end_ms: end in the episode
    """

    name: str
    speaker: str
    emotion: Emotion
    text: str
    start_ms: int
    end_ms: int

    @property
    def has_words(self) -> bool:
        """Whether it contains a letter of any alphabet."""
        return any(map(str.isalpha, self.text))


@dataclass(frozen=True)
class Dialogue:
    """The lines of a dialogue, in order.

    Attributes:
        name: ``dev-0``
        episode: season and number of its episode
        lines: at least one
    """

    name: str
    episode: Episode
    lines: tuple[ScriptLine, ...]


#: The dialogues of a split, in MELD's order.
Script = tuple[Dialogue, ...]


def read_script(root: Path, split: Split) -> Script:
    """Reads the dialogues for films of a split.

    Reporting uses MELD's dev part. Of the train part's episodes without dev lines,
    a third is for choosing. The rest of the train part, without dev's episodes,
    is for training.

    Args:
        root: MELD's folder, with ``train_sent_emo.csv`` and ``dev_sent_emo.csv``
        split: the split

    Raises:
        CorpusError: if a file is missing or is not MELD's
    """
    dev = read_dialogues(root / "dev_sent_emo.csv", Part.DEV)
    if split is Split.REPORTING:
        return dev
    reported = {dialogue.episode for dialogue in dev}
    train = read_dialogues(root / "train_sent_emo.csv", Part.TRAIN)
    chooses = split is Split.CHOOSING
    return tuple(
        dialogue
        for dialogue in train
        if dialogue.episode not in reported and _is_for_choosing(dialogue.episode) == chooses
    )


def read_dialogues(path: Path, part: Part) -> Script:
    """Every dialogue of one of MELD's files.

    Raises:
        CorpusError: if it is missing, or a row is not in MELD's format
    """
    found = []
    for number, rows in groupby(_rows(path), key=lambda row: row["Dialogue_ID"]):
        group = list(rows)
        name = f"{part}-{number}"
        lines = tuple(_line(row, f"{name}-{row['Utterance_ID']}", path) for row in group)
        found.append(Dialogue(name, (int(group[0]["Season"]), int(group[0]["Episode"])), lines))
    return tuple(found)


def sex_of(speaker: str) -> str | None:
    """The sex of a character, or None if the name does not tell.

    >>> sex_of("Monica"), sex_of("Mr. Geller"), sex_of("All")
    ('female', 'male', None)
    """
    return _SEX_OF.get(speaker) or _TITLES.get(speaker.partition(" ")[0])


def _is_for_choosing(episode: Episode) -> bool:
    season, number = episode
    return zlib.crc32(f"{season}-{number}".encode()) % _CHOOSING_ONE_IN == 0


def _rows(path: Path) -> Iterator[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = sorted(_COLUMNS.difference(reader.fieldnames or ()))
            if missing:
                raise CorpusError(f"the column {missing[0]!r} of MELD is missing", path=path)
            yield from reader
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CorpusError(
            "cannot be read as CSV", path=path, remedy="Give the folder of MELD's CSV files."
        ) from error


def _line(row: Mapping[str, str], name: str, path: Path) -> ScriptLine:
    emotion = EMOTIONS_OF_MELD.get(row["Emotion"].strip().lower())
    start_ms, end_ms = _ms(row["StartTime"]), _ms(row["EndTime"])
    if emotion is None or start_ms is None or end_ms is None:
        raise CorpusError(f"line {name} has no valid emotion or times", path=path)
    text = " ".join(row["Utterance"].split())
    return ScriptLine(name, row["Speaker"].strip(), emotion, text, start_ms, end_ms)


def _ms(time: str) -> int | None:
    match = _TIME.fullmatch(time.strip())
    if match is None:
        return None
    hours, minutes, seconds, fraction = match.groups()
    whole = (int(hours) * 60 + int(minutes)) * 60 + int(seconds)
    return whole * 1000 + int(fraction.ljust(3, "0"))


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
    line: ScriptLine
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


def _own(line: ScriptLine) -> SubtitleText:
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
