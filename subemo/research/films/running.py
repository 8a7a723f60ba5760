"""Films, a model's answers to them, and their figures: the whole protocol in one place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from ... import annotate
from ...analysis.analyse import AnalysisOptions
from ...annotation import Annotation
from ...core.files import write_atomically
from ...core.progress import OnStep, ignore
from ...model.classifier import Classifier
from ...model.statistics import Adaptation
from ...tagging.policy import TagPolicy
from .answers import Answers, CueAnswer, gather, read_answers
from .building import BuiltFilm
from .splits import check_unheard

_NO_LIMIT = 10_000


class Variant(StrEnum):
    """How films are annotated."""

    #: As a user gets it who says nothing.
    DEFAULT = "default"
    #: Features standardised as in training, not on the film.
    NO_ADAPTATION = "adapt-none"
    #: A tag from a probability of 0.5 on, however close to another, readable or not.
    LOOSE = "loose"


@dataclass(frozen=True)
class Settings:
    """What of `annotate` a variant changes.

    Attributes:
        policy: when a tag is shown
        options: how the film is analysed
    """

    policy: TagPolicy
    options: AnalysisOptions


#: The settings of each variant.
SETTINGS: Mapping[Variant, Settings] = MappingProxyType(
    {
        Variant.DEFAULT: Settings(TagPolicy(), AnalysisOptions()),
        Variant.NO_ADAPTATION: Settings(TagPolicy(), AnalysisOptions(adaptation=Adaptation.NONE)),
        Variant.LOOSE: Settings(
            TagPolicy(
                min_confidence=0.5,
                cues_per_tag=1,
                ms_per_tag=0,
                chars_per_second=_NO_LIMIT,
                chars_per_line=_NO_LIMIT,
                max_lines=_NO_LIMIT,
            ),
            AnalysisOptions(),
        ),
    }
)


def answer_film(
    film: BuiltFilm, model: Classifier, variant: Variant, *, on_step: OnStep = ignore
) -> list[CueAnswer]:
    """What a model answers to each cue of a film.

    Args:
        film: see `build_films`
        model: which has not heard the film's corpus
        variant: how the film is annotated
        on_step: told of progress

    Raises:
        CorpusError: if the model was trained on voices of the film's corpus
    """
    check_unheard(film.corpus, model.bundle.training_corpora)
    settings = SETTINGS[variant]
    annotation = annotate(
        film.sound,
        film.subtitles,
        model=model,
        policy=settings.policy,
        options=settings.options,
        on_step=on_step,
    )
    return cue_answers(annotation)


def cue_answers(annotation: Annotation) -> list[CueAnswer]:
    """What an annotation says of each cue; without a witness for words the voice decides alone."""
    found = []
    for cue in annotation.cues:
        voice = None if cue.prediction is None else cue.prediction.probabilities
        found.append(CueAnswer(voice, None, voice, cue.decision.tag))
    return found


def answer_films(
    films: Mapping[str, list[BuiltFilm]],
    models: Mapping[str, Classifier],
    variant: Variant,
    *,
    folder: Path,
    on_step: OnStep = ignore,
) -> Answers:
    """The answers to all films of a variant, written to ``answers-VARIANT.csv`` and read again.

    Args:
        films: of each corpus
        models: the one that each corpus's films judge
        variant: how the films are annotated
        folder: where to
        on_step: told of progress

    Returns:
        what is in the file, so that its figures are those of anyone who reads it
    """
    pairs = [
        (film, answer_film(film, models[corpus], variant, on_step=on_step))
        for corpus, of_corpus in films.items()
        for film in of_corpus
    ]
    path = folder / f"answers-{variant}.csv"
    write_atomically(path, gather(pairs).to_csv().encode(), overwrite=True)
    return read_answers(path)
