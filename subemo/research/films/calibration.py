"""Fits a model's decision parameters on the validation films."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from ...analysis.analyse import analyse
from ...analysis.film import open_film
from ...analysis.joint import evidence_of
from ...core.emotions import EMOTIONS, Emotion
from ...core.progress import OnStep, Step, ignore
from ...core.settings import check_number
from ...model.bundle import Bundle
from ...model.classifier import Classifier
from ...model.decision import Witnesses
from ...sources.lookup import read_subtitles
from ...witness import WordsWitness
from ..corpora import Split
from ..training.training_data import read_data
from .building import BuiltFilm, FilmOrder, build_films
from .fitting import FilmEvidence, fit_decision
from .folds import classifier_for


def calibrated(
    model: Classifier,
    witness: WordsWitness | None,
    order: FilmOrder,
    *,
    work: Path,
    precision: float | None = None,
    on_step: OnStep = ignore,
) -> Bundle:
    """Returns the model with fitted decision parameters.

    The evidence for a film comes from a fold trained without its corpus.

    Args:
        model: the voice model
        witness: the text model, not trained on validation dialogues; None for the voice alone
        order: the validation films
        work: folder of cached features, folds and films
        precision: target precision of shown tags, 0 to 1; None for
            `subemo.research.films.fitting.PRECISION`
        on_step: called with each step of progress

    Raises:
        CorpusError: if data is missing, or no threshold reaches the precision
        MissingExtraError: if a fold must be trained without the extra ``train``
        SettingsError: if the precision is invalid
    """
    assert order.split is Split.CHOOSING
    if precision is not None:
        check_number("precision", precision, low=0, high=1, is_whole=False)
    films = list(_films(model, witness, order, work, on_step))
    kinds = [Witnesses.VOICE, *([] if witness is None else [Witnesses.VOICE_AND_WORDS])]
    decision = {kind: fit_decision(films, kind, precision=precision) for kind in kinds}
    return replace(model.bundle, decision=decision)


def _films(
    model: Classifier,
    witness: WordsWitness | None,
    order: FilmOrder,
    work: Path,
    on_step: OnStep,
) -> Iterator[FilmEvidence]:
    """The posteriors of voice and words for each film, by a fold that does not know its voices."""
    data = read_data(order.data)
    for done, corpus in enumerate(order.names):
        on_step(Step("films", done, len(order.names)))
        fold = classifier_for(corpus, model, data, work=work, on_step=on_step)
        alone = Classifier(replace(fold.bundle, decision={}))
        for film in build_films(order, corpus, work / "films"):
            track = read_subtitles(film.subtitles)
            found = analyse(open_film(film.sound), track, model=alone)
            evidence = evidence_of(found.cues, found.predictions, witness, track.document.form)
            yield FilmEvidence(corpus, evidence, _truth(film))
    on_step(Step("films", len(order.names), len(order.names)))


def _truth(film: BuiltFilm) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    neutral, calm = EMOTIONS.index(Emotion.NEUTRAL), EMOTIONS.index(Emotion.CALM)
    truth = np.array([EMOTIONS.index(cue.emotion) for cue in film.cues])
    return np.where(truth == calm, neutral, truth)
