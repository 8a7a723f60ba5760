"""The splits training, choosing and reporting: their corpora, and checks that none are mixed."""

from __future__ import annotations

from ...core.errors import CorpusError
from ..corpora import CORPORA_OF, Split, refuse_evaluation_only


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
