"""P(emotion | line, the two lines before it), from n-grams and their surroundings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..core.emotions import EMOTIONS, Emotion
from .cleaning import has_letters, spoken
from .features import MANNERS, Reals, manner, ngram_rows
from .weights import CLASSES, Table, Weights

#: How much less the line before the previous one counts.
_EARLIER = 0.7
_BLOCKS = 4


@dataclass(frozen=True, eq=False)
class WordsWitness:
    """What the words of one language speak for.

    Attributes:
        weights: read and checked
        name: of their folder
    """

    weights: Weights
    name: str = ""

    @property
    def prior(self) -> NDArray[np.float64]:
        """The share of each emotion in the lines that it learnt from, shape (8,)."""
        eight = over_eight(self.weights.prior[None].astype(np.float64), self.weights.calm_share)
        return np.asarray(eight[0])

    def posteriors(
        self, lines: Sequence[str], speakers: Sequence[str | None] | None = None
    ) -> NDArray[np.float64]:
        """P(emotion | line, the two lines before it).

        A line without a letter, after cleaning, is no evidence: it has the prior.

        Args:
            lines: the text of each cue, in the order of the film
            speakers: who says each; None, or a None in it, where nobody knows

        Returns:
            shape (cues, 8), in the order of `EMOTIONS`; each row adds up to 1

        Raises:
            ValueError: if there are not as many speakers as lines

        >>> from subemo.witness import find_witness
        >>> witness = find_witness("en")
        >>> witness.posteriors(["I'm so happy for you!"]).argmax() == 2
        np.True_
        """
        said = [spoken(line) for line in lines]
        logits = self.logits(said, speakers) / self.weights.temperature
        share = np.exp(logits - logits.max(axis=1, keepdims=True)) if said else logits
        share /= share.sum(axis=1, keepdims=True)
        silent = np.asarray([not has_letters(line) for line in said], bool)
        share[silent] = self.weights.prior
        return over_eight(share, self.weights.calm_share)

    def logits(
        self, said: Sequence[str], speakers: Sequence[str | None] | None = None
    ) -> NDArray[np.float64]:
        """The same before temperature and normalisation, over `CLASSES`, of cleaned lines."""
        weights = self.weights
        same = same_speaker(speakers, len(said))
        rows = ngram_rows(said, weights.rarity)

        def times(table: Table) -> Reals:
            return rows.times(table.values, table.scale)

        general = centred(times(weights.general) + weights.general_bias, weights)
        total = times(weights.own) + surroundings(general, said, same) @ weights.dense
        total += shifted(times(weights.before), 1)
        total += shifted(times(weights.earlier), 2)
        total += shifted(times(weights.same), 1) * same[:, None]
        return (total + weights.bias).astype(np.float64)


def centred(logits: Reals, weights: Weights) -> Reals:
    """The general model's log posteriors, less their means over the lines learnt from."""
    top = logits - logits.max(axis=1, keepdims=True, initial=-np.inf)
    log = top - np.log(np.exp(top).sum(axis=1, keepdims=True))
    return np.asarray(log - weights.general_mean, np.float32)


def surroundings(general: Reals, said: Sequence[str], same: Reals) -> Reals:
    """All that is known of lines beside their n-grams, shape (lines, SURROUNDINGS).

    Args:
        general: what a model of another domain says of each, shape (lines, classes)
        said: the lines, cleaned
        same: 1 where a line's speaker said the one before, shape (lines,)
    """
    first = np.zeros((len(said), 1), np.float32)
    first[:1] = 1
    before = shifted(general, 1)
    manners = np.asarray([manner(line) for line in said], np.float32).reshape(-1, MANNERS)
    known = [general, before, _EARLIER * shifted(general, 2), before * same[:, None]]
    assert len(known) == _BLOCKS
    return np.hstack([*known, manners, first, same[:, None]]).astype(np.float32)


#: How many numbers `surroundings` gives of a line.
SURROUNDINGS = _BLOCKS * len(CLASSES) + MANNERS + 2


def shifted(rows: Reals, by: int) -> Reals:
    """Rows moved down, with zeros above: what stood *by* lines before."""
    moved = np.zeros_like(rows)
    moved[by:] = rows[: max(0, len(rows) - by)]
    return moved


def same_speaker(speakers: Sequence[str | None] | None, lines: int) -> Reals:
    """1 where a line's speaker is known to have said the one before, else 0.

    Raises:
        ValueError: if there are not as many speakers as lines
    """
    same = np.zeros(lines, np.float32)
    if speakers is None:
        return same
    if len(speakers) != lines:
        raise ValueError(f"{len(speakers)} speakers of {lines} lines")
    for line in range(1, lines):
        same[line] = bool(speakers[line]) and speakers[line] == speakers[line - 1]
    return same


def over_eight(shares: NDArray[np.float64], calm_share: float) -> NDArray[np.float64]:
    """Shares of the seven `CLASSES` as shares of the eight emotions.

    Nobody who labelled lines called one calm. What they called neutral is
    parted, *calm_share* of it for calm: of whatever line, words speak for calm
    by posterior over prior exactly as much as for neutral.

    >>> over_eight(np.eye(7)[:1], 0.1)[0, :2]
    array([0.9, 0.1])
    """
    eight = np.zeros((len(shares), len(EMOTIONS)))
    eight[:, [EMOTIONS.index(emotion) for emotion in CLASSES]] = shares
    neutral, calm = EMOTIONS.index(Emotion.NEUTRAL), EMOTIONS.index(Emotion.CALM)
    eight[:, calm] = calm_share * eight[:, neutral]
    eight[:, neutral] *= 1 - calm_share
    return eight
