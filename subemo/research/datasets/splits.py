"""Splits into training and test: that of the 2024 report (Davies and Chen), and by speaker."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...core.errors import CorpusError, MissingExtraError
from ..corpora import Clip
from .features import FeatureTable

Index = npt.NDArray[np.int64]


@dataclass(frozen=True)
class RowSplit:
    """Training rows and test rows.

    Attributes:
        protocol: the split's name, printed with its figures
        train: row numbers
        test: row numbers
    """

    protocol: str
    train: Index
    test: Index


#: The protocol of `report-crnn`, whose name says that it leaks.
REPORT_PROTOCOL = "report (leaks: copies of a clip and every speaker on both sides)"
HELD_OUT_PROTOCOL = "speakers held out (4 folds)"


def report_split(table: FeatureTable, *, seed: int = 0) -> RowSplit:
    """The split of `report-crnn`: augment first, then 75 % / 25 % of all rows at random.

    The 2024 report's text says 80/20, but its shapes, 5,760 and 1,920, say 75/25; we
    follow the shapes.
    """
    try:
        from sklearn.model_selection import train_test_split
    except ImportError as error:
        raise MissingExtraError.of("scikit-learn", "evaluate") from error

    rows = np.arange(len(table.rows))
    train, test = train_test_split(rows, test_size=0.25, random_state=seed, shuffle=True)
    split = RowSplit(REPORT_PROTOCOL, train, test)
    check_no_leak(table, split)
    return split


def speaker_splits(table: FeatureTable, *, folds: int = 4, seed: int = 0) -> list[RowSplit]:
    """Splits in which each speaker is tested once, by a model trained without them.

    Training rows are all versions of the other speakers' clips; test rows are
    original clips only.
    """
    splits = []
    for speakers in speaker_folds(table.clips, folds=folds, seed=seed):
        held_out = np.isin(table.speakers, sorted(speakers))
        (train,) = np.nonzero(~held_out)
        (test,) = np.nonzero(held_out & (table.version_of == 0))
        split = RowSplit(HELD_OUT_PROTOCOL, train, test)
        check_no_leak(table, split)
        splits.append(split)
    return splits


def speaker_folds(clips: Sequence[Clip], *, folds: int, seed: int = 0) -> list[set[str]]:
    """Divides the speakers into folds balanced by corpus and sex."""
    groups: dict[tuple[str, str], set[str]] = defaultdict(set)
    for clip in clips:
        if clip.speaker is None:
            raise CorpusError(
                "the speaker of this clip is unknown, so speakers cannot be held out",
                path=clip.path,
            )
        groups[clip.corpus, clip.sex or ""].add(clip.speaker)
    generator = np.random.default_rng(seed)
    dealt: list[set[str]] = [set() for _ in range(folds)]
    for _, speakers in sorted(groups.items()):
        # Each group's first speaker goes to the smallest fold so far.
        order = sorted(range(folds), key=lambda fold: len(dealt[fold]))
        for position, speaker in enumerate(generator.permutation(sorted(speakers))):
            dealt[order[position % folds]].add(str(speaker))
    return dealt


def check_no_leak(table: FeatureTable, split: RowSplit) -> None:
    """Asserts that no speaker, and so no version of a clip, is on both sides.

    Splits whose protocol is named as leaking are exempt. Every splitter calls this.
    """
    if "leaks" in split.protocol:
        return
    check_speakers_apart(table.speakers[split.train], table.speakers[split.test], split.protocol)


def check_speakers_apart(
    train: npt.NDArray[np.str_], test: npt.NDArray[np.str_], protocol: str
) -> None:
    """Asserts that no speaker is on both sides."""
    shared = set(train) & set(test)
    if shared:
        raise AssertionError(f"{protocol}: {sorted(shared)} on both sides")
