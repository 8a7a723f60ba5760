"""The splits training, choosing and reporting: their corpora, and checks that none are mixed."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol

from ...core.errors import CorpusError
from ..corpora.evaluation_only import refuse_evaluation_only


class Split(StrEnum):
    """The split of a film, dialogue, voice or background."""

    #: Training data.
    TRAINING = "training"
    #: Validation data, for choosing temperatures, priors, thresholds and recipes.
    CHOOSING = "choosing"
    #: Test data, for reported figures.
    REPORTING = "reporting"


#: The corpora of the voices in films of each split.
CORPORA_OF: Mapping[Split, tuple[str, ...]] = MappingProxyType(
    {
        Split.TRAINING: ("ravdess", "savee", "tess", "emovo", "nemo"),
        Split.CHOOSING: ("ravdess", "savee"),
        Split.REPORTING: ("tess", "emovo", "nemo", "ased", "casia"),
    }
)

#: The language of each corpus, BCP 47.
LANGUAGES: Mapping[str, str] = MappingProxyType(
    {
        "ravdess": "en",
        "savee": "en",
        "tess": "en",
        "emovo": "it",
        "nemo": "pl",
        "ased": "am",
        "casia": "zh",
    }
)


class OfSplit(Protocol):
    """Anything that belongs to a split."""

    @property
    def split(self) -> Split:
        """The split."""
        ...


def check_corpus(corpus: str, split: Split) -> None:
    """Checks that a corpus may be used in films of a split.

    Args:
        corpus: its name in `subemo.research.corpora.CORPORA`
        split: the split of the film

    Raises:
        CorpusError: if it is not in `CORPORA_OF` there, or is for evaluation only

    >>> check_corpus("casia", Split.REPORTING)
    >>> check_corpus("casia", Split.CHOOSING)
    Traceback (most recent call last):
    subemo.core.errors.CorpusError: casia is for evaluation only: not for choosing. Leave it out.
    """
    if split is not Split.REPORTING:
        refuse_evaluation_only([corpus], split.value)
    if corpus not in CORPORA_OF[split]:
        raise CorpusError(
            f"{corpus!r} is not a corpus of the split {split}",
            remedy=f"Choose from {', '.join(CORPORA_OF[split])}.",
        )


def one_split(*parts: OfSplit) -> Split:
    """The common split of all parts of a film.

    Args:
        parts: voices, dialogues, backgrounds; at least one

    Raises:
        CorpusError: if they belong to different splits
    """
    found = {part.split for part in parts}
    if len(found) != 1:
        names = " and ".join(sorted(found))
        raise CorpusError(
            f"a film cannot mix parts for {names}",
            remedy="Use voices, dialogues and backgrounds of one split.",
        )
    return found.pop()


def check_held_out(corpus: str, trained_on: frozenset[str]) -> None:
    """Checks that a model is not evaluated on voices that it was trained on.

    Args:
        corpus: the corpus of a film's voices
        trained_on: the corpora that the model was trained on

    Raises:
        CorpusError: if the model was trained on that corpus
    """
    if corpus in trained_on:
        raise CorpusError(
            f"the model was trained on voices of {corpus}, so it cannot be evaluated on its films",
            remedy="Evaluate a fold trained without that corpus.",
        )
