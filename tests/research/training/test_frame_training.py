from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from subemo.features import DEFAULT_FRAMES, JoinedFrames, WhisperFrames
from subemo.model.network import LiteRT, rows_of, soften
from subemo.research.training.frame_training import (
    AttentiveCrnn,
    FrameRecipe,
    masked_cross_entropy,
    predict_logits,
    train_frames,
)
from subemo.research.training.training_data import Batches

from .test_training_data import PLAIN, SIZE, table

NETWORK = AttentiveCrnn(SIZE, steps=10, filters=8, units=4, pool=2)
RECIPE = FrameRecipe(NETWORK, PLAIN, epochs=12, learning_rate=1e-2, average=0.9, widths=(SIZE,))


def test_it_learns_and_is_exported() -> None:
    """Two networks as one; `test_subemo_crnn` trains and exports one alone."""
    pytest.importorskip("tensorflow")
    from subemo.research.training.model_recipe import to_litert

    whole = table()
    everyone = np.arange(len(whole.clips))
    losses: list[float] = []
    batches = Batches(whole, everyone, [], sampling=PLAIN, seed=0)
    recipe = replace(RECIPE, networks=2)
    model = train_frames(batches, recipe, on_epoch=lambda _, loss: losses.append(loss))
    assert len(losses) == 12 * 2
    assert losses[-1] < 0.7 * losses[0]

    frames = [versions[0] for versions in whole.frames]
    logits = predict_logits(model, frames, batches.training, steps=10)
    assert (logits.argmax(axis=1) == whole.labels).mean() > 0.5

    rows = [rows_of(batches.training.standardise(one), 10) for one in frames[:20]]
    proof = np.stack([row for own in rows for row, _ in own])
    weights = to_litert(model, lambda **how: recipe.build(softmax=True, **how), proof, logits=True)
    runtime = LiteRT(weights)
    assert (runtime.steps, runtime.size) == (10, 12 * (SIZE + 1))
    for number, own in enumerate(rows):
        logs = [np.log(runtime.probabilities(row)) for row, _ in own]
        mean = np.average(logs, axis=0, weights=[length for _, length in own])
        np.testing.assert_allclose(soften(mean), soften(logits[number]), atol=1e-4)


def test_networks_see_the_layers_by_turns() -> None:
    pytest.importorskip("tensorflow")
    recipe = replace(RECIPE, networks=3, widths=(SIZE // 2, SIZE - SIZE // 2))
    seen = [(one.first, one.first + one.width) for one in map(recipe.network_of, range(3))]
    assert seen == [(0, SIZE // 2), (SIZE // 2, SIZE), (0, SIZE // 2)]
    model = recipe.network_of(1).build(softmax=False)
    rows = np.random.default_rng(0).standard_normal((1, 12, SIZE + 1)).astype(np.float32)
    rows[..., -1] = 1
    before = model.predict(rows, verbose=0)
    rows[..., : SIZE // 2] += 1  # another network's part
    np.testing.assert_array_equal(model.predict(rows, verbose=0), before)
    rows[..., SIZE // 2] += 1
    assert np.abs(model.predict(rows, verbose=0) - before).max() > 1e-3


def test_a_recipe_fits_its_features() -> None:
    recipe = FrameRecipe().of_features(WhisperFrames(layers=(2,), size=384))
    assert (recipe.network.size, recipe.widths) == (384, (384,))
    assert FrameRecipe().of_features(DEFAULT_FRAMES) == FrameRecipe()
    joined = replace(FrameRecipe().of_features(JoinedFrames()), networks=2)
    assert [joined.network_of(n).width for n in range(2)] == [384, 512]
    assert joined.network_of(1).first == 384


@pytest.mark.parametrize("sees", ["frames", "summary"])
def test_either_half_alone(sees: str) -> None:
    pytest.importorskip("tensorflow")
    model = replace(NETWORK, sees=sees).build(softmax=True)
    rows = np.random.default_rng(0).standard_normal((3, 12, SIZE + 1)).astype(np.float32)
    rows[..., -1] = [1] * 10 + [0] * 2
    np.testing.assert_allclose(model.predict(rows, verbose=0).sum(axis=1), 1, rtol=1e-5)


def test_padding_says_nothing() -> None:
    pytest.importorskip("tensorflow")
    model = replace(NETWORK, sees="frames").build(softmax=False)
    rows = np.zeros((2, 12, SIZE + 1), dtype=np.float32)
    rows[:, :4, :] = np.random.default_rng(0).standard_normal((4, SIZE + 1))
    rows[:, :4, -1] = 1
    rows[1, 4:10, :-1] = 9
    first, second = model.predict(rows, verbose=0)
    np.testing.assert_allclose(first, second, atol=1e-6)
    rows[1, 3] += 1
    assert np.abs(first - model.predict(rows, verbose=0)[1]).max() > 1e-3


def test_the_loss_does_not_see_classes_that_are_masked() -> None:
    pytest.importorskip("tensorflow")
    targets = np.zeros((1, 16), dtype=np.float32)
    targets[0, 2], targets[0, 8:] = 1, 1
    targets[0, 8 + 5] = 0
    logits = np.zeros((1, 8), dtype=np.float32)
    assert float(masked_cross_entropy(targets, logits)[0]) == pytest.approx(np.log(7), rel=1e-5)
    logits[0, 5] = 50
    assert float(masked_cross_entropy(targets, logits)[0]) == pytest.approx(np.log(7), rel=1e-5)


def test_settings_for_ablations() -> None:
    changed = RECIPE.with_settings({"network.units": "7", "sampling.mixup": "0", "epochs": "3"})
    assert (changed.network.units, changed.sampling.mixup, changed.epochs) == (7, 0.0, 3)
    assert changed.network.filters == RECIPE.network.filters
    assert RECIPE.with_settings({"network.sees": "summary"}).network.sees == "summary"
    halves = f"{SIZE // 2}+{SIZE - SIZE // 2}"
    assert len(RECIPE.with_settings({"widths": halves}).widths) == 2
    with pytest.raises(ValueError, match="widths"):
        RECIPE.with_settings({"widths": f"{SIZE}+1"})
    for name, value in (
        ("network.nothing", "1"),
        ("network", "1"),
        ("epochs", "many"),
        ("a.b.c", "1"),
    ):
        with pytest.raises(ValueError, match=r"no setting|invalid literal"):
            RECIPE.with_settings({name: value})
