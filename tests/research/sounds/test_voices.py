from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from subemo.core.emotions import Emotion
from subemo.media.audio import Samples
from subemo.research.corpora import Clip
from subemo.research.sounds.stretches import LEVEL_DB, levelled
from subemo.research.sounds.voices import Kind, by_envelope, by_prediction, kind_of

RATE = 16_000


def voiced(hertz: float = 150.0, *, tilt: float = 1.0, seconds: float = 1.0) -> Samples:
    """A voice's harmonics, each weaker than the one before by a power of its number."""
    times = np.arange(int(seconds * RATE)) / RATE
    harmonics = range(1, int(7_000 / hertz))
    sound = sum(np.sin(2 * np.pi * hertz * n * times + n) / n**tilt for n in harmonics)
    return np.asarray(0.1 * sound / np.abs(sound).max(), np.float32)


def voicing(samples: Samples) -> float:
    """The largest correlation of a whole sound with itself a period of 70 to 600 Hz later, 0 to 1."""
    spectrum = np.abs(np.fft.rfft(samples, 2 * samples.size)) ** 2
    correlation = np.fft.irfft(spectrum)
    return float(correlation[RATE // 600 : RATE // 70].max() / correlation[0])


@pytest.mark.parametrize("whisper", [by_prediction, by_envelope])
def test_a_whisper_has_no_voice_and_the_same_level(whisper: object) -> None:
    assert callable(whisper)
    samples = voiced(seconds=1.5)
    found = whisper(samples, np.random.default_rng(0))
    assert found.size == samples.size
    assert voicing(found) < 0.5 < voicing(samples)
    assert float(np.std(found)) == pytest.approx(float(np.std(samples)), rel=0.1)


def test_levels_are_set_and_full_scale_is_not_passed() -> None:
    rms = float(np.sqrt(np.mean(np.square(levelled(voiced(), LEVEL_DB)))))
    assert 20 * np.log10(rms) == pytest.approx(LEVEL_DB, abs=0.1)
    assert np.abs(levelled(voiced(), 20.0)).max() <= 1


@pytest.mark.parametrize(
    ("corpus", "emotion", "intensity", "kind"),
    [
        ("ravdess", Emotion.ANGRY, "strong", Kind.SHOUT),
        ("ravdess", Emotion.ANGRY, "normal", Kind.ORDINARY),
        ("ravdess", Emotion.SAD, "strong", Kind.UNKNOWN),
        ("savee", Emotion.ANGRY, None, Kind.UNKNOWN),
        ("savee", Emotion.NEUTRAL, None, Kind.ORDINARY),
    ],
)
def test_what_labels_say_of_effort(
    corpus: str, emotion: Emotion, intensity: str | None, kind: Kind
) -> None:
    clip = Clip(Path("a.wav"), emotion, f"{corpus}-1", None, corpus, intensity=intensity)
    assert kind_of(clip) is kind
