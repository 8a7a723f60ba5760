"""What voices do beside speaking, and how hard they do it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from .emotions import Emotion


class Sound(StrEnum):
    """A sound of a voice that is no word.

    Example:
        >>> Sound("sob")
        <Sound.SOB: 'sob'>
    """

    LAUGH = "laugh"
    SOB = "sob"
    SCREAM = "scream"
    SIGH = "sigh"
    GASP = "gasp"
    COUGH = "cough"
    SNEEZE = "sneeze"


class Effort(StrEnum):
    """Vocal effort, as far as a caption tells of it: ordinary speech is none of the two.

    Example:
        >>> Effort("whisper").value
        'whisper'
    """

    SHOUT = "shout"
    WHISPER = "whisper"


#: All of them, in the order of every array.
SOUNDS = tuple(Sound)
EFFORTS = tuple(Effort)

#: What is heard of a voice beside its words and its emotion.
Vocal = Sound | Effort
#: All of these, sounds first.
VOCALS: tuple[Vocal, ...] = (*SOUNDS, *EFFORTS)
#: Whatever a tag can say.
Tag = Emotion | Sound | Effort


@dataclass(frozen=True)
class VocalProbabilities:
    """How likely each sound, shouting and whispering are in a cue.

    Attributes:
        sounds: in the order of `SOUNDS`
        efforts: in the order of `EFFORTS`

    Example:
        >>> heard = VocalProbabilities(sounds=(0.9, 0, 0, 0, 0, 0, 0), efforts=(0.1, 0.2))
        >>> heard.probability(Sound.LAUGH), heard.probability(Effort.WHISPER)
        (0.9, 0.2)
    """

    sounds: tuple[float, ...]
    efforts: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.sounds) != len(SOUNDS) or len(self.efforts) != len(EFFORTS):
            raise ValueError(f"{len(self.sounds)} sounds and {len(self.efforts)} efforts")

    def probability(self, vocal: Vocal) -> float:
        """How likely one of them is, 0 to 1."""
        if isinstance(vocal, Sound):
            return self.sounds[SOUNDS.index(vocal)]
        return self.efforts[EFFORTS.index(vocal)]

    def by_name(self) -> dict[str, float]:
        """The probability of each, by its name."""
        return {vocal.value: self.probability(vocal) for vocal in VOCALS}
