from __future__ import annotations

import numpy as np
import pytest

from subemo.core.emotions import EMOTIONS, Emotion
from subemo.model.network import soften
from subemo.research.training.crossval import temperature_of


def held_out(
    temperature: float, *, classes: int = 8, clips: int = 4_000
) -> tuple[list[Emotion], np.ndarray]:
    """Answers whose labels are drawn from the softened probabilities themselves."""
    generator = np.random.default_rng(0)
    logits = 2 * generator.standard_normal((clips, 8))
    logits[:, classes:] = -30
    probabilities = soften(logits, temperature)
    labels = [generator.choice(8, p=row) for row in probabilities]
    return [EMOTIONS[label] for label in labels], logits


@pytest.mark.parametrize("temperature", [0.7, 1.0, 2.5])
def test_the_temperature_that_the_labels_were_drawn_with_is_found(temperature: float) -> None:
    assert temperature_of([held_out(temperature)]) == pytest.approx(temperature, rel=0.07)


def test_each_set_counts_alike() -> None:
    many, few = held_out(3.0, clips=8_000), held_out(1.0, clips=1_000)
    assert 1.2 < temperature_of([many, few]) < 2.4


def test_soften() -> None:
    np.testing.assert_allclose(soften([0.0, 0.0]), [0.5, 0.5])
    np.testing.assert_allclose(soften([[1000.0, 0.0]]), [[1, 0]], atol=1e-12)
    np.testing.assert_allclose(soften(np.log([0.2, 0.8])), [0.2, 0.8])
    assert soften([2.0, 0.0], 4.0)[0] < soften([2.0, 0.0])[0]
