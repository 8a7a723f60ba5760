from __future__ import annotations

import numpy as np
import pytest

from subemo.research.datasets import clips as augment

from ...conftest import needs, speechlike, tone

pytestmark = needs("librosa")

RATE = 22_050


def test_noise_is_at_most_a_fraction_of_the_peak() -> None:
    samples = speechlike(1)
    for seed in range(20):
        noise = augment.add_noise(samples, np.random.default_rng(seed)) - samples
        assert 0 < noise.std() <= 1.05 * augment.NOISE_FRACTION * samples.max()


def test_stretch_makes_longer_and_keeps_pitch() -> None:
    stretched = augment.stretch(tone(1))
    assert stretched.size == pytest.approx(RATE / 0.8, rel=0.01)
    spectrum = np.abs(np.fft.rfft(stretched))
    assert np.argmax(spectrum) * RATE / stretched.size == pytest.approx(440, abs=5)


def test_pitch_goes_up_by_a_fifth_and_length_stays() -> None:
    shifted = augment.shift_pitch(tone(1), RATE)
    assert shifted.size == RATE
    assert np.argmax(np.abs(np.fft.rfft(shifted))) == pytest.approx(440 * 2 ** (7 / 12), abs=5)


def test_versions_are_four_and_repeatable() -> None:
    first, again = (
        list(augment.augmented(speechlike(0.5), RATE, np.random.default_rng(3))) for _ in range(2)
    )
    assert len(first) == len(augment.VERSIONS) == 4
    for one, other in zip(first, again, strict=True):
        np.testing.assert_array_equal(one, other)
    np.testing.assert_array_equal(first[0], speechlike(0.5))
