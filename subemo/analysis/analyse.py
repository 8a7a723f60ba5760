"""From a film's sound to a prediction for each cue."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from ..align import Span, cut
from ..align.spans import spans, whole
from ..align.voice_activity import SpeechPolicy
from ..core.prediction import Prediction
from ..core.progress import OnStep, ignore
from ..core.sounds import SoundHeard
from ..media.audio import Samples
from ..model.classifier import Classifier
from ..model.statistics import Adaptation
from ..sounds.weights import Weights
from ..sources.lookup import SubtitleTrack
from ..sources.segmentation import Sound
from ..subtitles.document import Cue
from .answers import (
    Answer,
    CachedAnswers,
    answer_cues,
    extract_features,
    one_blas_thread,
)
from .film import Film, open_film
from .found_cues import CueSearch, found_cues, limits_of
from .gap_sound import GapSound, drain
from .gaps import GapSearch, events
from .joint import joint_answers, words_witness
from .options import AnalysisOptions
from .spill import SpillFile
from .vocals import Listener, hear_cues, weights_for


@dataclass(frozen=True)
class FilmAnalysis:
    """The predictions for each cue of a film, before tags are decided.

    Attributes:
        film: the film
        cues: those of its subtitles or, without them, those found in its sound
        answers: one prediction for each cue
        model: the model's name
        threshold: the model's lowest probability of a shown tag
        witness: the name of the text model, or None
        adaptation: how features were standardised
        transcriber: the name of the speech recogniser, or None
        spoken_language: the language of the speech, a BCP 47 code, if it was given or detected
        sounds: the detector of vocal sounds, or None
        between: vocal sounds outside all cues, if requested
        damage: messages on damage in the film
        warnings: other warnings

    Example:
        >>> import subemo
        >>> film = subemo.open_film("samples/trailer.mp4")
        >>> track = subemo.read_subtitles("samples/trailer.srt")
        >>> found = subemo.analyse(film, track, model=subemo.load_model())
        >>> [answer.prediction.emotion.value for answer in found.answers]
        ['neutral', 'sad', 'sad', 'calm']
    """

    film: Film
    cues: tuple[Cue, ...]
    answers: tuple[Answer, ...]
    model: str
    threshold: float
    adaptation: Adaptation
    witness: str | None = None
    transcriber: str | None = None
    spoken_language: str | None = None
    sounds: Weights | None = None
    between: tuple[SoundHeard, ...] = ()
    damage: tuple[str, ...] = ()
    warnings: tuple[str, ...] = field(default=(), repr=False)


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
        >>> found = subemo.analyse(film, track, model=subemo.load_model("subemo-crnn"))
        >>> len(found.answers)
        4
    """
    options = options or AnalysisOptions()
    notices = _Notices([], [])
    sound = partial(film.sound, on_step=on_step, on_warning=notices.damage.append)
    language = None if subtitles is None else subtitles.language
    cues: Sequence[Cue] = () if subtitles is None else subtitles.document.cues
    if subtitles is None:
        cues, language = found_cues(film, _search(sound, options, notices))
    if subtitles is None and not cues:
        notices.warnings.append(f"{film.path}: no speech found (try --split silence)")
    adaptation = Adaptation(options.adaptation or model.bundle.adaptation)
    listener = Listener(model, adaptation, weights_for(model))
    answers, between = _heard(film, cues, listener, options, notices, on_step)
    witness = words_witness(options.witness, model.bundle, cues, language)
    form = None if subtitles is None else subtitles.document.form
    decided, threshold = joint_answers(cues, answers, model.bundle, witness, form)
    transcriber = options.transcriber if subtitles is None else None
    return FilmAnalysis(
        film=film,
        cues=tuple(cues),
        answers=tuple(decided),
        model=model.bundle.name,
        threshold=threshold,
        witness=None if witness is None else witness.name,
        adaptation=adaptation,
        transcriber=None if transcriber is None else transcriber.name,
        spoken_language=None if transcriber is None else language,
        sounds=listener.sounds,
        between=between,
        damage=tuple(notices.damage),
        warnings=tuple(notices.warnings),
    )


@dataclass(frozen=True)
class _Notices:
    """Warnings about a film, see `FilmAnalysis`."""

    damage: list[str]
    warnings: list[str]


