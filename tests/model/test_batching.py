from __future__ import annotations

import numpy as np
import pytest

from subemo.model.network import padded, rows_of
from subemo.model.statistics import Moments, Statistics, adapted_statistics, summarised

GENERATOR = np.random.default_rng(0)


def frames(count: int, *, size: int = 4, mean: float = 0.0) -> np.ndarray:
    return (GENERATOR.standard_normal((count, size)) + mean).astype(np.float16)


def test_a_row_has_frames_padding_and_the_summary() -> None:
    own = np.ones((3, 4), dtype=np.float32)
    row = padded(own, np.full((2, 4), 7, dtype=np.float32), 5)
    assert row.shape == (7, 5)
    np.testing.assert_array_equal(row[:, -1], [1, 1, 1, 0, 0, 0, 0])
    np.testing.assert_array_equal(row[:, 0], [1, 1, 1, 0, 0, 7, 7])


@pytest.mark.parametrize(("count", "lengths"), [(1, [1]), (5, [5]), (6, [3, 3]), (11, [3, 4, 4])])
def test_a_long_stretch_takes_several_rows(count: int, lengths: list[int]) -> None:
    standardised = np.arange((2 + count) * 4, dtype=np.float32).reshape(-1, 4)
    rows = rows_of(standardised, 5)
    assert [length for _, length in rows] == lengths
    again = np.concatenate([row[:length, :-1] for row, length in rows])
    np.testing.assert_array_equal(again, standardised[2:])
    for row, _ in rows:
        np.testing.assert_array_equal(row[-2:, :-1], standardised[:2])


class TestStatistics:
    def test_standardised_by_their_own_they_are_standard(self) -> None:
        clips = [frames(count, mean=3) for count in (2, 5, 30)]
        own = Moments.of(clips).statistics()
        rows = np.concatenate([own.standardise(clip)[2:] for clip in clips])
        np.testing.assert_allclose(rows.mean(axis=0), 0, atol=1e-3)
        np.testing.assert_allclose(rows.std(axis=0), 1, atol=1e-3)
        for kind in (0, 1):
            summaries = np.stack([own.standardise(clip)[kind] for clip in clips])
            np.testing.assert_allclose(summaries.mean(axis=0), 0, atol=1e-3)
            np.testing.assert_allclose(summaries.std(axis=0), 1, atol=1e-3)

    def test_the_summary_is_mean_and_deviation(self) -> None:
        clip = frames(9)
        np.testing.assert_allclose(summarised(clip)[0], clip.astype(float).mean(axis=0), atol=1e-5)
        np.testing.assert_allclose(summarised(clip)[1], clip.astype(float).std(axis=0), atol=1e-5)
        np.testing.assert_array_equal(summarised(clip)[2:], clip)

    def test_a_feature_that_never_changes(self) -> None:
        own = Moments.of([np.full((3, 4), 2.5, dtype=np.float16)] * 2).statistics()
        assert np.isfinite(own.standardise(np.full((3, 4), 2.5, dtype=np.float16))).all()
        np.testing.assert_array_equal(own.scale, 1)

    def test_a_film_is_shrunk_towards_training_by_its_cues(self) -> None:
        training = Moments.of([frames(20) for _ in range(50)]).statistics()
        means = []
        for count in (1, 20, 500):
            film = [frames(20, mean=5) for _ in range(count)]
            means.append(adapted_statistics(film, training, adaptation="film").mean[2, 0])
        assert 0.1 < means[0] < 0.5
        assert means[1] == pytest.approx(2.5, abs=0.2)
        assert means[2] == pytest.approx(4.8, abs=0.1)

    def test_none_and_nothing(self) -> None:
        training = Statistics(np.zeros((3, 4), np.float32), np.ones((3, 4), np.float32))
        assert adapted_statistics([frames(3)], training, adaptation="none") is training
        assert adapted_statistics([], training, adaptation="film") is training
