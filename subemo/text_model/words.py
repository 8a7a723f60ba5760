"""P(emotion | line, the two lines before it), from n-grams and context; one model per language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from ..core.emotions import EMOTIONS, Emotion
from ..core.errors import BundleError
from ..core.model_folder import SHIPPED
from ..core.native import loaded_once
from .features import MANNERS, Reals, has_letters, manner, ngram_rows, spoken
from .weights import CLASSES, DESCRIPTION_FILE, TABLES, Table, Weights, read_weights

#: The relative weight of the line before the previous one.
_EARLIER = 0.7
_BLOCKS = 4
#: The number of lines whose n-grams are in memory at once.
_LINES = 4_096


@dataclass(frozen=True, eq=False)
class TextModel:
    """The text model of one language.

    Attributes:
        weights: its weights, read and checked
        name: the name of its folder
    """

    weights: Weights
    name: str = ""

    @property
    def prior(self) -> NDArray[np.float64]:
        """The share of each emotion in the training lines, shape (8,)."""
        eight = over_eight(self.weights.prior[None].astype(np.float64), self.weights.calm_share)
        return np.asarray(eight[0])

    def posteriors(
        self, lines: Sequence[str], speakers: Sequence[str | None] | None = None
    ) -> NDArray[np.float64]:
        """P(emotion | line, the two lines before it).

        A line without letters after cleaning is no evidence: it gets the prior.

        Args:
            lines: the text of each cue, in the order of the film
            speakers: the speaker of each line; None, or None for a line, if unknown

        Returns:
            shape (cues, 8), in the order of `EMOTIONS`; each row sums to 1

        Raises:
            ValueError: if the numbers of speakers and lines differ

        >>> from subemo.text_model import find_text_model
        >>> model = find_text_model("en")
        >>> model.posteriors(["I'm so happy for you!"]).argmax() == 2
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
        """The logits over `CLASSES` of cleaned lines, before temperature."""
        weights = self.weights
        same = same_speaker(speakers, len(said))
        times = self._products(said)
        general = centred(times["general"] + weights.general_bias, weights)
        total = times["own"] + surroundings(general, said, same) @ weights.dense
        total += shifted(times["before"], 1)
        total += shifted(times["earlier"], 2)
        total += shifted(times["same"], 1) * same[:, None]
        return (total + weights.bias).astype(np.float64)

    def _products(self, said: Sequence[str]) -> dict[str, Reals]:
        """The product of the lines' n-grams with each table, some lines at a time to save memory."""
        found: dict[str, list[Reals]] = {name: [] for name in TABLES}
        for start in range(0, max(1, len(said)), _LINES):
            rows = ngram_rows(said[start : start + _LINES], self.weights.rarity)
            for name, parts in found.items():
                table: Table = getattr(self.weights, name)
                parts.append(rows.times(table.values, table.scale))
        return {name: np.concatenate(parts) for name, parts in found.items()}


def centred(logits: Reals, weights: Weights) -> Reals:
    """The general model's log posteriors, centred on the training lines."""
    top = logits - logits.max(axis=1, keepdims=True, initial=-np.inf)
    log = top - np.log(np.exp(top).sum(axis=1, keepdims=True))
    return np.asarray(log - weights.general_mean, np.float32)


def surroundings(general: Reals, said: Sequence[str], same: Reals) -> Reals:
    """The dense features of lines besides their n-grams, shape (lines, SURROUNDINGS).

    Args:
        general: log posteriors of the out-of-domain model, shape (lines, classes)
        said: the lines, cleaned
        same: 1 if a line has the speaker of the previous one, shape (lines,)
    """
    first = np.zeros((len(said), 1), np.float32)
    first[:1] = 1
    before = shifted(general, 1)
    manners = np.asarray([manner(line) for line in said], np.float32).reshape(-1, MANNERS)
    known = [general, before, _EARLIER * shifted(general, 2), before * same[:, None]]
    assert len(known) == _BLOCKS
    return np.hstack([*known, manners, first, same[:, None]]).astype(np.float32)


#: The number of dense features of a line.
SURROUNDINGS = _BLOCKS * len(CLASSES) + MANNERS + 2


def shifted(rows: Reals, by: int) -> Reals:
    """Shifts rows down by *by*, filling with zeros."""
    moved = np.zeros_like(rows)
    moved[by:] = rows[: max(0, len(rows) - by)]
    return moved


def same_speaker(speakers: Sequence[str | None] | None, lines: int) -> Reals:
    """1 if a line is known to have the speaker of the previous one, else 0.

    Raises:
        ValueError: if the numbers of speakers and lines differ
    """
    same = np.zeros(lines, np.float32)
    if speakers is None:
        return same
    if len(speakers) != lines:
        raise ValueError(f"{len(speakers)} speakers for {lines} lines")
    for line in range(1, lines):
        same[line] = bool(speakers[line]) and speakers[line] == speakers[line - 1]
    return same


def over_eight(shares: NDArray[np.float64], calm_share: float) -> NDArray[np.float64]:
    """Converts shares of the seven `CLASSES` to shares of the eight emotions.

    No corpus labels lines as calm. The share of neutral is divided, with
    *calm_share* of it for calm: for any line, the words' posterior over prior
    is then the same for calm and neutral.

    >>> over_eight(np.eye(7)[:1], 0.1)[0, :2]
    array([0.9, 0.1])
    """
    eight = np.zeros((len(shares), len(EMOTIONS)))
    eight[:, [EMOTIONS.index(emotion) for emotion in CLASSES]] = shares
    neutral, calm = EMOTIONS.index(Emotion.NEUTRAL), EMOTIONS.index(Emotion.CALM)
    eight[:, calm] = calm_share * eight[:, neutral]
    eight[:, neutral] *= 1 - calm_share
    return eight


#: The folder of each language's weights, by its BCP 47 primary subtag.
TEXT_MODELS: Mapping[str, str] = MappingProxyType({"en": "words-en"})


def find_text_model(language: str | None) -> TextModel | None:
    """The text model of a language, or None.

    Args:
        language: a BCP 47 tag such as ``en`` or ``en-GB``; None if unknown

    Raises:
        BundleError: if its weights are missing, altered or of another version

    >>> find_text_model("xx") is None
    True
    """
    name = TEXT_MODELS.get((language or "").replace("_", "-").partition("-")[0].lower())
    return None if name is None else _read(name)


@loaded_once(8)
def _read(name: str) -> TextModel:
    for shipped in SHIPPED:
        if (shipped / name / DESCRIPTION_FILE).is_file():
            return TextModel(read_weights(shipped / name), name)
    raise BundleError(f"the text model {name!r} is missing", remedy="Reinstall subemo.")
