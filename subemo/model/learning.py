"""Updates a film's predictions from a reviewer's judgements of some of its cues.

A model errs systematically on the voices of a film: where it predicts anger, it
may be how these actors play fear. So the film's log likelihoods get a correction
that is linear in the voice's posteriors: b + W x, with x the log posterior of a
cue, centred and scaled over the film. b and W are estimated from the judged cues
by penalised maximum likelihood: the softmax of log prior + log likelihood + b +
W x is fitted to the judged states. The penalty is a normal prior on each number
(multinomial logistic regression, maximum a posteriori; Bishop, *Pattern
Recognition and Machine Learning*, 4.3.4 and 4.5). Its two variances were chosen on
the validation films; docs/research/judgements.md reports its benefit.
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
#: The floor of likelihoods and of the voice's posteriors.
_LEAST, _LEAST_VOICE = 1e-12, 1e-3


def learned_emissions(
    emissions: Array,
    prior: Array,
    voice: Array,
    known: Mapping[int, int],
    start: Array | None = None,
) -> Array:
    """The likelihoods of a film's states, given judgements of some of them.

    Args:
        emissions: likelihoods from the witnesses, shape (cues, states)
        prior: prior of the states, shape (states,)
        voice: posteriors of the voice alone, shape (cues, states); NaN for cues whose
            voice cannot be classified
        known: the judged state, by the cue's row
        start: what another film of the same voices taught, see `film_correction`

    Returns:
        shape (cues, states): one-hot for judged cues, and corrected by the judgements for
        the others; the maximum of each row is 1

    Example:
        >>> import numpy as np
        >>> voice, prior = np.array([[0.6, 0.4], [0.6, 0.4], [0.1, 0.9]]), np.array([0.5, 0.5])
        >>> learned = learned_emissions(voice, prior, voice, {0: 1})
        >>> learned[0].tolist(), bool(learned[1, 1] > 0.4 / 0.6)
        ([0.0, 1.0], True)
    """
    weights = film_correction(emissions, prior, voice, known, start)
    corrected = np.log(np.maximum(emissions, _LEAST)) + _inputs(voice) @ weights.T
    learned = np.asarray(np.exp(corrected - corrected.max(axis=1, keepdims=True)))
    for row, state in known.items():
        learned[row] = np.eye(emissions.shape[1])[state]
    return learned


def film_correction(
    emissions: Array,
    prior: Array,
    voice: Array,
    known: Mapping[int, int],
    start: Array | None = None,
) -> Array:
    """What the judged cues teach: b and W of the module's docstring.

    Args:
        emissions: see `learned_emissions`
        prior: see there
        voice: see there
        known: see there; without any the start is all that is known
        start: the mean of their normal prior, where another film of the same voices taught
            something, else 0; shape (states, 1 + states)

    Returns:
        b and W side by side, shape (states, 1 + states)
    """
    size = emissions.shape[1]
    mean = np.zeros((size, size + 1)) if start is None else start
    if not known:
        return mean
    rows = np.array(sorted(known))
    states = np.array([known[row] for row in rows.tolist()])
    logits = np.log(np.maximum(emissions[rows], _LEAST)) + np.log(np.maximum(prior, _LEAST))
    return _fitted(logits, _inputs(voice)[rows], states, mean)


def _inputs(voice: Array) -> Array:
    """A constant 1 and the x of the module's docstring, shape (cues, 1 + states)."""
    there = ~np.isnan(voice).any(axis=1)
    found = np.zeros(voice.shape)
    if there.any():
        logs = np.log(np.maximum(voice[there], _LEAST_VOICE))
        logs -= logs.mean(axis=1, keepdims=True)
        logs -= logs.mean(axis=0)
        found[there] = logs / max(float(logs.std()), _LEAST_VOICE)
    return np.hstack([np.ones((len(voice), 1)), found])


def _fitted(logits: Array, inputs: Array, states: npt.NDArray[np.int64], mean: Array) -> Array:
    """B and W side by side, shape (states, 1 + states), by Newton's method."""
    size, width = logits.shape[1], inputs.shape[1]
    variances = np.tile([VARIANCE_OF_SHIFT, *[VARIANCE_OF_MAP] * (width - 1)], size)
    judged = np.eye(size)[states]
    weights = mean.ravel()
    for _ in range(_STEPS):
        rows = logits + inputs @ weights.reshape(size, width).T
        rows = np.exp(rows - rows.max(axis=1, keepdims=True))
        rows /= rows.sum(axis=1, keepdims=True)
        gradient = ((judged - rows).T @ inputs).ravel() - (weights - mean.ravel()) / variances
        spread = np.einsum("ns,st->nst", rows, np.eye(size)) - np.einsum("ns,nt->nst", rows, rows)
        curvature = np.einsum("nst,nd,ne->sdte", spread, inputs, inputs, optimize=True)
        step = np.linalg.solve(
            curvature.reshape(size * width, size * width) + np.diag(1 / variances), gradient
        )
        weights = weights + step / max(1.0, float(np.abs(step).max()))
        if np.abs(step).max() < 1e-6:
            break
    return np.asarray(weights.reshape(size, width))
