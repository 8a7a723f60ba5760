"""Corpora that are used for evaluation only."""

from __future__ import annotations

from collections.abc import Iterable

from ...core.errors import CorpusError

#: No model is trained on these and nothing is chosen on them: no recipe, temperature,
#: threshold or number of epochs. As long as that holds, they are a fair test of a
#: shipped model.
EVALUATION_ONLY = frozenset({"ased", "casia"})


def refuse_evaluation_only(corpora: Iterable[str], purpose: str) -> None:
    """Refuses corpora that are for evaluation only.

    Args:
        corpora: names in `subemo.research.corpora.CORPORA`
        purpose: the intended use, as a noun: ``training``

    Raises:
        CorpusError: if one of them is in `EVALUATION_ONLY`

    >>> refuse_evaluation_only(["ravdess", "casia"], "training")
    Traceback (most recent call last):
    subemo.core.errors.CorpusError: casia is for evaluation only: not for training. Leave it out.
    """
    refused = sorted(EVALUATION_ONLY.intersection(corpora))
    if refused:
        names, them = " and ".join(refused), "it" if len(refused) == 1 else "them"
        verb = "is" if len(refused) == 1 else "are"
        raise CorpusError(
            f"{names} {verb} for evaluation only: not for {purpose}",
            remedy=f"Leave {them} out.",
        )
