"""Plans a film without sound: the lines, the voices that say them, times and music."""

from __future__ import annotations

import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property, partial
from itertools import pairwise
from pathlib import Path

import numpy as np

from ...core.emotions import Emotion
from ...core.errors import CorpusError
from ...core.settings import check_number
from ..corpora import CORPORA, Clip, Split
from ..corpora.backgrounds import Backgrounds
from .dialogues import Dialogue, Script, Spoken, SubtitleText, say, sex_of


@dataclass(frozen=True)
class FilmRecipe:
    """How films are made.

    Attributes:
        cues: approximate number of cues per film; dialogues are kept whole
        seed: random seed

    Raises:
        SettingsError: if a number is invalid

    Example:
        >>> FilmRecipe(cues=0)
        Traceback (most recent call last):
        subemo.core.errors.SettingsError: cues cannot be 0. It must be from 1 to 5,000.
    """

    cues: int = 185
    seed: int = 0

    def __post_init__(self) -> None:
        check_number("cues", self.cues, low=1, high=5_000)
        check_number("seed", self.seed, low=0)


#: The pace of films, reached by lengthening pauses between dialogues.
CUES_PER_MINUTE = 12
#: The most uses of a clip in a film.
MOST_USES = 2
#: The shares of emotional and of neutral cues whose words have another emotion.
DISAGREEING = (1 / 3, 0.1)
#: The range of the voices' signal-to-music ratio.
SNR_DB = (5.0, 15.0)
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


#: The fewest clips per speaker to fill a role through a whole film.
_CLIPS_FOR_A_FILM = 40


class Casting(StrEnum):
    """How long a person of the script keeps the same voice."""

    FILM = "film"
    DIALOGUE = "dialogue"


@dataclass(frozen=True)
class FilmVoices:
    """The clips of one corpus.

    Attributes:
        corpus: its name in `subemo.research.corpora.CORPORA`
        clips: all clips of that corpus, each with a speaker

    Raises:
        CorpusError: if a clip is of another corpus or has no speaker
    """

    corpus: str
    clips: tuple[Clip, ...]

    def __post_init__(self) -> None:
        for clip in self.clips:
            if clip.corpus != self.corpus or clip.speaker is None:
                raise CorpusError(
                    f"not a clip of a speaker of {self.corpus}: {clip.key}", path=clip.path
                )

    @property
    def language(self) -> str:
        """The language, BCP 47."""
        return CORPORA[self.corpus].language

    @cached_property
    def emotions(self) -> frozenset[Emotion]:
        """The emotions of the clips, with calm as neutral."""
        return frozenset(mood_of(clip) for clip in self.clips)

    @cached_property
    def by_speaker(self) -> Mapping[str, Mapping[Emotion, tuple[Clip, ...]]]:
        """The clips by speaker and emotion, sorted by their keys."""
        found: defaultdict[str, defaultdict[Emotion, list[Clip]]] = defaultdict(
            lambda: defaultdict(list)
        )
        for clip in sorted(self.clips, key=lambda clip: clip.key):
            assert clip.speaker is not None
            found[clip.speaker][mood_of(clip)].append(clip)
        return {
            speaker: {mood: tuple(clips) for mood, clips in moods.items()}
            for speaker, moods in sorted(found.items())
        }

    @cached_property
    def sexes(self) -> Mapping[str, str | None]:
        """The sex of each speaker, if known."""
        return {clip.speaker: clip.sex for clip in self.clips if clip.speaker is not None}

    @property
    def casting(self) -> Casting:
        """Per film if the speakers have enough clips, else per dialogue."""
        clips = np.median(list(Counter(clip.speaker for clip in self.clips).values()))
        return Casting.FILM if clips >= _CLIPS_FOR_A_FILM else Casting.DIALOGUE


def mood_of(clip: Clip) -> Emotion:
    """A clip's emotion in the script's labels: MELD has no calm."""
    return Emotion.NEUTRAL if clip.emotion is Emotion.CALM else clip.emotion


