from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from subemo.core.emotions import EMOTIONS
from subemo.research.corpora import Clip
from subemo.research.datasets.features import FeatureTable
from subemo.research.datasets.splits import (
    HELD_OUT_PROTOCOL,
    RowSplit,
    check_no_leak,
    report_split,
    speaker_folds,
    speaker_splits,
)


def clips() -> tuple[Clip, ...]:
    """As RAVDESS and SAVEE: 24 actors, half of them women, and four men."""
    speakers = [
        *((f"ravdess-{i:02}", "ravdess", "male" if i % 2 else "female") for i in range(1, 25)),
        *((f"savee-{name}", "savee", "male") for name in ("DC", "JE", "JK", "KL")),
    ]
    return tuple(
        Clip(Path(f"{speaker}-{emotion}.wav"), emotion, speaker, sex, corpus, "1")
        for speaker, corpus, sex in speakers
        for emotion in EMOTIONS
    )


@pytest.fixture
def table() -> FeatureTable:
    return FeatureTable(clips(), 4, np.zeros((28 * 8 * 4, 162), dtype=np.float32))


def test_report_split_is_three_quarters_of_all_rows(table: FeatureTable) -> None:
    split = report_split(table)
    assert (len(split.train), len(split.test)) == (672, 224)
    assert sorted([*split.train, *split.test]) == list(range(896))
    np.testing.assert_array_equal(split.test, report_split(table).test)


def test_report_split_leaks_and_is_named_so(table: FeatureTable) -> None:
    split = report_split(table)
    assert set(table.clip_of[split.train]) & set(table.clip_of[split.test])
    assert "leaks" in split.protocol


@pytest.mark.parametrize("seed", range(5))
def test_folds_are_balanced_in_sex_and_corpus(seed: int) -> None:
    folds = speaker_folds(clips(), folds=4, seed=seed)
    known = {clip.speaker: (clip.corpus, clip.sex) for clip in clips()}
    assert set().union(*folds) == set(known)
    assert sum(map(len, folds)) == 28
    for fold in folds:
        assert Counter(known[speaker] for speaker in fold) == {
            ("ravdess", "male"): 3,
            ("ravdess", "female"): 3,
            ("savee", "male"): 1,
        }


def test_each_original_clip_is_tested_once_and_no_speaker_is_shared(table: FeatureTable) -> None:
    splits = speaker_splits(table)
    tested = np.concatenate([split.test for split in splits])
    assert sorted(tested) == list(np.flatnonzero(table.version_of == 0))
    for split in splits:
        assert not set(table.speakers[split.train]) & set(table.speakers[split.test])
        assert set(table.version_of[split.train]) == {0, 1, 2, 3}


def test_the_guard_finds_a_shared_speaker(table: FeatureTable) -> None:
    with pytest.raises(AssertionError, match="ravdess-01"):
        check_no_leak(table, RowSplit(HELD_OUT_PROTOCOL, np.array([0]), np.array([1])))
