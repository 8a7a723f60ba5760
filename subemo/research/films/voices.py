"""The voices of a film: a corpus's clips by speaker and emotion, and the cast."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np

from ...core.emotions import Emotion
from ...core.errors import CorpusError
from ..corpora import CORPORA, Clip
from .dialogues import sex_of

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
