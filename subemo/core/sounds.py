"""Vocal sounds, vocal effort, and sounds of the scene."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from .emotions import Emotion


class Sound(StrEnum):
    """A vocal sound that is not speech.

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
    """Vocal effort worth a caption; ordinary speech is neither.

    Example:
        >>> Effort("whisper").value
        'whisper'
    """

    SHOUT = "shout"
    WHISPER = "whisper"


class SceneSound(StrEnum):
    """A sound that no voice makes; it is shown between cues, not in them.

    Example:
        >>> SceneSound("siren").value
        'siren'
    """

    MUSIC = "music"
    APPLAUSE = "applause"
    SIREN = "siren"
    DOOR = "door"
    KNOCK = "knock"
    PHONE = "phone"
    GUNSHOT = "gunshot"
    EXPLOSION = "explosion"
    THUNDER = "thunder"
    GLASS = "glass"
    BARK = "bark"


#: All of them, in the order used in arrays.
SOUNDS = tuple(Sound)
EFFORTS = tuple(Effort)
SCENE_SOUNDS = tuple(SceneSound)
#: Those that have a word in each language; music has a sign.
SCENE_WORDS = tuple(sound for sound in SceneSound if sound is not SceneSound.MUSIC)

#: A vocal event: a sound or an effort.
Vocal = Sound | Effort
#: All vocal events, sounds first.
VOCALS: tuple[Vocal, ...] = (*SOUNDS, *EFFORTS)
#: A sound that can have a cue of its own.
FilmSound = Sound | SceneSound
#: Everything that a tag in a cue can say.
Tag = Emotion | Sound | Effort


@dataclass(frozen=True)
class VocalProbabilities:
    """The probabilities of vocal sounds, shouting and whispering in a cue.

    Attributes:
        sounds: probabilities in the order of `SOUNDS`
        efforts: probabilities in the order of `EFFORTS`

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
        """The probability of a sound or effort, 0 to 1."""
        if isinstance(vocal, Sound):
            return self.sounds[SOUNDS.index(vocal)]
        return self.efforts[EFFORTS.index(vocal)]

    def by_name(self) -> dict[str, float]:
        """The probabilities by name."""
        return {vocal.value: self.probability(vocal) for vocal in VOCALS}


@dataclass(frozen=True)
class SoundHeard:
    """A sound somewhere in a film.

    Attributes:
        start_ms: when it begins
        end_ms: when it ends
        sound: which
        probability: of it, 0 to 1
    """

    start_ms: int
    end_ms: int
    sound: FilmSound
    probability: float
