"""Plans a film without sound: the lines, speakers, times and music."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np

from ...core.emotions import Emotion
from ...core.errors import CorpusError
from ...core.settings import check_number
from ..corpora import Clip, Split
from ..corpora.backgrounds import Backgrounds
from .dialogues import Dialogue, Script, Spoken, SubtitleText, say
from .voices import Cast, FilmVoices


@dataclass(frozen=True)
class FilmRecipe:
    """How films are made.

    Attributes:
        cues: approximate number of cues per film; dialogues are kept whole
        cues_per_minute: the pace, reached by lengthening pauses between dialogues
        most_uses: the most uses of a clip in a film
        disagreeing: share of emotional cues whose words have another emotion
        disagreeing_neutral: share of neutral cues whose words have another emotion
        snr_db: range of the voices' signal-to-music ratio
        seed: random seed

    Raises:
        SettingsError: if a number is invalid

    Example:
        >>> FilmRecipe(cues=0)
        Traceback (most recent call last):
        subemo.core.errors.SettingsError: cues cannot be 0. It must be from 1 to 5,000.
    """

    cues: int = 185
    cues_per_minute: float = 12.0
    most_uses: int = 2
    disagreeing: float = 1 / 3
    disagreeing_neutral: float = 0.1
    snr_db: tuple[float, float] = (5.0, 15.0)
    seed: int = 0

    def __post_init__(self) -> None:
        check_number("cues", self.cues, low=1, high=5_000)
        check_number("cues_per_minute", self.cues_per_minute, low=1, high=60, is_whole=False)
        check_number("most_uses", self.most_uses, low=1)
        check_number("seed", self.seed, low=0)
        for name in ("disagreeing", "disagreeing_neutral"):
            check_number(name, getattr(self, name), low=0, high=1, is_whole=False)
        for end in self.snr_db:
            check_number("snr_db", end, low=-60, high=60, is_whole=False)


#: The bounds of pauses within a dialogue, which follow MELD's times.
PAUSES_MS = (100, 4_000)
#: The shortest pause between dialogues, and the pause before the first.
SCENE_PAUSE_MS = 2_000
#: The margins of music before a scene's first cue and after its last.
MUSIC_MARGIN_MS = 800
#: One of this many scenes in a row has no music.
_ONE_QUIET_IN = 3


class Dropped(StrEnum):
    """Why a line of the script is not in a film."""

    NO_MOOD = "no clip of the corpus has the mood"
    NO_CLIP = "no clip of the speaker's is left"


@dataclass(frozen=True)
class PlannedCue:
    """A planned cue.

    Attributes:
        start_ms: start of its clip
        end_ms: end of its clip
        clip: the voice
        emotion: the truth: the voice's emotion, with calm as neutral
        person: the speaker in the script
        line: MELD's name of the spoken line
        subtitle: its subtitle text, and whether that agrees
    """

    start_ms: int
    end_ms: int
    clip: Clip
    emotion: Emotion
    person: str
    line: str
    subtitle: SubtitleText


@dataclass(frozen=True)
class Scene:
    """A dialogue of a film.

    Attributes:
        dialogue: MELD's name of the dialogue
        cues: in order
        music: its music, or None
        music_at: starting position in the track, 0 to 1
        snr_db: the voices' level relative to the music
    """

    dialogue: str
    cues: tuple[PlannedCue, ...]
    music: Path | None = None
    music_at: float = 0.0
    snr_db: float = 0.0


@dataclass(frozen=True)
class FilmPlan:
    """A film, ready to be mixed.

    Attributes:
        name: the base name of its files
        split: the film's split
        corpus: the corpus of its voices
        language: their language, BCP 47
        scenes: in order
        duration_ms: of the film
        dropped: number of lines left out, by reason
    """

    name: str
    split: Split
    corpus: str
    language: str
    scenes: tuple[Scene, ...]
    duration_ms: int
    dropped: Mapping[Dropped, int] = field(hash=False)

    @property
    def cues(self) -> list[PlannedCue]:
        """All cues, in order."""
        return [cue for scene in self.scenes for cue in scene.cues]


DurationOf = Callable[[Clip], int]


def plan_films(
    split: Split,
    voices: FilmVoices,
    script: Script,
    backgrounds: Backgrounds,
    count: int,
    recipe: FilmRecipe,
    *,
    duration_of: DurationOf,
) -> list[FilmPlan]:
    """Plans films with voices of one corpus, without repeating dialogues.

    The order of the dialogues depends only on the recipe's seed, so that films
    of two corpora have mostly the same scenes.

    Args:
        split: what all parts are for
        voices: the voices
        script: the script
        backgrounds: with at least one track of music
        count: number of films
        recipe: the recipe of the films
        duration_of: returns a clip's duration in milliseconds

    Raises:
        CorpusError: if the script is too short
    """
    order = np.random.default_rng(recipe.seed).permutation(len(script))
    left = [script[place] for place in order]
    plans = []
    for number in range(1, count + 1):
        name = f"{split}-{voices.corpus}-{recipe.seed}-{number}"
        draw = np.random.default_rng([recipe.seed, zlib.crc32(name.encode())])
        spoken, dropped = _speak(voices, left, recipe, draw)
        said = say(spoken, script, (recipe.disagreeing, recipe.disagreeing_neutral), draw)
        scenes, duration_ms = _schedule(spoken, said, recipe, duration_of)
        scenes = _score(scenes, backgrounds, recipe, draw)
        plans.append(
            FilmPlan(name, split, voices.corpus, voices.language, scenes, duration_ms, dropped)
        )
    return plans


def _speak(
    voices: FilmVoices, left: list[Dialogue], recipe: FilmRecipe, draw: np.random.Generator
) -> tuple[list[Spoken], Counter[Dropped]]:
    """Takes dialogues for a film from *left*, and chooses clips for their lines."""
    cast, uses = Cast(voices, draw), Counter[str]()
    spoken: list[Spoken] = []
    dropped: Counter[Dropped] = Counter()
    while len(spoken) < recipe.cues:
        if not left:
            raise CorpusError(
                "the script has too few dialogues for this many films",
                remedy="Make fewer or shorter films.",
            )
        dialogue = left.pop(0)
        cast.begin_dialogue()
        people = list(dict.fromkeys(line.speaker for line in dialogue.lines))
        for line in dialogue.lines:
            if line.emotion not in voices.emotions:
                dropped[Dropped.NO_MOOD] += 1
                continue
            lacks = partial(_lacking, voices, dialogue, line.speaker, uses, recipe)
            speaker = cast.speaker_for(line.speaker, people, lacks)
            clip = _clip(voices.by_speaker[speaker].get(line.emotion, ()), uses, recipe, draw)
            if clip is None:
                dropped[Dropped.NO_CLIP] += 1
                continue
            uses[clip.key] += 1
            spoken.append(Spoken(dialogue.name, line, clip))
    return spoken, dropped


def _lacking(
    voices: FilmVoices,
    dialogue: Dialogue,
    person: str,
    uses: Counter[str],
    recipe: FilmRecipe,
    speaker: str,
) -> int:
    """The number of a person's lines for which a corpus speaker has no clip left."""
    wanted = Counter(line.emotion for line in dialogue.lines if line.speaker == person)
    clips = voices.by_speaker[speaker]
    left = {
        mood: sum(recipe.most_uses - uses[clip.key] for clip in clips.get(mood, ()))
        for mood in wanted
        if mood in voices.emotions
    }
    return sum(max(0, wanted[mood] - count) for mood, count in left.items())


