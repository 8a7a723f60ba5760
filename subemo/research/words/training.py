"""Trains the text model: a general model of comments, and one of dialogues on top.

The general model's log posteriors are features of the dialogue model
(stacking; Wolpert, 1992), so that 43,000 out-of-domain comments help without
imposing their priors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...text_model.features import BUCKETS, COLUMNS, Reals, Rows, ngram_rows
from ...text_model.weights import CLASSES, Table, Weights
from ...text_model.words import centred, same_speaker, surroundings
from .lines import Comments, Conversation


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

    from ...text_model.features import COLUMNS

    whole = csr_matrix(
        (rows.values, rows.columns, rows.starts), shape=(len(rows.starts) - 1, COLUMNS)
    )
    return whole[:, :columns] if columns < COLUMNS else whole


def frequent(rows: Any, least: int) -> NDArray[np.int64]:
    """The columns present in at least *least* rows."""
    return np.flatnonzero(np.bincount(rows.indices, minlength=rows.shape[1]) >= least)


@dataclass(frozen=True)
class WordsRecipe:
    """The hyperparameters, each chosen on folds of episodes.

    Attributes:
        general: penalty of the comment model
        dialogue: penalty of the dialogue model
        general_least: the fewest comments with an n-gram for it to get a weight
        least: the fewest dialogue lines, likewise
        before: the penalty's scale for the words of the previous line
        earlier: likewise for the line before that
        same: likewise for the previous line if its speaker is the same
        calm_share: the share of neutral assigned to calm
    """

    general: Penalty = field(default_factory=lambda: Penalty(1.5, 45))
    dialogue: Penalty = field(default_factory=lambda: Penalty(1.0, 50))
    general_least: int = 4
    least: int = 2
    before: float = 0.5
    earlier: float = 0.35
    same: float = 0.5
    calm_share: float = 0.1


#: The penalty's scale for dense features: the general model's, and all others.
_GENERAL, _DENSE = 0.22, 0.17
#: N-grams in fewer comments than this count as if in this many.
_RAREST = 5


@dataclass(frozen=True, eq=False)
class General:
    """The comment model, and statistics of n-grams.

    Attributes:
        rarity: inverse document frequency of each column
        table: the weights
        bias: shape (7,)
    """

    rarity: Reals
    table: Table
    bias: Reals


def fit_general(comments: Comments, recipe: WordsRecipe) -> General:
    """Fits the model of lines without context."""
    count = len(comments.lines)
    seen = ngram_rows(comments.lines, np.ones(COLUMNS, np.float32))
    found = np.bincount(seen.columns, minlength=COLUMNS)
    half = np.log(count / np.maximum(found, _RAREST)).clip(0.01).astype(np.float16)
    rarity = half.astype(np.float32)  # few digits keep the file small
    rows = sparse(seen.weighted(rarity), COLUMNS)
    kept = frequent(rows, recipe.general_least)
    weights, bias = fit(rows[:, kept], comments.shares, recipe.general)
    return General(rarity, Table.of(_spread(weights, kept, COLUMNS)), bias)


@dataclass(frozen=True, eq=False)
class Dialogues:
    """The features of conversations, given a general model.

    Attributes:
        conversations: in order
        weights: the general model's weights, before fitting dialogues
    """

    conversations: Sequence[Conversation]
    weights: Weights

    @cached_property
    def labels(self) -> NDArray[np.int64]:
        """The label of every line, an index into `CLASSES`."""
        return np.asarray([label for one in self.conversations for label in one.labels])

    @cached_property
    def groups(self) -> list[str]:
        """The conversation's group of every line."""
        return [one.group for one in self.conversations for _ in one.lines]

    @cached_property
    def names(self) -> list[str]:
        """The conversation's name of every line."""
        return [one.name for one in self.conversations for _ in one.lines]

    @cached_property
    def blocks(self) -> tuple[Any, Any, Any, Any, Reals]:
        """The n-grams of each line, words of previous lines (1, 2, 1 by the same speaker), dense features."""
        from scipy.sparse import diags, vstack

        lines = [line for one in self.conversations for line in one.lines]
        rows = ngram_rows(lines, self.weights.rarity)
        general = centred(
            rows.times(self.weights.general.values, self.weights.general.scale)
            + self.weights.general_bias,
            self.weights,
        )
        own = sparse(rows, COLUMNS)
        words, dense, same, start = own[:, :BUCKETS], [], [], 0
        for one in self.conversations:
            theirs = same_speaker(one.speakers, len(one.lines))
            stop = start + len(one.lines)
            dense.append(surroundings(general[start:stop], one.lines, theirs))
            same.append(theirs)
            start = stop
        place = np.concatenate([np.arange(len(one.lines)) for one in self.conversations])

        def before(by: int) -> Any:
            moved = vstack([words[:by] * 0, words[:-by]]).tocsr()
            return diags((place >= by).astype(np.float32)) @ moved

        first = before(1)
        again = diags(np.concatenate(same)) @ first
        return own, first, before(2), again, np.vstack(dense)


