"""Corpora that judge models and do nothing else."""

from __future__ import annotations

from collections.abc import Iterable

from ...core.errors import CorpusError

#: No model is trained on these, and nothing is chosen by them: not a recipe, a
#: temperature, a threshold or a number of epochs. What they say of a model that
#: ships stays a fair measure for as long as that holds.
JUDGES_ONLY = frozenset({"ased", "casia"})


def refuse_judges(corpora: Iterable[str], purpose: str) -> None:
    """Refuses corpora that only judge.

    Args:
        corpora: names in `subemo.research.corpora.CORPORA`
        purpose: what they were to be used for, as a noun: ``training``

    Raises:
        CorpusError: if one of them is in `JUDGES_ONLY`

    >>> refuse_judges(["ravdess", "casia"], "training")
    Traceback (most recent call last):
    subemo.core.errors.CorpusError: casia is kept for judging models: not for training. Leave it out.
    """
    kept = sorted(JUDGES_ONLY.intersection(corpora))
    if kept:
        names, them = " and ".join(kept), "it" if len(kept) == 1 else "them"
        verb = "is" if len(kept) == 1 else "are"
        raise CorpusError(
            f"{names} {verb} kept for judging models: not for {purpose}",
            remedy=f"Leave {them} out.",
        )
