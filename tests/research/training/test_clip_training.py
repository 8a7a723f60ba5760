from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from subemo.model.network import LiteRT
from subemo.research.training.architectures import ARCHITECTURES, FINAL
from subemo.research.training.clip_training import ClipRecipe, Epoch, LabelledRows, _goes_on, train
from subemo.research.training.model_recipe import ExportError, to_litert

from ...conftest import needs

pytestmark = needs("tensorflow")


def rows(count: int, seed: int) -> LabelledRows:
    """Rows whose label can be learnt: each class has its own mean."""
    generator = np.random.default_rng(seed)
    labels = generator.integers(8, size=count)
    means = np.random.default_rng(99).standard_normal((8, 161))
    features = means[labels] + 0.3 * generator.standard_normal((count, 161))
    return LabelledRows(features.astype(np.float32), labels)


def build() -> object:
    return ARCHITECTURES[
        FINAL
    ].build()  # not unrolled: that is compiled for longer than it is trained here


#: The smallest network of the report, for what does not depend on the network.
build_small = ARCHITECTURES["cnn-1"].build


#: A model, its epochs, and its checkpoint.
Trained = tuple[Any, list[Epoch], Path]


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    checkpoint = tmp_path_factory.mktemp("trained") / "run.npz"
    recipe = ClipRecipe(epochs=4, batch_size=32)
    model, epochs = train(build, rows(256, 0), rows(64, 1), recipe=recipe, checkpoint=checkpoint)
    return model, epochs, checkpoint


def test_it_learns(trained: Trained) -> None:
    _, epochs, _ = trained
    assert [epoch.number for epoch in epochs] == [1, 2, 3, 4]
    assert epochs[-1].loss < 0.6 * epochs[0].loss
    assert epochs[-1].test_accuracy > 0.5


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    checkpoint = tmp_path_factory.mktemp("small") / "run.npz"
    recipe = ClipRecipe(epochs=4, batch_size=32)
    parts = rows(256, 0), rows(64, 1)
    model, epochs = train(build_small, *parts, recipe=recipe, checkpoint=checkpoint)
    return model, epochs, checkpoint


def test_interrupted_and_resumed_is_the_same(small: Trained, tmp_path: Path) -> None:
    model, epochs, _ = small
    recipe = ClipRecipe(epochs=4, batch_size=32)

    class StopError(Exception):
        pass

    def stop(epoch: Epoch) -> None:
        if epoch.number == 2:
            raise StopError

    parts = rows(256, 0), rows(64, 1)
    checkpoint = tmp_path / "run.npz"
    with pytest.raises(StopError):
        train(build_small, *parts, recipe=recipe, checkpoint=checkpoint, on_epoch=stop)
    done: list[Epoch] = []
    resumed, again = train(
        build_small, *parts, recipe=recipe, checkpoint=checkpoint, on_epoch=done.append
    )
    assert [epoch.number for epoch in done] == [3, 4]
    np.testing.assert_allclose(
        [epoch.loss for epoch in again], [epoch.loss for epoch in epochs], rtol=1e-4
    )
    for one, other in zip(model.get_weights(), resumed.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-4)


def test_a_finished_run_is_not_trained_again(small: Trained) -> None:
    model, _, checkpoint = small
    done: list[Epoch] = []
    again, _ = train(
        build_small, rows(256, 0), rows(64, 1),
        recipe=ClipRecipe(epochs=4, batch_size=32), checkpoint=checkpoint, on_epoch=done.append,
    )  # fmt: skip
    assert done == []
    for one, other in zip(model.get_weights(), again.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_checkpoint_of_other_rows_or_another_recipe_is_not_used(
    small: Trained, tmp_path: Path
) -> None:
    _, _, checkpoint = small
    copy = tmp_path / "run.npz"
    for recipe, seed in (
        (ClipRecipe(epochs=1, batch_size=32), 0),
        (ClipRecipe(epochs=4, batch_size=32), 5),
    ):
        copy.write_bytes(checkpoint.read_bytes())
        done: list[Epoch] = []
        train(
            build_small, rows(256, seed), rows(64, 1),
            recipe=recipe, checkpoint=copy, on_epoch=done.append,
        )  # fmt: skip
        assert len(done) == recipe.epochs


def test_learning_rate_falls_when_the_loss_stalls(tmp_path: Path) -> None:
    # Labels that nothing explains: with a learning rate of zero nothing moves.
    recipe = ClipRecipe(epochs=10, learning_rate=1e-12, min_learning_rate=1e-14)
    _, epochs = train(
        build_small, rows(32, 0), rows(32, 1), recipe=recipe, checkpoint=tmp_path / "run.npz"
    )
    rates = [epoch.learning_rate for epoch in epochs]
    assert rates[0] == pytest.approx(1e-12)
    assert rates[-1] < 0.5e-12


class TestExport:
    def test_answers_as_keras_does(self, trained: Trained) -> None:
        model, _, _ = trained
        features = rows(50, 2).features
        runtime = LiteRT(to_litert(model, ARCHITECTURES[FINAL].build, features))
        assert runtime.size == 161
        expected = model.predict(features[:10, :, None], verbose=0)
        answers = [runtime.probabilities(row) for row in features[:10]]
        np.testing.assert_allclose(answers, expected, atol=1e-5)

    def test_any_difference_stops_it(self, small: Trained, monkeypatch: pytest.MonkeyPatch) -> None:
        model, _, _ = small
        answer = LiteRT.probabilities
        monkeypatch.setattr(LiteRT, "probabilities", lambda *a: answer(*a) + np.float32(2e-5))
        with pytest.raises(ExportError, match="differ from Keras"):
            to_litert(model, build_small, rows(5, 2).features)


class TestGoesOn:
    def test_a_fixed_number_of_epochs(self) -> None:
        recipe = ClipRecipe(epochs=50)
        assert _goes_on(49, 1e-7, recipe)
        assert not _goes_on(50, 1e-3, recipe)

    def test_until_the_training_loss_is_flat(self) -> None:
        recipe = ClipRecipe(epochs=50, most_epochs=150)
        assert _goes_on(49, 1e-7, recipe)
        assert _goes_on(50, 1e-3, recipe)
        assert not _goes_on(50, 4e-6, recipe)
        assert not _goes_on(150, 1e-3, recipe)
