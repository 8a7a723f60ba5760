from __future__ import annotations

import numpy as np
import pytest

from subemo.model.statistics import PRIOR_SEGMENTS, Statistics, adapted_statistics

TRAINING = Statistics(np.zeros(3, dtype=np.float32), np.ones(3, dtype=np.float32))


def film(count: int) -> list[np.ndarray]:
    return list(np.random.default_rng(0).normal(10, 3, (count, 3)).astype(np.float32))


def test_none_looks_at_no_film() -> None:
    assert adapted_statistics(film(100), TRAINING, adaptation="none") is TRAINING


def test_a_film_without_stretches_is_left_alone() -> None:
    assert adapted_statistics([], TRAINING, adaptation="film") is TRAINING


def test_many_stretches_speak_for_themselves_and_few_hardly_count() -> None:
    many = adapted_statistics(film(20_000), TRAINING, adaptation="film")
    np.testing.assert_allclose(many.mean, 10, atol=0.1)
    np.testing.assert_allclose(many.scale, 3, atol=0.1)
    one = adapted_statistics([np.full(3, 10, dtype=np.float32)], TRAINING, adaptation="film")
    np.testing.assert_allclose(one.mean, 10 / (1 + PRIOR_SEGMENTS), rtol=1e-5)


@pytest.mark.parametrize("adaptation", ["set", "film"])
def test_a_film_of_one_sound_has_a_scale_above_zero(adaptation: str) -> None:
    clips = [np.zeros(3, dtype=np.float32)] * 500
    same = adapted_statistics(clips, TRAINING, adaptation=adaptation)
    assert (same.scale > 0).all()
    assert np.isfinite(same.standardise(np.ones(3, dtype=np.float32))).all()


def test_training_rows_standardise_to_zero_and_one() -> None:
    rows = np.random.default_rng(1).normal(5, 2, (1_000, 3)).astype(np.float32)
    own = Statistics(rows.mean(axis=0), rows.std(axis=0))
    standardised = np.stack([own.standardise(row) for row in rows])
    assert standardised.mean() == pytest.approx(0, abs=1e-3)
    assert standardised.std() == pytest.approx(1, abs=1e-3)


def test_a_set_speaks_for_itself_however_small() -> None:
    clips = film(5)
    own = adapted_statistics(clips, TRAINING, adaptation="set")
    np.testing.assert_allclose(own.mean, np.mean(clips, axis=0), rtol=1e-5)
    np.testing.assert_allclose(own.scale, np.std(clips, axis=0), rtol=1e-4)
