"""Films and their evidence, for fitting a decision."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from ...analysis.analyse import analyse
from ...analysis.film import open_film
from ...analysis.joint import evidence_of
from ...core.emotions import EMOTIONS, Emotion
from ...model.classifier import Classifier
from ...model.decision import Evidence
from ...sources.lookup import read_subtitles
from ...witness import WordsWitness
from .building import BuiltFilm
from .fitting import FilmEvidence
from .splits import Split, check_held_out


def film_evidence(
    films: Mapping[str, Sequence[BuiltFilm]],
    models: Mapping[str, Classifier],
    witness: WordsWitness | None,
) -> Iterator[FilmEvidence]:
    """The posteriors of voice and words for validation films.

    Args:
        films: films by corpus
        models: for each corpus, a model not trained on it
        witness: a text model not trained on validation dialogues, or None

    Raises:
        CorpusError: if a film is not a validation film, or a model was trained on its corpus
    """
    for corpus, of_corpus in films.items():
        model = models[corpus]
        check_held_out(corpus, model.bundle.training_corpora)
        alone = Classifier(replace(model.bundle, decision={}))
        for film in of_corpus:
            assert film.split is Split.CHOOSING
            yield FilmEvidence(corpus, _evidence(film, alone, witness), _truth(film))


def _evidence(film: BuiltFilm, model: Classifier, witness: WordsWitness | None) -> Evidence:
    track = read_subtitles(film.subtitles)
    found = analyse(open_film(film.sound), track, model=model)
    return evidence_of(found.cues, found.predictions, witness, track.document.form)


def _truth(film: BuiltFilm) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    neutral, calm = EMOTIONS.index(Emotion.NEUTRAL), EMOTIONS.index(Emotion.CALM)
    truth = np.array([EMOTIONS.index(cue.emotion) for cue in film.cues])
    return np.where(truth == calm, neutral, truth)
