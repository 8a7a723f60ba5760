"""Training, choosing and reporting: which corpora belong to which, and that nothing mixes them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol

from ...core.errors import CorpusError
from ..corpora.evaluation_only import refuse_evaluation_only


class Split(StrEnum):
    """What a film, a dialogue, a voice or a background is for."""

    #: What a model learns from.
    TRAINING = "training"
    #: What temperatures, priors, thresholds and recipes are chosen by.
    CHOOSING = "choosing"
    #: What figures are reported of, once.
    REPORTING = "reporting"


#: The corpora whose voices speak in films of each split.
CORPORA_OF: Mapping[Split, tuple[str, ...]] = MappingProxyType(
    {
        Split.TRAINING: ("ravdess", "savee", "tess", "emovo", "nemo"),
        Split.CHOOSING: ("ravdess", "savee"),
        Split.REPORTING: ("tess", "emovo", "nemo", "ased", "casia"),
    }
)

#: What each corpus's speakers speak, BCP 47.
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
    """What belongs to a split."""

    @property
    def split(self) -> Split:
        """Which one."""
        ...


def check_corpus(corpus: str, split: Split) -> None:
    """Refuses a corpus whose voices are not for films of a split.

    Args:
        corpus: its name in `subemo.research.corpora.CORPORA`
        split: of the film

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
            f"films for {split} have no voices of {corpus!r}",
            remedy=f"They have those of {', '.join(CORPORA_OF[split])}.",
        )


def one_split(*parts: OfSplit) -> Split:
    """The split that all parts of a film belong to.

    Args:
        parts: voices, dialogues, backgrounds; at least one

    Raises:
        CorpusError: if they belong to more than one
    """
    found = {part.split for part in parts}
    if len(found) != 1:
        names = " and ".join(sorted(found))
        raise CorpusError(
            f"a film cannot be made of parts for {names}",
            remedy="Take voices, dialogues and backgrounds of one split.",
        )
    return found.pop()


def check_held_out(corpus: str, trained_on: frozenset[str]) -> None:
    """Refuses to evaluate a model on voices that it was trained on.

    Args:
        corpus: whose voices a film has
        trained_on: the corpora that the model was trained on

    Raises:
        CorpusError: if it was trained on that one
    """
    if corpus in trained_on:
        raise CorpusError(
            f"the model was trained on voices of {corpus}, so its films prove nothing",
            remedy="Evaluate a fold that was trained without that corpus.",
        )
