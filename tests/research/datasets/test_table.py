from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from subemo.core.cache import Cache
from subemo.core.emotions import EMOTIONS, Emotion
from subemo.core.errors import CorpusError
from subemo.features import ReportFeatures
from subemo.research.corpora import Clip
from subemo.research.datasets.features import FeatureTable, build_table

from ...conftest import needs, silence, speechlike, write_wav

pytestmark = needs("librosa")


@pytest.fixture
def clips(tmp_path: Path) -> list[Clip]:
    return [
        Clip(
            write_wav(tmp_path / f"clip{i}.wav", speechlike(0.6, seed=i)),
            emotion, f"test-{i}", None, "test", "1",
        )
        for i, emotion in enumerate((Emotion.SAD, Emotion.FEAR))
    ]  # fmt: skip


def build(clips: list[Clip], folder: Path, **options: Any) -> FeatureTable:
    return build_table(clips, features=ReportFeatures(), cache=Cache(folder), **options)


def test_four_rows_a_clip_original_first(clips: list[Clip], tmp_path: Path) -> None:
    table = build(clips, tmp_path / "cache")
    assert table.rows.shape == (8, 162)
    assert table.version_of.tolist() == [0, 1, 2, 3, 0, 1, 2, 3]
    assert table.speakers[:5].tolist() == ["test-0"] * 4 + ["test-1"]
    assert [EMOTIONS[label] for label in table.labels[[0, 4]]] == ["sad", "fear"]
    original = ReportFeatures().table_row(speechlike(0.6))
    np.testing.assert_allclose(table.rows[0], original, rtol=1e-4, atol=1e-6)
    assert not np.allclose(table.rows[0], table.rows[3])


def test_noise_depends_on_seed_and_clip_alone(clips: list[Clip], tmp_path: Path) -> None:
    first = build(clips, tmp_path / "a")
    again = build(clips[::-1], tmp_path / "b")
    np.testing.assert_array_equal(first.rows[:4], again.rows[4:])
    other = build(clips, tmp_path / "c", seed=1)
    assert not np.array_equal(first.rows[1], other.rows[1])
    np.testing.assert_array_equal(first.rows[0], other.rows[0])


def test_second_call_comes_from_the_cache(
    clips: list[Clip], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = build(clips, tmp_path / "cache")
    cache = Cache(tmp_path / "cache")
    for path in cache.folder.rglob("*.entry"):
        cache.put(path.stem, np.zeros((4, 162), dtype=np.float32))
    assert not build(clips, tmp_path / "cache").rows.any()
    assert first.rows.any()


def test_a_silent_clip_is_named(clips: list[Clip], tmp_path: Path) -> None:
    write_wav(clips[1].path, silence(1))
    with pytest.raises(CorpusError, match=r"clip1\.wav: this clip has no sound"):
        build(clips, tmp_path / "cache")