def _clip(
    clips: Sequence[Clip], uses: Counter[str], recipe: FilmRecipe, draw: np.random.Generator
) -> Clip | None:
    """One of the least used clips, or None if all have reached the limit."""
    least = min((uses[clip.key] for clip in clips), default=recipe.most_uses)
    if least >= recipe.most_uses:
        return None
    fresh = [clip for clip in clips if uses[clip.key] == least]
    return fresh[int(draw.integers(len(fresh)))]


def _schedule(
    spoken: Sequence[Spoken],
    said: Sequence[SubtitleText],
    recipe: FilmRecipe,
    duration_of: DurationOf,
) -> tuple[tuple[Scene, ...], int]:
    """Assigns times to the cues of scenes; returns them and the film's duration."""
    names = list(dict.fromkeys(one.dialogue for one in spoken))
    lengths = [duration_of(one.clip) for one in spoken]
    pauses = [0, *(_pause(*pair) for pair in pairwise(spoken))]
    wanted_ms = round(len(spoken) * 60_000 / recipe.cues_per_minute)
    rest_ms = wanted_ms - sum(lengths) - sum(pauses)
    between_ms = max(SCENE_PAUSE_MS, rest_ms // (len(names) + 1))
    scenes: list[Scene] = []
    now_ms = 0
    for name in names:
        now_ms += between_ms
        cues = []
        for one, subtitle, length_ms, pause_ms in zip(spoken, said, lengths, pauses, strict=True):
            if one.dialogue != name:
                continue
            start_ms = now_ms + pause_ms
            now_ms = start_ms + length_ms
            line = one.line
            cues.append(
                PlannedCue(
                    start_ms, now_ms, one.clip, line.emotion, line.speaker, line.name, subtitle
                )
            )
        scenes.append(Scene(name, tuple(cues)))
    return tuple(scenes), now_ms + between_ms


def _pause(before: Spoken, after: Spoken) -> int:
    """The pause between two cues of a dialogue; 0 between two dialogues."""
    if before.dialogue != after.dialogue:
        return 0
    shortest, longest = PAUSES_MS
    return min(max(after.line.start_ms - before.line.end_ms, shortest), longest)


def _score(
    scenes: Sequence[Scene],
    backgrounds: Backgrounds,
    recipe: FilmRecipe,
    draw: np.random.Generator,
) -> tuple[Scene, ...]:
    """Adds music to two of three scenes."""
    scored, quiet = [], 0
    for place, scene in enumerate(scenes):
        if place % _ONE_QUIET_IN == 0:
            quiet = place + int(draw.integers(_ONE_QUIET_IN))
        track = backgrounds.music[int(draw.integers(len(backgrounds.music)))]
        at, snr_db = float(draw.random()), float(draw.uniform(*recipe.snr_db))
        scored.append(
            scene if place == quiet else Scene(scene.dialogue, scene.cues, track, at, snr_db)
        )
    return tuple(scored)
