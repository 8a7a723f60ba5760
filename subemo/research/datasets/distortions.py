"""Distortions of voices in films: backgrounds, rooms, levels, band limits, codecs, speed.

They are used for training and tests only. Every function takes and returns mono
sound, shape (samples,), and draws random numbers from the given generator.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

import numpy as np

from ...media import audio
from ...media.audio import Samples
from ..corpora.backgrounds import Backgrounds

#: The range of signal-to-noise ratios, in decibels.
SNR_DB = (0.0, 20.0)
#: The range of speed changes, which also shift pitch and formants.
SPEED = (0.9, 1.1)
#: The range of reverberation times (RT60), in seconds.
REVERBERATION_S = (0.15, 0.7)
#: The range of gains, in decibels.
GAIN_DB = (-15.0, 6.0)
#: The cutoff frequencies of channels, in hertz.
CUTOFF_HZ = (3_000.0, 7_000.0)

#: The probability of each distortion.
CHANCES = {"speed": 0.8, "room": 0.3, "background": 0.6, "cutoff": 0.2, "codec": 0.2, "gain": 0.8}

#: All parameters above, for cache keys.
PARAMETERS = (SNR_DB, SPEED, REVERBERATION_S, GAIN_DB, CUTOFF_HZ, tuple(CHANCES.items()))


@dataclass(frozen=True)
class Version:
    """A distorted or original version of a clip.

    Attributes:
        identity: everything that it depends on besides the clip; empty for the original
        seed: what seeds its randomness, with the clip's number
        make: makes it from samples, the sample rate and a generator; picklable
    """

    identity: tuple[object, ...]
    seed: tuple[int, ...]
    make: Callable[[Samples, int, np.random.Generator], Samples]

    def apply(self, samples: Samples, sample_rate: int, clip: int) -> Samples:
        """Makes this version of a clip, given its number."""
        return self.make(samples, sample_rate, np.random.default_rng([*self.seed, clip]))


def _same(samples: Samples, _rate: int, _generator: np.random.Generator) -> Samples:
    return samples


#: The original clip.
AS_IT_IS = Version((), (), _same)


def like_a_film(backgrounds: Backgrounds | None, number: int, *, seed: int = 0) -> Version:
    """The clip through `distort`.

    Args:
        backgrounds: possible backgrounds
        number: number of the version, from 1; each has its own randomness
        seed: random seed
    """
    files = () if backgrounds is None else backgrounds.files
    identity = (PARAMETERS, tuple(path.name for path in files), number, seed)
    return Version(identity, (seed, number), partial(distort, backgrounds=backgrounds))


def behind(backgrounds: Backgrounds, snr_db: float) -> Version:
    """The clip over one background, at a signal-to-noise ratio."""
    identity = ("behind", snr_db, tuple(path.name for path in backgrounds.files))
    make = partial(_behind, backgrounds=backgrounds, snr_db=snr_db)
    return Version(identity, (int(snr_db),), make)


def _behind(
    samples: Samples,
    sample_rate: int,
    generator: np.random.Generator,
    *,
    backgrounds: Backgrounds,
    snr_db: float,
) -> Samples:
    background = draw_background(backgrounds, samples.size, sample_rate, generator)
    return mix(samples, background, snr_db=snr_db)


def distort(
    samples: Samples,
    sample_rate: int,
    generator: np.random.Generator,
    backgrounds: Backgrounds | None,
) -> Samples:
    """Distorts a clip as in a film: each distortion with its probability in `CHANCES`.

    Args:
        samples: a voice, mono
        sample_rate: in hertz
        generator: source of randomness
        backgrounds: possible backgrounds; None for none
    """
    does = {name: generator.random() < chance for name, chance in CHANCES.items()}
    if does["speed"]:
        samples = change_speed(samples, generator.uniform(*SPEED))
    if does["room"]:
        samples = reverberate(samples, sample_rate, generator)
    if does["background"] and backgrounds is not None:
        background = draw_background(backgrounds, samples.size, sample_rate, generator)
        samples = mix(samples, background, snr_db=generator.uniform(*SNR_DB))
    if does["cutoff"]:
        samples = low_pass(samples, sample_rate, generator.uniform(*CUTOFF_HZ))
    if does["codec"]:
        samples = compress(samples, sample_rate, generator)
    if does["gain"]:
        samples = samples * np.float32(10 ** (generator.uniform(*GAIN_DB) / 20))
    return np.clip(samples, -1.0, 1.0).astype(np.float32)


def change_speed(samples: Samples, rate: float) -> Samples:
    """Plays the clip *rate* times as fast: above 1 it is shorter and higher."""
    import soxr

    steps = 1_000
    return np.asarray(soxr.resample(samples, steps * rate, steps), dtype=np.float32)


def reverberate(samples: Samples, sample_rate: int, generator: np.random.Generator) -> Samples:
    """Adds reverberation, with exponentially decaying noise as impulse response.

    This is the model of Polack (1988), with a reverberation time from `REVERBERATION_S`
    and an energy from -12 to 0 dB relative to the direct sound.
    """
    from scipy.signal import fftconvolve

    seconds = generator.uniform(*REVERBERATION_S)
    times = np.arange(int(seconds * sample_rate)) / sample_rate
    tail = generator.standard_normal(times.size) * 10 ** (-3 * times / seconds)
    tail *= 10 ** (generator.uniform(-12, 0) / 20) / np.linalg.norm(tail)
    tail[0] = 1.0
    return np.asarray(fftconvolve(samples, tail)[: samples.size], dtype=np.float32)


def draw_background(
    backgrounds: Backgrounds, size: int, sample_rate: int, generator: np.random.Generator
) -> Samples:
    """A piece of a random background, music or noise with equal probability, shape (size,)."""
    files = backgrounds.music if generator.random() < 0.5 else backgrounds.noise
    return piece(files, size, sample_rate, generator)


def piece(
    files: Sequence[Path], size: int, sample_rate: int, generator: np.random.Generator
) -> Samples:
    """A random piece of a random file, repeated if the file is too short, shape (size,)."""
    whole = _load(files[int(generator.integers(len(files)))], sample_rate)
    start = int(generator.integers(max(1, whole.size - size)))
    return np.resize(whole[start : start + size], size)


@lru_cache(maxsize=512)
def _load(path: Path, sample_rate: int) -> Samples:
    return audio.load(path, sample_rate=sample_rate)


def mix(samples: Samples, background: Samples, *, snr_db: float) -> Samples:
    """Mixes voice and background at *snr_db*, by mean power."""
    voice, behind = _power(samples), _power(background)
    if voice == 0 or behind == 0:
        return samples
    gain = np.sqrt(voice / behind / 10 ** (snr_db / 10))
    return (samples + np.float32(gain) * background).astype(np.float32)


def _power(samples: Samples) -> float:
    return float(np.mean(np.square(samples, dtype=np.float64)))


def low_pass(samples: Samples, sample_rate: int, cutoff_hz: float) -> Samples:
    """A low-pass filter, as on a telephone or an old film (Butterworth, order 6)."""
    from scipy.signal import butter, sosfilt

    sections = butter(6, cutoff_hz, fs=sample_rate, output="sos")
    return np.asarray(sosfilt(sections, samples), dtype=np.float32)


def compress(samples: Samples, sample_rate: int, generator: np.random.Generator) -> Samples:
    """Encodes the clip with a lossy codec, MP3 or Vorbis at a low rate."""
    import soundfile

    form, subtype = (("MP3", "MPEG_LAYER_III"), ("OGG", "VORBIS"))[int(generator.integers(2))]
    buffer = io.BytesIO()
    with soundfile.SoundFile(
        buffer, "w", sample_rate, 1, subtype, format=form, compression_level=0.9
    ) as file:
        file.write(np.clip(samples, -1, 1))
    buffer.seek(0)
    decoded, _ = soundfile.read(buffer, dtype="float32")
    # MP3 adds silence at both ends.
    return (
        np.resize(decoded, samples.size) if decoded.size < samples.size else decoded[: samples.size]
    )