class Cast:
    """Assigns a voice to each person of the script, for a film or a dialogue."""

    def __init__(self, voices: FilmVoices, generator: np.random.Generator) -> None:
        self._voices = voices
        self._generator = generator
        self._played: dict[str, str] = {}
        self._roles: Counter[str] = Counter()

    def begin_dialogue(self) -> None:
        """Clears the roles if a cast lasts for one dialogue only."""
        if self._voices.casting is Casting.DIALOGUE:
            self._played.clear()

    def speaker_for(self, person: str, present: Sequence[str], lacks: Callable[[str], int]) -> str:
        """Chooses the corpus speaker for a person.

        Prefers the person's sex if the corpus has it; then a speaker without another
        role in this dialogue; then one lacking the fewest clips; then one with the
        fewest roles so far.

        Args:
            person: a speaker in MELD
            present: all speakers of the dialogue
            lacks: returns the number of the person's lines without a clip for a corpus speaker
        """
        if person not in self._played:
            speakers = list(self._voices.by_speaker)
            sex = sex_of(person)
            fitting = [name for name in speakers if sex and self._voices.sexes[name] == sex]
            candidates = fitting or speakers
            taken = {self._played[other] for other in present if other in self._played}
            free = [name for name in candidates if name not in taken] or candidates
            costs = {name: (lacks(name), self._roles[name]) for name in free}
            choice = [name for name in free if costs[name] == min(costs.values())]
            chosen = choice[int(self._generator.integers(len(choice)))]
            self._played[person] = chosen
            self._roles[chosen] += 1
        return self._played[person]


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
        said = say(spoken, script, DISAGREEING, draw)
        scenes, duration_ms = _schedule(spoken, said, duration_of)
        scenes = _score(scenes, backgrounds, draw)
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
            lacks = partial(_lacking, voices, dialogue, line.speaker, uses)
            speaker = cast.speaker_for(line.speaker, people, lacks)
            clip = _clip(voices.by_speaker[speaker].get(line.emotion, ()), uses, draw)
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
    speaker: str,
) -> int:
    """The number of a person's lines for which a corpus speaker has no clip left."""
    wanted = Counter(line.emotion for line in dialogue.lines if line.speaker == person)
    clips = voices.by_speaker[speaker]
    left = {
        mood: sum(MOST_USES - uses[clip.key] for clip in clips.get(mood, ()))
        for mood in wanted
        if mood in voices.emotions
    }
    return sum(max(0, wanted[mood] - count) for mood, count in left.items())


def _clip(clips: Sequence[Clip], uses: Counter[str], draw: np.random.Generator) -> Clip | None:
    """One of the least used clips, or None if all have reached the limit."""
    least = min((uses[clip.key] for clip in clips), default=MOST_USES)
    if least >= MOST_USES:
        return None
    fresh = [clip for clip in clips if uses[clip.key] == least]
    return fresh[int(draw.integers(len(fresh)))]


def _schedule(
    spoken: Sequence[Spoken],
    said: Sequence[SubtitleText],
    duration_of: DurationOf,
) -> tuple[tuple[Scene, ...], int]:
    """Assigns times to the cues of scenes; returns them and the film's duration."""
    names = list(dict.fromkeys(one.dialogue for one in spoken))
    lengths = [duration_of(one.clip) for one in spoken]
    pauses = [0, *(_pause(*pair) for pair in pairwise(spoken))]
    wanted_ms = round(len(spoken) * 60_000 / CUES_PER_MINUTE)
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
    draw: np.random.Generator,
) -> tuple[Scene, ...]:
    """Adds music to two of three scenes."""
    scored, quiet = [], 0
    for place, scene in enumerate(scenes):
        if place % _ONE_QUIET_IN == 0:
            quiet = place + int(draw.integers(_ONE_QUIET_IN))
        track = backgrounds.music[int(draw.integers(len(backgrounds.music)))]
        at, snr_db = float(draw.random()), float(draw.uniform(*SNR_DB))
        scored.append(
            scene if place == quiet else Scene(scene.dialogue, scene.cues, track, at, snr_db)
        )
    return tuple(scored)
