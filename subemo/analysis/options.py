"""Options of the analysis of a film."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from ..align import SilencePolicy
from ..align.voice_activity import SpeechPolicy
from ..core.cache import Cache
from ..core.errors import SettingsError
from ..core.progress import ignore
from ..core.settings import check_kind, check_number, check_one_of, shown
from ..model.statistics import Adaptation, check_adaptation
from ..tagging.limits import ReadingLimits, limits_for
from ..transcription.whisper import Transcriber

#: The most threads.
_MOST_THREADS = 256


#: The reading limits for a spoken language, or for None if it is unknown.
LimitsOf = Callable[[str | None], ReadingLimits]


class WitnessChoice(StrEnum):
    """The evidence that decides on tags.

    Example:
        >>> AnalysisOptions(witness=WitnessChoice.VOICE).witness.value
        'voice'
    """

    #: The voice alone.
    VOICE = "voice"
    #: The voice, and the words if there is a text model for their language.
    BOTH = "both"


def check_choice(choice: str) -> WitnessChoice:
    """The choice with that name.

    Raises:
        SettingsError: if the name is unknown
    """
    check_one_of("witness", choice, tuple(WitnessChoice))
    return WitnessChoice(choice)


@dataclass(frozen=True)
class AnalysisOptions:
    """How a film is analysed; validated when created.

    Attributes:
        adaptation: how features are standardised; None for the model's default
        split: how a film without subtitles is segmented; None for voice activity
        transcriber: the speech recogniser for such a film; None leaves its cues empty
        limits: the reading limits of its cues, or a function of the spoken language
            (None if unknown) that returns them; None for those of the language and adults
        cache: where predictions are cached for other policies and formats
        threads: number of cues whose features are extracted in parallel, besides
            decoding; None for the best number for the model's features
        on_note: called with each note, such as one on a damaged cache entry
        witness: whether the words also decide, if a text model exists for the
            language and the voice model has weights for both
        sound_cues: whether to detect sounds outside all cues, too
        sound_model: a YAMNet in LiteRT format (``yamnet.tflite``) that also detects applause,
            sirens, doors and other sounds of the scene there, or None

    Raises:
        SettingsError: if a value is invalid

    Example:
        >>> AnalysisOptions(adaptation=Adaptation.NONE).adaptation
        <Adaptation.NONE: 'none'>
        >>> AnalysisOptions(threads=0)
        Traceback (most recent call last):
            ...
        subemo.core.errors.SettingsError: threads cannot be 0. It must be from 1 to 256.
    """

    adaptation: Adaptation | None = None
    split: SilencePolicy | SpeechPolicy | None = None
    transcriber: Transcriber | None = None
    limits: ReadingLimits | LimitsOf | None = None
    cache: Cache | None = None
    threads: int | None = None
    on_note: Callable[[str], None] = ignore
    witness: WitnessChoice = WitnessChoice.BOTH
    sound_cues: bool = False
    sound_model: Path | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "witness", check_choice(self.witness))
        object.__setattr__(self, "adaptation", check_adaptation(self.adaptation))
        check_kind(
            "split", self.split, SilencePolicy, SpeechPolicy, what="a SilencePolicy or SpeechPolicy"
        )
        check_kind("transcriber", self.transcriber, Transcriber, what="a Transcriber")
        if not callable(self.limits):
            check_kind("limits", self.limits, ReadingLimits, what="ReadingLimits")
        check_kind("sound_cues", self.sound_cues, bool, what="true or false")
        if isinstance(self.sound_model, str):
            object.__setattr__(self, "sound_model", Path(self.sound_model))
        check_kind("sound_model", self.sound_model, Path, what="the path of a file")
        if self.sound_model is not None and not self.sound_cues:
            raise SettingsError(
                "sound_model is for sounds between cues", remedy="Set `sound_cues=True`, too."
            )
        check_kind("cache", self.cache, Cache, what="a Cache")
        if not callable(self.on_note):
            raise SettingsError(
                f"on_note cannot be {shown(self.on_note)}",
                remedy="It must be a function of one string.",
            )
        if self.threads is not None:
            check_number("threads", self.threads, low=1, high=_MOST_THREADS)


def limits_of(limits: ReadingLimits | LimitsOf | None) -> LimitsOf:
    """The limits as a function of the language, see `subemo.AnalysisOptions`."""
    if isinstance(limits, ReadingLimits):
        return lambda _: limits
    return limits or (lambda spoken: limits_for(spoken or "en"))
