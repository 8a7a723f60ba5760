"""From a film's sound to a prediction for each cue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from ..align import SilencePolicy
from ..align.voice_activity import SpeechPolicy
from ..core.cache import Cache, file_digest
from ..core.progress import OnStep, ignore
from ..core.sounds import SoundHeard
from ..core.version import __version__
from ..model.classifier import Classifier
from ..model.statistics import Adaptation
from ..sounds.scene import read_tagger
from ..sounds.weights import SoundDetector
from ..sources.lookup import SubtitleTrack
from ..sources.transcript import Sound, compose, empty_cues, transcribed
from ..subtitles.document import Cue
from ..transcription.whisper import Transcriber
from ..transcription.words import CachedTranscript
from .features import Listener, weights_for
from .film import Film
from .joint import DecidingModels, chosen_text_model, joint_predictions
from .options import AnalysisOptions, limits_of
from .predictions import CuePrediction, Notices, predict_film


@dataclass(frozen=True)
class FilmAnalysis:
    """The predictions for each cue of a film, before tags are decided.

    Attributes:
        film: the film
        cues: those of its subtitles or, without them, those found in its sound
        predictions: one prediction for each cue
        model: the model's name
        threshold: the model's lowest probability of a shown tag
        witness: the name of the text model, or None
        adaptation: how features were standardised
        transcriber: the name of the speech recogniser, or None
        spoken_language: the language of the speech, a BCP 47 code, if it was given or detected
        sounds: the detector of vocal sounds, or None
        sounds_heard: sounds outside all cues, if requested
        sound_model: SHA-256 of the user's own model of sounds, or None
        damage: messages on damage in the film
        warnings: other warnings

    Example:
        >>> import subemo
        >>> film = subemo.open_film("samples/trailer.mp4")
        >>> track = subemo.read_subtitles("samples/trailer.srt")
        >>> found = subemo.analyse(film, track, model=subemo.load_model())
        >>> [predicted.prediction.emotion.value for predicted in found.predictions]
        ['neutral', 'calm', 'sad', 'calm']
    """

    film: Film
    cues: tuple[Cue, ...]
    predictions: tuple[CuePrediction, ...]
    model: str
    threshold: float
    adaptation: Adaptation
    witness: str | None = None
    transcriber: str | None = None
    spoken_language: str | None = None
    sounds: SoundDetector | None = None
    sounds_heard: tuple[SoundHeard, ...] = ()
    sound_model: str | None = None
    damage: tuple[str, ...] = ()
    warnings: tuple[str, ...] = field(default=(), repr=False)

    @property
    def answers(self) -> tuple[CuePrediction, ...]:
        """The name of `predictions` in 1.0."""
        return self.predictions


def analyse(
    film: Film,
    subtitles: SubtitleTrack | None = None,
    *,
    model: Classifier,
    options: AnalysisOptions | None = None,
    on_step: OnStep = ignore,
) -> FilmAnalysis:
    """Predicts the emotion of each cue of a film.

    Args:
        film: the result of `open_film`
        subtitles: its subtitles; without them the film is segmented by detected speech
        model: the classifier
        options: how the film is analysed
        on_step: called with each step of progress

    Raises:
        SubemoError: or a subclass, with a message for the user

    Example:
        >>> import subemo
        >>> film = subemo.open_film("samples/trailer.mp4")
        >>> track = subemo.read_subtitles("samples/trailer.srt")
        >>> len(subemo.analyse(film, track, model=subemo.load_model("subemo-crnn")).predictions)
        4
    """
    options = options or AnalysisOptions()
    notices = Notices([], [])
    tagger = None if options.sound_model is None else read_tagger(options.sound_model)
    sound = partial(film.sound, on_step=on_step, on_warning=notices.damage.append)
    cues, language = _cues(film, subtitles, sound, options, notices)
    listener = _listener(model, options)
    predictions, sounds_heard = predict_film(
        film, cues, listener, options, notices, tagger=tagger, on_step=on_step
    )
    text_model = chosen_text_model(options.witness, model.bundle, cues, language)
    form = None if subtitles is None else subtitles.document.form
    deciding = DecidingModels(model.bundle, text_model, listener.sounds)
    decided, threshold = joint_predictions(cues, predictions, deciding, form)
    transcriber = options.transcriber if subtitles is None else None
    return FilmAnalysis(
        film=film,
        cues=tuple(cues),
        predictions=tuple(decided),
        model=model.bundle.name,
        threshold=threshold,
        witness=None if text_model is None else text_model.name,
        adaptation=listener.adaptation,
        transcriber=None if transcriber is None else transcriber.name,
        spoken_language=None if transcriber is None else language,
        sounds=listener.sounds,
        sounds_heard=sounds_heard,
        sound_model=None if tagger is None else tagger.digest,
        damage=tuple(notices.damage),
        warnings=tuple(notices.warnings),
    )


def _cues(
    film: Film,
    subtitles: SubtitleTrack | None,
    sound: Sound,
    options: AnalysisOptions,
    notices: Notices,
) -> tuple[Sequence[Cue], str | None]:
    """The cues of the subtitles, or those found in the sound; and their language, if known."""
    if subtitles is not None:
        return subtitles.document.cues, subtitles.language
    cues, language = _found_cues(film, sound, options, notices)
    if not cues:
        notices.warnings.append(f"{film.path}: no speech found (try `split=SilencePolicy()`)")
    return cues, language


def _listener(model: Classifier, options: AnalysisOptions) -> Listener:
    adaptation = Adaptation(options.adaptation or model.bundle.adaptation)
    return Listener(model, adaptation, weights_for(model))


def _found_cues(
    film: Film, sound: Sound, options: AnalysisOptions, notices: Notices
) -> tuple[tuple[Cue, ...], str | None]:
    """The cues of a film without subtitles, and the spoken language, if known."""
    limits, split = limits_of(options.limits), options.split or SpeechPolicy()
    if options.transcriber is None:
        return empty_cues(sound, split, limits(None)), None
    found = _cached_transcript(film, options.transcriber, split, limits(None).longest_ms, options)
    transcript = None if found is None else found.get(on_note=options.on_note)
    if transcript is None:
        transcript = transcribed(sound, split, options.transcriber, limits(None))
        # Not cached, so that damage is reported again.
        if found is not None and not notices.damage:
            notices.warnings.extend(found.put(transcript))
    return compose(transcript.words, limits(transcript.language)), transcript.language


def _cached_transcript(
    film: Film,
    transcriber: Transcriber,
    split: SilencePolicy | SpeechPolicy,
    longest_ms: int,
    options: AnalysisOptions,
) -> CachedTranscript | None:
    """The entry of the transcript in the cache, if there is one."""
    if options.cache is None:
        return None
    key = Cache.key(
        file_digest(film.path).encode(), "transcript", __version__, transcriber.identity,
        film.heard, (split, longest_ms),
    )  # fmt: skip
    return CachedTranscript(options.cache, key)