def prepare(
    conversations: Sequence[Conversation], general: General, language: str, recipe: WordsRecipe
) -> Dialogues:
    """Prepares conversations for fitting and evaluation."""
    classes = len(CLASSES)
    none = np.zeros(classes, np.float32)
    empty = Table(np.zeros((BUCKETS, classes), np.int8), none + 1)
    rows = ngram_rows([line for one in conversations for line in one.lines], general.rarity)
    logits = rows.times(general.table.values, general.table.scale) + general.bias
    blank = Weights(
        language=language,
        prior=none,
        calm_share=recipe.calm_share,
        temperature=1.0,
        rarity=general.rarity,
        own=Table(np.zeros((COLUMNS, classes), np.int8), none + 1),
        general=general.table,
        before=empty,
        earlier=empty,
        same=empty,
        general_bias=general.bias,
        general_mean=none,
        dense=np.zeros((0, classes), np.float32),
        bias=none,
    )
    mean = centred(logits, blank).mean(axis=0).astype(np.float32)
    return Dialogues(conversations, replace(blank, general_mean=mean))


def fit_dialogues(dialogues: Dialogues, lines: NDArray[np.int64], recipe: WordsRecipe) -> Weights:
    """Fits the model to some of the lines, with a temperature of 1.

    Args:
        dialogues: all lines
        lines: the positions of the training lines
        recipe: the hyperparameters
    """
    from scipy.sparse import csr_matrix, hstack

    *grams, dense = dialogues.blocks
    scales = [1.0, recipe.before, recipe.earlier, recipe.same]
    known = [block[lines] for block in grams]
    kept = [frequent(block, recipe.least) for block in known]
    mean, spread = dense[lines].mean(axis=0), dense[lines].std(axis=0) + 1e-6
    part = np.full(dense.shape[1], _DENSE, np.float32)
    part[: len(CLASSES)] = _GENERAL
    # The general model's features keep their scale; stylistic features are standardised.
    logs = 4 * len(CLASSES)
    spread[:logs], mean[:logs] = 1, 0
    part = part / spread
    taken = zip(known, kept, scales, strict=True)
    rows = hstack(
        [block[:, columns] * scale for block, columns, scale in taken]
        + [csr_matrix((dense[lines] - mean) * part)]
    ).tocsr()
    shares = np.eye(len(CLASSES), dtype=np.float32)[dialogues.labels[lines]]
    weights, bias = fit(rows.astype(np.float32), shares, recipe.dialogue)
    parts = np.split(weights, np.cumsum([len(columns) for columns in kept]))
    sizes = (COLUMNS, BUCKETS, BUCKETS, BUCKETS)
    own, before, earlier, same = (
        Table.of(_spread(part * scale, columns, size))
        for part, columns, scale, size in zip(parts, kept, scales, sizes, strict=False)
    )
    linear = (parts[-1] * part[:, None]).astype(np.float32)
    return replace(
        dialogues.weights,
        prior=(shares.sum(axis=0) + 1) / (len(shares) + len(CLASSES)),  # no class gets 0
        own=own,
        before=before,
        earlier=earlier,
        same=same,
        dense=linear,
        bias=(bias - mean @ linear).astype(np.float32),
    )


def _spread(weights: Reals, kept: NDArray[np.int64], rows: int) -> Reals:
    whole = np.zeros((rows, weights.shape[1]), np.float32)
    whole[kept] = weights
    return whole
