"""Runs a model on films and collects its predictions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from ... import annotate
from ...analysis.joint import WitnessChoice
from ...analysis.options import AnalysisOptions
from ...annotation import Annotation
from ...core.cache import Cache
from ...core.emotions import Emotion
from ...core.files import write_atomically
from ...core.prediction import Prediction
from ...core.progress import OnStep, ignore
from ...model.classifier import Classifier
from ...model.statistics import Adaptation
from ...tagging.policy import TagPolicy
from .answers import Answers, CueAnswer, answers_csv, read_answers
from .building import BuiltFilm
from .splits import check_held_out

_NO_LIMIT = 10_000


class Variant(StrEnum):
    """A way to annotate films."""

    #: With the default options.
    DEFAULT = "default"
    #: The same without limits on density and readability.
    OPEN = "open"
    #: Voice and neighbouring cues only, as for a language without a text model.
    VOICE = "voice"
    #: The same without limits on density and readability.
    VOICE_OPEN = "voice-open"
    #: Features standardised on the training data, not on the film.
    NO_ADAPTATION = "adapt-none"


@dataclass(frozen=True)
class Settings:
    """The settings of `annotate` that a variant changes.

    Attributes:
        policy: when a tag is shown
        options: how the film is analysed
    """

    policy: TagPolicy
    options: AnalysisOptions


_OPEN = TagPolicy(
    cues_per_tag=1,
    ms_per_tag=0,
    same_tag_ms=0,
    tags_per_minute=_NO_LIMIT,
    veto_ms=0,
    chars_per_second=_NO_LIMIT,
    chars_per_line=_NO_LIMIT,
    max_lines=_NO_LIMIT,
)

#: The settings of each variant.
SETTINGS: Mapping[Variant, Settings] = MappingProxyType(
    {
        Variant.DEFAULT: Settings(TagPolicy(), AnalysisOptions()),
        Variant.OPEN: Settings(_OPEN, AnalysisOptions()),
        Variant.VOICE: Settings(TagPolicy(), AnalysisOptions(witness=WitnessChoice.VOICE)),
        Variant.VOICE_OPEN: Settings(_OPEN, AnalysisOptions(witness=WitnessChoice.VOICE)),
        Variant.NO_ADAPTATION: Settings(TagPolicy(), AnalysisOptions(adaptation=Adaptation.NONE)),
    }
)


def answer_film(
    film: BuiltFilm,
    model: Classifier,
    variant: Variant,
    *,
    cache: Cache | None = None,
    on_step: OnStep = ignore,
) -> list[CueAnswer]:
    """Predicts each cue of a film.

    Args:
        film: see `build_films`
        model: a model not trained on the film's corpus
        variant: how the film is annotated
        cache: cache of the voice's predictions, for other variants
        on_step: called with each step of progress

    Raises:
        CorpusError: if the model was trained on voices of the film's corpus
    """
    check_held_out(film.corpus, model.bundle.training_corpora)
    settings = SETTINGS[variant]
    annotation = annotate(
        film.sound,
        film.subtitles,
        model=model,
        policy=settings.policy,
        options=replace(settings.options, cache=cache),
        on_step=on_step,
    )
    return cue_answers(annotation)


def cue_answers(annotation: Annotation) -> list[CueAnswer]:
    """The predictions for each cue of an annotation."""
    found = []
    for cue in annotation.cues:
        joint = _probabilities(cue.prediction)
        voice = joint if cue.voice_prediction is None else _probabilities(cue.voice_prediction)
        tag = cue.decision.tag if isinstance(cue.decision.tag, Emotion) else None
        found.append(CueAnswer(voice, _probabilities(cue.text_prediction), joint, tag))
    return found


def _probabilities(prediction: Prediction | None) -> tuple[float, ...] | None:
    return None if prediction is None else prediction.probabilities


def answer_films(
    films: Mapping[str, list[BuiltFilm]],
    models: Mapping[str, Classifier],
    variant: Variant,
    *,
    folder: Path,
    cache: Cache | None = None,
    on_step: OnStep = ignore,
) -> Answers:
    """Predicts all films in a variant, writes ``answers-VARIANT.csv`` and reads it back.

    Args:
        films: films by corpus
        models: the model for each corpus's films
        variant: how the films are annotated
        folder: the output folder
        cache: cache of the voice's predictions, for other variants
        on_step: called with each step of progress

    Returns:
        the predictions as read from the file, so that figures are reproducible from it
    """
    pairs = [
        (film, answer_film(film, models[corpus], variant, cache=cache, on_step=on_step))
        for corpus, of_corpus in films.items()
        for film in of_corpus
    ]
    path = folder / f"answers-{variant}.csv"
    write_atomically(path, answers_csv(pairs).encode(), overwrite=True)
    return read_answers(path)
