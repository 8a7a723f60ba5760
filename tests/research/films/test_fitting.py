"""Fitting finds what the films were drawn with."""

from __future__ import annotations

import numpy as np
import pytest

from subemo.core.emotions import EMOTIONS
from subemo.core.errors import CorpusError
from subemo.model.decision import UNIFORM, Evidence, Witnesses
from subemo.research.films.calibration import FilmEvidence, fit_decision

PRIOR = np.array([0.55, 0.0, 0.15, 0.1, 0.1, 0.04, 0.03, 0.03])


def film(corpus: str, seed: int, cues: int = 150) -> FilmEvidence:
    """Witnesses whose likelihoods are known: the voice's logits are twice what they are worth."""
    rng = np.random.default_rng(seed)
    truth = rng.choice(8, size=cues, p=PRIOR)

    def witness(strength: float, scale: float) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
        logits = rng.normal(size=(cues, 8)) * np.sqrt(strength)
        logits[np.arange(cues), truth] += strength
        share = np.exp(scale * (logits - logits.max(axis=1, keepdims=True)))
        return np.asarray(share / share.sum(axis=1, keepdims=True))

    starts = [1000 * index for index in range(cues)]
    evidence = Evidence(
        witness(3.0, 2.0), UNIFORM, witness(1.5, 1.0), UNIFORM, starts,
        [start + 900 for start in starts],
    )  # fmt: skip
    return FilmEvidence(corpus, evidence, truth)


def test_weights_prior_and_threshold_are_found() -> None:
    films = [film("a", 1), film("b", 2)]
    found = fit_decision(films, Witnesses.VOICE_AND_WORDS, precision=0.8)
    assert found.voice_weight == pytest.approx(0.5, abs=0.2)
    assert found.words_weight == pytest.approx(1.0, abs=0.4)
    assert found.prior[0] == pytest.approx(0.55, abs=0.1)
    assert found.prior[EMOTIONS.index("calm")] == 0
    assert found.persistence < 0.2
    stricter = fit_decision(films, Witnesses.VOICE_AND_WORDS, precision=0.95)
    assert stricter.threshold > found.threshold
    assert fit_decision(films, Witnesses.VOICE, precision=0.8).words_weight == 0


def test_one_corpus_is_not_enough() -> None:
    with pytest.raises(CorpusError, match="at least two corpora"):
        fit_decision([film("a", 1)], Witnesses.VOICE)
