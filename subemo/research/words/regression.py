"""Multinomial logistic regression over sparse rows with shared labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...witness.features import Reals, Rows


@dataclass(frozen=True)
class Penalty:
    """The regularisation of a regression.

    Attributes:
        strength: weight of half the squared norm, relative to the summed cross-entropy
        steps: the most steps of L-BFGS; few steps also regularise
    """

    strength: float
    steps: int

    def __post_init__(self) -> None:
        if self.strength <= 0 or self.steps < 1:
            raise ValueError("strength and steps must be above 0")


def fit(rows: Any, shares: Reals, penalty: Penalty) -> tuple[Reals, Reals]:
    """Fits weights of shape (columns, classes) and biases.

    Minimises −Σ shares · log softmax(rows W + b) + strength ‖W‖² / 2 by L-BFGS.

    Args:
        rows: scipy's CSR matrix of float32, shape (lines, columns)
        shares: shares of the classes in each line's labels, shape (lines, classes)
        penalty: the regularisation
    """
    from scipy.optimize import minimize

    columns, classes = rows.shape[1], shares.shape[1]
    across = rows.T.tocsr()

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        weights = flat[: columns * classes].reshape(columns, classes).astype(np.float32)
        logits = rows @ weights + flat[columns * classes :].astype(np.float32)
        logits -= logits.max(axis=1, keepdims=True)
        likely = np.exp(logits)
        total = likely.sum(axis=1, keepdims=True)
        held = penalty.strength / 2 * float((weights * weights).sum())
        value = float((shares * (np.log(total) - logits)).sum()) + held
        wrong = likely / total - shares
        slope = across @ wrong + penalty.strength * weights
        return value, np.concatenate([slope.ravel(), wrong.sum(axis=0)]).astype(np.float64)

    options = {"maxiter": penalty.steps, "maxcor": 5, "ftol": 1e-7}
    start = np.zeros((columns + 1) * classes)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options=options).x
    weights = found[: columns * classes].reshape(columns, classes)
    return weights.astype(np.float32), found[columns * classes :].astype(np.float32)


def sparse(rows: Rows, columns: int) -> Any:
    """Rows as scipy's CSR matrix; entries at or beyond *columns* are dropped."""
    from scipy.sparse import csr_matrix

    from ...witness.features import COLUMNS

    whole = csr_matrix(
        (rows.values, rows.columns, rows.starts), shape=(len(rows.starts) - 1, COLUMNS)
    )
    return whole[:, :columns] if columns < COLUMNS else whole


def frequent(rows: Any, least: int) -> NDArray[np.int64]:
    """The columns present in at least *least* rows."""
    return np.flatnonzero(np.bincount(rows.indices, minlength=rows.shape[1]) >= least)