def _search(sound: Sound, options: AnalysisOptions, notices: _Notices) -> CueSearch:
    return CueSearch(
        sound,
        options.split or SpeechPolicy(),
        options.transcriber,
        limits_of(options.limits),
        options.cache,
        options.on_note,
        notices.damage,
        notices.warnings,
    )


def _heard(
    film: Film,
    cues: Sequence[Cue],
    listener: Listener,
    options: AnalysisOptions,
    notices: _Notices,
    on_step: OnStep,
) -> tuple[list[Answer], tuple[SoundHeard, ...]]:
    """The voice's prediction for each cue, and the sounds between cues, if those are asked for.

    Both are cached if possible; otherwise the film is decoded once for both.
    """
    stretches = spans(cue.voice_ms for cue in cues)
    cached, answers, rate = None, None, listener.model.features.sample_rate
    if options.cache is not None:
        cached = CachedAnswers.of(
            options.cache, film, listener.model, listener.adaptation, stretches, listener.sounds
        )
        answers = cached.get(len(cues), on_note=options.on_note)
    search = _gap_search(film, cues, listener, options)
    rows = None if search is None else search.kept()
    if answers is not None and (search is None or rows is not None):
        return answers, () if rows is None else tuple(events(rows))
    has_answers, has_rows = answers is not None, search is None or rows is not None
    with (
        SpillFile() as spill,
        film.sound(
            "extracting features", rate, on_step=on_step, on_warning=notices.damage.append
        ) as blocks,
    ):
        between = None
        if search is not None and not has_rows:
            between = GapSound(search.gaps, rate, spill)
            blocks = between.passing(blocks)
        if answers is None:
            answers = answers_of(
                blocks,
                stretches,
                listener.model,
                adaptation=listener.adaptation,
                threads=options.threads,
                sounds=listener.sounds,
            )
        if search is not None and between is not None:
            drain(blocks)
            rows = search.hear(between, threads=options.threads, on_step=on_step)
    # Not cached, so that damage is reported again.
    if not notices.damage:
        if cached is not None and not has_answers:
            notices.warnings.extend(cached.put(answers))
        if search is not None and rows is not None and not has_rows:
            notices.warnings.extend(search.put(rows))
    return answers, () if rows is None else tuple(events(rows))


def _gap_search(
    film: Film, cues: Sequence[Cue], listener: Listener, options: AnalysisOptions
) -> GapSearch | None:
    """The search for sounds where no cue is on screen, if those are asked for."""
    if not options.sound_cues or listener.sounds is None:
        return None
    times = tuple((cue.start_ms, cue.end_ms) for cue in cues)
    return GapSearch(film, times, listener, listener.sounds, options.cache, options.on_note)


def answers_of(
    blocks: Iterable[Samples],
    stretches: Sequence[Span],
    model: Classifier,
    *,
    adaptation: Adaptation | None = None,
    threads: int | None = 1,
    sounds: Weights | None = None,
) -> list[Answer]:
    """Extracts features, computes statistics and predicts each cue.

    Args:
        blocks: the sound, mono, at the rate of the model's features
        stretches: the spans of cue 0, cue 1 and so on, in order
        model: the classifier
        adaptation: how features are standardised; None for the model's default
        threads: number of spans whose features are extracted in parallel; None for
            the best number for the model's features
        sounds: the detector of vocal sounds, or None
    """
    cues = 1 + max((span.cue for span in stretches), default=-1)
    with SpillFile() as spill, one_blas_thread():
        segments = cut(blocks, stretches, sample_rate=model.features.sample_rate)
        found = list(
            extract_features(segments, model, spill, threads=threads or model.features.threads)
        )
        answers = answer_cues(found, cues, model, adaptation)
        return answers if sounds is None else hear_cues(found, answers, sounds)


def classify(
    path: str | Path,
    *,
    model: Classifier,
    audio_stream: int | None = None,
    on_warning: Callable[[str], None] = lambda _: None,
) -> Prediction | None:
    """Classifies a whole file, see `subemo.classify`."""
    film = open_film(path, audio_stream=audio_stream)
    stretches = whole(film.info.duration_ms)
    with film.sound(
        "extracting features", model.features.sample_rate, on_warning=on_warning
    ) as blocks:
        answers = answers_of(blocks, stretches, model)
    return answers[0].prediction if answers else None
