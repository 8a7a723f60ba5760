"""Finds the cues and the spoken language of a film without subtitles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..align import SilencePolicy
from ..align.voice_activity import SpeechPolicy
from ..core.cache import Cache, file_digest
from ..core.version import __version__
from ..sources.segmentation import Sound, empty_cues, transcribed
from ..sources.transcript import compose
from ..subtitles.document import Cue
from ..tagging.limits import ReadingLimits, limits_for
from ..transcription.cached import CachedTranscript
from ..transcription.whisper import Transcriber
from ..transcription.words import Transcript
from .film import Film

#: The reading limits for a spoken language, or for None if it is unknown.
LimitsOf = Callable[[str | None], ReadingLimits]


@dataclass(frozen=True)
class CueSearch:
    """How the cues of a film are found.

    Attributes:
        sound: the film's sound
        split: how it is segmented
        transcriber: the speech recogniser; None leaves the cues empty
        limits: the reading limits of a cue
        cache: where transcripts are cached
        on_note: called with each note that does not affect the result
        damage: messages on damaged sound so far; grows while reading
        warnings: receives other warnings
    """

    sound: Sound
    split: SilencePolicy | SpeechPolicy
    transcriber: Transcriber | None
    limits: LimitsOf
    cache: Cache | None
    on_note: Callable[[str], None]
    damage: Sequence[str]
    warnings: list[str]


def limits_of(limits: ReadingLimits | LimitsOf | None) -> LimitsOf:
    """The limits as a function of the language, see `subemo.AnalysisOptions`."""
    if isinstance(limits, ReadingLimits):
        return lambda _: limits
    return limits or (lambda spoken: limits_for(spoken or "en"))


def found_cues(film: Film, search: CueSearch) -> tuple[tuple[Cue, ...], str | None]:
    """The cues of a film without subtitles.

    Returns:
        the cues, and the spoken language, a BCP 47 code, if known
    """
    limits = search.limits(None)
    if search.transcriber is None:
        return empty_cues(search.sound, search.split, limits), None
    transcript = _transcript(film, search, search.transcriber, limits)
    return compose(transcript.words, search.limits(transcript.language)), transcript.language


def _transcript(
    film: Film, search: CueSearch, transcriber: Transcriber, limits: ReadingLimits
) -> Transcript:
    """The transcript, cached if possible."""
    cached = None
    if search.cache is not None:
        key = Cache.key(
            file_digest(film.path).encode(),
            "transcript",
            __version__,
            transcriber.identity,
            film.heard,
            (search.split, limits.longest_ms),
        )
        cached = CachedTranscript(search.cache, key)
        found = cached.get(on_note=search.on_note)
        if found is not None:
            return found
    transcript = transcribed(search.sound, search.split, transcriber, limits)
    # Not cached, so that damage is reported again.
    if cached is not None and not search.damage:
        search.warnings.extend(cached.put(transcript))
    return transcript
