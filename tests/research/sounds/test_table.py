from __future__ import annotations

import numpy as np
import pytest

from subemo.features import DEFAULT_FRAMES, FEATURE_SETS
from subemo.research.sounds.table import (
    LinearRecipe,
    StretchTable,
    fit_folds,
    fit_linear,
    fold_peaks,
    window_recipe,
)

from .test_figures import LAUGH, table


def test_a_head_learns_what_tells_classes_apart() -> None:
    pytest.importorskip("sklearn")
    generator = np.random.default_rng(0)
    labels = generator.integers(0, 3, 300)
    rows = np.eye(3)[labels] * 5 + generator.normal(0, 1, (300, 3)) + 100
    head = fit_linear(rows, labels, LinearRecipe(strength=1.0))
    assert (head.probabilities(rows).argmax(axis=1) == labels).mean() > 0.95


def test_a_folds_head_has_not_heard_it() -> None:
    pytest.importorskip("sklearn")
    labels = np.tile(np.arange(9), 50).astype(np.int8)
    # In fold 0 alone laughs and sobs are the other way round; who had heard it would know.
    windows = np.eye(9, dtype=np.float16)[labels]
    made = table(np.where(labels < 7, labels, -1).tolist(), windows=windows)
    made.windows[made.folds == 0] = made.windows[made.folds == 0][:, [1, 0, *range(2, 9)]]
    made = StretchTable(**{**vars(made), "labels": labels})
    found = fold_peaks(made, fit_folds(made, LinearRecipe(strength=1.0)))
    laughs = made.truth == LAUGH
    assert found[laughs & (made.folds == 0), LAUGH].max() < 0.5
    assert found[laughs & (made.folds != 0), LAUGH].min() > 0.5


def test_only_the_last_layer_is_in_use() -> None:
    pytest.importorskip("sklearn")
    generator = np.random.default_rng(0)
    labels = generator.integers(0, 3, 300)
    # Means and deviations of frames of five columns; what tells the classes apart is in all of them.
    rows = (labels[:, None] + generator.normal(0, 0.1, (300, 10))).astype(np.float32)
    head = fit_linear(rows, labels, LinearRecipe(strength=1.0, width=2))
    used = np.abs(head.weights).max(axis=1) > 0
    assert used.tolist() == [False, False, False, True, True] * 2
    altered = rows.copy()
    altered[:, [0, 1, 2, 5, 6, 7]] = 100
    assert (head.probabilities(altered) == head.probabilities(rows)).all()


def test_the_width_is_that_of_the_last_layer() -> None:
    assert window_recipe(DEFAULT_FRAMES).width == DEFAULT_FRAMES.widths[-1] < DEFAULT_FRAMES.size
    assert window_recipe(FEATURE_SETS["report-161"]).width is None
