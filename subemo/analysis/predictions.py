"""The predictions of a film, decoded once for its cues and for what is between them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..align import Span, cut
from ..align.spans import spans
from ..core.errors import BundleError
from ..core.native import one_blas_thread
from ..core.progress import OnStep
from ..core.sounds import SoundHeard
from ..media.audio import Samples
from ..model.classifier import Classifier
from ..model.statistics import Adaptation
from ..sounds.scene import SAMPLE_RATE, SceneTagger
from ..sounds.weights import SoundDetector
from ..subtitles.document import Cue
from .answers import CachedPredictions, CuePrediction, extract_features, predict_cues
from .film import Film
from .gap_sound import GapSound, drain
from .gaps import GapSearch
from .options import AnalysisOptions
from .spill import SpillFile
from .vocals import Listener, add_vocals


@dataclass(frozen=True)
class Notices:
    """Warnings about a film, see `subemo.analysis.analyse.FilmAnalysis`."""

    damage: list[str]
    warnings: list[str]


def predict_film(
    film: Film,
    cues: Sequence[Cue],
    listener: Listener,
    options: AnalysisOptions,
    notices: Notices,
    *,
    tagger: SceneTagger | None,
    on_step: OnStep,
) -> tuple[list[CuePrediction], tuple[SoundHeard, ...]]:
    """The voice's prediction for each cue, and the sounds between cues, if those are asked for.

    Both are cached if possible; otherwise the film is decoded once for both.

    Args:
        film: the film
        cues: its cues
        listener: the models
        options: how the film is analysed
        notices: warnings are added to it
        tagger: the user's own model of other sounds, or None
        on_step: called with each step of progress
    """
    stretches = spans(cue.voice_ms for cue in cues)
    model, sounds, cached = listener.model, listener.sounds, None
    if options.cache is not None:
        cached = CachedPredictions.of(
            options.cache, film, model, listener.adaptation, stretches, sounds
        )
    search = _gap_search(film, cues, listener, options, notices, tagger)
    predictions = None if cached is None else cached.get(len(cues), on_note=options.on_note)
    rows = None if search is None else search.kept()
    missing = None if rows is not None else search
    is_new = predictions is None
    if predictions is None or missing is not None:
        damage = notices.damage.append
        rate = model.features.sample_rate
        with (
            SpillFile() as spill,
            film.sound("extracting features", rate, on_step=on_step, on_warning=damage) as blocks,
        ):
            gaps = None if missing is None else GapSound(missing.gaps, rate, spill)
            passing = blocks if gaps is None else gaps.passing(blocks)
            if predictions is None:
                predictions = predictions_of(
                    passing, stretches, model,
                    adaptation=listener.adaptation, threads=options.threads, sounds=sounds,
                )  # fmt: skip
            if missing is not None and gaps is not None:
                drain(passing)
                rows = missing.detect(gaps, threads=options.threads, on_step=on_step)
    if not notices.damage:  # not cached, so that damage is reported again
        if cached is not None and is_new:
            notices.warnings.extend(cached.put(predictions))
        if missing is not None and rows is not None:
            notices.warnings.extend(missing.put(rows))
    return predictions, () if search is None or rows is None else search.sounds(rows)


def _gap_search(
    film: Film,
    cues: Sequence[Cue],
    listener: Listener,
    options: AnalysisOptions,
    notices: Notices,
    tagger: SceneTagger | None,
) -> GapSearch | None:
    """The search for sounds where no cue is on screen, if those are asked for."""
    model = listener.model
    if not options.sound_cues:
        return None
    if listener.sounds is None:
        notices.warnings.append(
            f"{film.path}: no sounds are shown between cues, since {model.bundle.name} has no "
            "detector of sounds"
        )
        return None
    if tagger is not None and model.features.sample_rate != SAMPLE_RATE:
        raise BundleError(
            f"this model of sounds needs {SAMPLE_RATE} Hz, but {model.bundle.name} extracts "
            f"{model.features.sample_rate} Hz",
            path=tagger.path,
            remedy="Use the default `model`.",
        )
    times = tuple((cue.start_ms, cue.end_ms) for cue in cues)
    sounds, cache, note = listener.sounds, options.cache, options.on_note
    return GapSearch(film, times, listener, sounds, cache, note, tagger)


def predictions_of(
    blocks: Iterable[Samples],
    stretches: Sequence[Span],
    model: Classifier,
    *,
    adaptation: Adaptation | None = None,
    threads: int | None = 1,
    sounds: SoundDetector | None = None,
) -> list[CuePrediction]:
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
        predictions = predict_cues(found, cues, model, adaptation)
        return predictions if sounds is None else add_vocals(found, predictions, sounds)
