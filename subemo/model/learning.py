"""What a person's judgements of some of a film's cues teach about the others.

A model errs on one film's voices in its own way: where it hears anger, it may
be fear that these actors play. So the film's log likelihoods get a correction
that is linear in what the voice says: b + W x, with x a cue's log posterior of
the voice, centred and scaled over the film. b and W are found from the judged
cues by penalised maximum likelihood: the softmax of log prior + log likelihood
+ b + W x is to give the judged states. The penalty is a normal prior on each
number (multinomial logistic regression, maximum a posteriori; Bishop, *Pattern
Recognition and Machine Learning*, 4.3.4 and 4.5). Its two variances were chosen
on the films for choosing; docs/studio.md says what it is worth.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

#: The variance of the normal prior of each number of b, and of W.
VARIANCE_OF_SHIFT, VARIANCE_OF_MAP = 0.02, 0.15
#: Newton's method converges in a handful of steps; the objective is concave.
_STEPS = 10
#: What a likelihood, and a posterior of the voice, of 0 counts as.
_LEAST, _LEAST_VOICE = 1e-12, 1e-3


def learned_emissions(
    emissions: Array, prior: Array, voice: Array, known: Mapping[int, int]
) -> Array:
    """The likelihoods of a film's states, some of which a person has told.

    Args:
        emissions: shape (cues, states), what the witnesses say
        prior: of the states, shape (states,)
        voice: posteriors of the voice by itself, shape (cues, states); a row of NaN where
            no voice can be classified
        known: the state that a person heard, by the cue's row

    Returns:
        shape (cues, states): of a known cue 1 for its state and 0 for the others, and of the
        rest corrected by what is known; the largest of each row is 1

    Example:
        >>> import numpy as np
        >>> voice, prior = np.array([[0.6, 0.4], [0.6, 0.4], [0.1, 0.9]]), np.array([0.5, 0.5])
        >>> learned = learned_emissions(voice, prior, voice, {0: 1})
        >>> learned[0].tolist(), bool(learned[1, 1] > 0.4 / 0.6)
        ([0.0, 1.0], True)
    """
    rows = np.array(sorted(known))
    states = np.array([known[row] for row in rows.tolist()])
    logs = np.log(np.maximum(emissions, _LEAST))
    inputs = _inputs(voice)
    weights = _fitted(logs[rows] + np.log(np.maximum(prior, _LEAST)), inputs[rows], states)
    corrected = logs + inputs @ weights.T
    learned = np.asarray(np.exp(corrected - corrected.max(axis=1, keepdims=True)))
    learned[rows] = np.eye(emissions.shape[1])[states]
    return learned


def _inputs(voice: Array) -> Array:
    """A 1 and the x of the module's docstring, shape (cues, 1 + states)."""
    there = ~np.isnan(voice).any(axis=1)
    found = np.zeros(voice.shape)
    if there.any():
        logs = np.log(np.maximum(voice[there], _LEAST_VOICE))
        logs -= logs.mean(axis=1, keepdims=True)
        logs -= logs.mean(axis=0)
        found[there] = logs / max(float(logs.std()), _LEAST_VOICE)
    return np.hstack([np.ones((len(voice), 1)), found])


def _fitted(logits: Array, inputs: Array, states: npt.NDArray[np.int64]) -> Array:
    """B and W side by side, shape (states, 1 + states), by Newton's method."""
    size, width = logits.shape[1], inputs.shape[1]
    variances = np.tile([VARIANCE_OF_SHIFT, *[VARIANCE_OF_MAP] * (width - 1)], size)
    told = np.eye(size)[states]
    weights = np.zeros(size * width)
    for _ in range(_STEPS):
        rows = logits + inputs @ weights.reshape(size, width).T
        rows = np.exp(rows - rows.max(axis=1, keepdims=True))
        rows /= rows.sum(axis=1, keepdims=True)
        gradient = ((told - rows).T @ inputs).ravel() - weights / variances
        spread = np.einsum("ns,st->nst", rows, np.eye(size)) - np.einsum("ns,nt->nst", rows, rows)
        curvature = np.einsum("nst,nd,ne->sdte", spread, inputs, inputs, optimize=True)
        step = np.linalg.solve(
            curvature.reshape(size * width, size * width) + np.diag(1 / variances), gradient
        )
        weights = weights + step / max(1.0, float(np.abs(step).max()))
        if np.abs(step).max() < 1e-6:
            break
    return np.asarray(weights.reshape(size, width))
