"""False tags of a model on sound without voices."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ...core.native import one_blas_thread
from ...model.classifier import Classifier
from ...tagging.decisions import refusal_of
from ...tagging.policy import TagPolicy
from ..corpora.backgrounds import read_backgrounds, without_people
from ..datasets.features import CUE_MS, voiceless_cues
from .clip_answers import predict_windows


@dataclass(frozen=True)
class FalseTags:
    """False tags of a model on sound without voices.

    Attributes:
        model: the model's name
        adaptation: how features are standardised
        threshold: the lowest probability of a shown tag
        cues: number of cues
        tags: number of cues with a tag
        by_kind: number of tags by the folder of the file
    """

    model: str
    adaptation: str
    threshold: float
    cues: int
    tags: int
    by_kind: dict[str, int]

    @property
    def per_minute(self) -> float:
        """Tags per minute of such cues."""
        return self.tags / self._minutes

    @property
    def interval(self) -> tuple[float, float]:
        """The exact 95 % interval of `per_minute` for independent tags (Garwood, 1936)."""
        from scipy.stats import chi2

        low = chi2.ppf(0.025, 2 * self.tags) / 2 if self.tags else 0.0
        high = chi2.ppf(0.975, 2 * self.tags + 2) / 2
        return float(low) / self._minutes, float(high) / self._minutes

    @property
    def _minutes(self) -> float:
        return max(self.cues, 1) * CUE_MS / 60_000

    def results(self) -> dict[str, Any]:
        """The content of ``results.json``."""
        low, high = self.interval
        return {**asdict(self), "per_minute": {"value": self.per_minute, "low": low, "high": high}}

    def __str__(self) -> str:
        low, high = self.interval
        return (
            f"{self.per_minute:.2f} false tags a minute [{low:.2f}, {high:.2f}], "
            f"{self.tags} on {self.cues} cues of {CUE_MS / 1000:g} s without a voice"
        )


def false_tags(
    files: Iterable[Path], classifier: Classifier, *, adaptation: str | None, policy: TagPolicy
) -> FalseTags:
    """Cuts sound without voices into cues and counts the tags that they would show."""
    cues, samples = 0, CUE_MS * classifier.features.sample_rate // 1000
    by_kind: dict[str, int] = {}
    policy = policy.with_threshold(classifier.bundle.threshold)
    for path in files:
        sounds = [[(one, samples)] for one in voiceless_cues(path, classifier.features)]
        answers = predict_windows(sounds, classifier, adaptation)
        cues += len(answers)
        tags = sum(refusal_of(answer, policy) is None for answer in answers if answer is not None)
        by_kind[path.parent.name] = by_kind.get(path.parent.name, 0) + tags
    bundle = classifier.bundle
    return FalseTags(
        bundle.name, adaptation or bundle.adaptation, bundle.threshold,
        cues, sum(by_kind.values()), by_kind,
    )  # fmt: skip


def evaluate_backgrounds(
    root: Path, classifier: Classifier, *, adaptation: str | None
) -> FalseTags:
    """Evaluates a model on held-out backgrounds, except those with human sounds.

    Raises:
        CorpusError: if there are none
    """
    _, held_out = read_backgrounds(root)
    with one_blas_thread():
        return false_tags(
            without_people(held_out.files), classifier, adaptation=adaptation, policy=TagPolicy()
        )
