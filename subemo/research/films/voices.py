"""The voices of a film: a corpus's clips by speaker and mood, and who plays whom."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np

from ...core.emotions import Emotion
from ...core.errors import CorpusError
from ..corpora import Clip
from .dialogues import sex_of
from .splits import LANGUAGES, Split, check_corpus

#: A corpus with fewer clips a speaker cannot fill a role through a whole film.
_CLIPS_FOR_A_FILM = 40


class Casting(StrEnum):
    """For how long a person of the script has the same voice."""

    FILM = "film"
    DIALOGUE = "dialogue"


@dataclass(frozen=True)
class Voices:
    """The clips of one corpus.

    Attributes:
        split: what its films are for
        corpus: its name in `subemo.research.corpora.CORPORA`
        clips: all of that corpus, each with a speaker

    Raises:
        CorpusError: if the corpus is not for this split, a clip is of another
            one, or has no speaker
    """

    split: Split
    corpus: str
    clips: tuple[Clip, ...]

    def __post_init__(self) -> None:
        check_corpus(self.corpus, self.split)
        for clip in self.clips:
            if clip.corpus != self.corpus or clip.speaker is None:
                raise CorpusError(
                    f"not a clip of a speaker of {self.corpus}: {clip.key}", path=clip.path
                )

    @property
    def language(self) -> str:
        """What is spoken, BCP 47."""
        return LANGUAGES[self.corpus]

    @cached_property
    def emotions(self) -> frozenset[Emotion]:
        """The moods that some clip has, calm counted as neutral."""
        return frozenset(mood_of(clip) for clip in self.clips)

    @cached_property
    def by_speaker(self) -> Mapping[str, Mapping[Emotion, tuple[Clip, ...]]]:
        """The clips of each mood of each speaker, sorted by their keys."""
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
        """The sex of each speaker, where the corpus says."""
        return {clip.speaker: clip.sex for clip in self.clips if clip.speaker is not None}

    @property
    def casting(self) -> Casting:
        """Through a film where the speakers have enough clips for that."""
        clips = np.median(list(Counter(clip.speaker for clip in self.clips).values()))
        return Casting.FILM if clips >= _CLIPS_FOR_A_FILM else Casting.DIALOGUE


def mood_of(clip: Clip) -> Emotion:
    """A clip's emotion as the script knows it: nobody in MELD is labelled calm."""
    return Emotion.NEUTRAL if clip.emotion is Emotion.CALM else clip.emotion


class Cast:
    """Who speaks for whom: one voice for each person of the script, for as long as a cast lasts.

    Args:
        voices: of one corpus
        generator: of all chances
    """

    def __init__(self, voices: Voices, generator: np.random.Generator) -> None:
        self._voices = voices
        self._generator = generator
        self._played: dict[str, str] = {}
        self._roles: Counter[str] = Counter()

    def begin_dialogue(self) -> None:
        """Lets the roles be given anew where a cast lasts for a dialogue alone."""
        if self._voices.casting is Casting.DIALOGUE:
            self._played.clear()

    def speaker_for(self, person: str, present: Sequence[str], lacks: Callable[[str], int]) -> str:
        """The corpus speaker who plays somebody.

        Of that person's sex, if the corpus has one; who has no other role in
        this dialogue, if there is one; who lacks the fewest clips; and who has
        the fewest roles so far.

        Args:
            person: a speaker of MELD's
            present: all speakers of the dialogue
            lacks: for how many lines of that person a corpus speaker has no clip left
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
