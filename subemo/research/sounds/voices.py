"""Clips of all vocal efforts: original, over backgrounds, whispered, at any level."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ...core.emotions import UNMARKED, Emotion
from ...features.base import FeatureSet
from ...features.windows import MIN_SOUND_MS
from ...media.audio import Samples
from ..corpora import Clip
from ..corpora.backgrounds import Backgrounds
from ..datasets.distortions import draw_background, low_pass, mix, reverberate
from .sources import UNHEARD, Sources
from .stretches import LEVEL_DB, SAMPLE_RATE, levelled, seeded, sound_of

_FRAME, _HOP = 400, 100
_ORDER = 20


def by_prediction(samples: Samples, generator: np.random.Generator) -> Samples:
    """Linear prediction, its residual replaced by white noise of the same energy, frame by frame.

    For training.

    Args:
        samples: speech at 16 kHz, shape (samples,)
        generator: source of the noise and of the spectral tilt
    """
    from scipy.linalg import solve_toeplitz
    from scipy.signal import lfilter

    emphasis = generator.uniform(0.5, 0.97)
    flat = lfilter([1, -emphasis], [1], samples).astype(np.float64)
    window = np.hanning(_FRAME)
    whisper = np.zeros(flat.size + _FRAME)
    for start in range(0, flat.size - _FRAME, _HOP):
        frame = flat[start : start + _FRAME] * window
        correlation = np.correlate(frame, frame, "full")[_FRAME - 1 : _FRAME + _ORDER]
        if correlation[0] < 1e-9:
            continue
        correlation[0] *= 1 + 1e-4
        taps = solve_toeplitz(correlation[:-1], correlation[1:])
        residual = max(correlation[0] - taps @ correlation[1:], 1e-12)
        noise = generator.standard_normal(_FRAME) * np.sqrt(residual / _FRAME)
        whisper[start : start + _FRAME] += lfilter([1], [1, *-taps], noise) * window
    return _levelled(whisper[: samples.size], samples)


def by_envelope(samples: Samples, generator: np.random.Generator) -> Samples:
    """Applies the cepstral envelope of each frame to noise (a short-time spectral vocoder).

    For tests.

    Args:
        samples: speech at 16 kHz, shape (samples,)
        generator: source of the noise
    """
    from scipy.signal import istft, stft

    hertz, _, spectra = stft(samples, 16_000, nperseg=512, noverlap=384)
    log = np.log(np.abs(spectra) + 1e-7)
    mirrored = np.concatenate([log, log[-2:0:-1]])
    cepstrum = np.fft.ifft(mirrored, axis=0).real
    # Quefrencies below the shortest pitch period describe the vocal tract only.
    cepstrum[28:-27] = 0
    envelope = np.exp(np.fft.fft(cepstrum, axis=0).real[: len(log)])
    tilt = np.clip((hertz / 1000) ** 0.8, 0.15, 3)[:, None]
    _, _, noise = stft(generator.standard_normal(samples.size), 16_000, nperseg=512, noverlap=384)
    frames = min(noise.shape[1], envelope.shape[1])
    _, whisper = istft(
        (envelope * tilt)[:, :frames] * noise[:, :frames], 16_000, nperseg=512, noverlap=384
    )
    return _levelled(np.pad(whisper, (0, max(0, samples.size - whisper.size))), samples)


def _levelled(whisper: npt.NDArray[np.float64], samples: Samples) -> Samples:
    """Sets the level of the original speech, so that level carries no information."""
    whisper = whisper[: samples.size]
    power = max(float(np.mean(whisper**2)), 1e-12)
    gain = np.sqrt(float(np.mean(np.square(samples, dtype=np.float64))) / power)
    return np.asarray(np.clip(whisper * gain, -1, 1), np.float32)


class Kind(StrEnum):
    """The class of a clip for vocal effort."""

    ORDINARY = "ordinary"
    SHOUT = "shout"
    WHISPER = "whisper"
    #: Not speech: a vocal sound, music, noise.
    OTHER = "other"
    #: Speech of unknown intensity.
    UNKNOWN = "unknown"


class Use(StrEnum):
    """The use of a voice."""

    TRAINING = "training"
    REPORTING = "reporting"


class Condition(StrEnum):
    """The condition of a voice."""

    CLEAN = "clean"
    BACKGROUND = "background"
    LOUDER = "louder"
    QUIETER = "quieter"


#: The emotions whose strong form is loud speech in RAVDESS.
SHOUTED = frozenset({Emotion.ANGRY, Emotion.FEAR, Emotion.HAPPY})
#: Levels of voices over backgrounds, in dB: in training, and for reporting.
_SNR_DB, REPORTED_SNR_DB = (0.0, 20.0), 10.0
#: Gains of clips in dB: random in training, fixed for reporting.
_GAIN_DB, REPORTED_GAIN_DB = (-15.0, 15.0), 10.0
#: The share of speech clips made into whispers, and the number of clips of other corpora.
_WHISPERED, _OTHERS = 0.2, 120
_LONGEST = 6 * SAMPLE_RATE

Make = Callable[[np.random.Generator], Samples]


@dataclass(frozen=True, eq=False)
class VoiceOrder:
    """A version of a clip to extract features from.

    Attributes:
        name: name of the clip, the same in all versions
        speaker: the speaker, or the file
        corpus: the corpus
        kind: its class
        emotion: its emotion, for speech
        use: its use
        condition: its condition
        make: makes the sound
    """

    name: str
    speaker: str
    corpus: str
    kind: Kind
    emotion: Emotion | None
    use: Use
    condition: Condition
    make: Make


def hear(order: VoiceOrder, features: FeatureSet) -> npt.NDArray[np.float32] | None:
    """The mean and standard deviation of an order's frames, shape (2 * size,); None for too little sound.

    The recording level must not reveal strong clips, so every clip is set to the same
    level, then made louder or quieter, at random in training.
    """
    generator = seeded("voice", order.name, order.kind, order.use, order.condition)
    samples = order.make(generator)[:_LONGEST]
    if samples.size * 1000 < MIN_SOUND_MS * SAMPLE_RATE or not samples.any():
        return None
    gain = {Condition.LOUDER: REPORTED_GAIN_DB, Condition.QUIETER: -REPORTED_GAIN_DB}
    change = gain.get(order.condition, 0.0)
    if order.use is Use.TRAINING:
        change = generator.uniform(*_GAIN_DB)
    frames = np.asarray(features.extract(levelled(samples, LEVEL_DB + change)), np.float32)
    return np.concatenate([frames.mean(axis=0), frames.std(axis=0)])


def voice_orders(sources: Sources) -> Iterator[VoiceOrder]:
    """All clips for training and evaluating vocal effort."""
    speech = (*sources.speech, *sources.unheard)
    for corpus in sorted({clip.corpus for clip in speech}):
        clips = [clip for clip in speech if clip.corpus == corpus]
        if corpus != "ravdess":
            order = seeded("voices of", corpus).permutation(len(clips))
            clips = [clips[number] for number in order[:_OTHERS].tolist()]
        for clip in clips:
            if corpus not in UNHEARD:
                yield from _to_learn(clip, sources)
            if corpus in (*UNHEARD, "ravdess"):
                yield from _to_report(clip, sources)
    for one in sources.sounds:
        yield from _of_file(one.path, one.speaker, one.corpus, Use.TRAINING)
    for one in sources.held_sounds:
        yield from _of_file(one.path, one.speaker, one.corpus, Use.REPORTING)
    for path in sources.backgrounds.files:
        yield from _of_file(path, path.stem, "background", Use.TRAINING)
    for path in sources.held_backgrounds.files:
        yield from _of_file(path, path.stem, "background", Use.REPORTING)


def kind_of(clip: Clip) -> Kind:
    """The class of a clip from its labels."""
    if clip.corpus == "ravdess":
        strong = clip.intensity == "strong"
        if strong and clip.emotion in SHOUTED:
            return Kind.SHOUT
        return Kind.UNKNOWN if strong else Kind.ORDINARY
    return Kind.ORDINARY if clip.emotion in UNMARKED else Kind.UNKNOWN


def _to_learn(clip: Clip, sources: Sources) -> Iterator[VoiceOrder]:
    behind = partial(_behind, sources.backgrounds, _SNR_DB, True)
    if kind_of(clip) is not Kind.UNKNOWN:
        yield from _of_clip(clip, kind_of(clip), Use.TRAINING, partial(_speech, clip.path), behind)
    if _is_drawn("whispered", clip, _WHISPERED):
        whisper = partial(_whispered, clip.path, by_prediction)
        yield from _of_clip(clip, Kind.WHISPER, Use.TRAINING, whisper, behind)


def _to_report(clip: Clip, sources: Sources) -> Iterator[VoiceOrder]:
    is_ravdess = clip.corpus == "ravdess"
    if is_ravdess and clip.emotion not in SHOUTED | UNMARKED:
        return
    behind = partial(_behind, sources.held_backgrounds, (REPORTED_SNR_DB, REPORTED_SNR_DB), False)
    clean, over = _of_clip(clip, kind_of(clip), Use.REPORTING, partial(_speech, clip.path), behind)
    yield from (clean, over)
    if is_ravdess and clip.emotion in SHOUTED and _is_drawn("levels of", clip, 0.5):
        yield replace(clean, condition=Condition.LOUDER)
        yield replace(clean, condition=Condition.QUIETER)
    if is_ravdess and _is_drawn("reported whisper", clip, _WHISPERED):
        whisper = partial(_whispered, clip.path, by_envelope)
        yield from _of_clip(clip, Kind.WHISPER, Use.REPORTING, whisper, behind)


def _is_drawn(what: str, clip: Clip, share: float) -> bool:
    return bool(seeded(what, clip.key).random() < share)


def _of_clip(
    clip: Clip, kind: Kind, use: Use, make: Make, behind: Callable[..., Samples]
) -> tuple[VoiceOrder, VoiceOrder]:
    """A clip as it is, and over a background."""
    about = (clip.key, str(clip.speaker), clip.corpus, kind, clip.emotion, use)
    return (
        VoiceOrder(*about, Condition.CLEAN, make),
        VoiceOrder(*about, Condition.BACKGROUND, partial(behind, make)),
    )


def _of_file(path: Path, speaker: str, corpus: str, use: Use) -> Iterator[VoiceOrder]:
    """Non-speech sounds: the first seconds of a file, or ten pieces of a music track."""
    pieces = 10 if path.parent.name == "music" else 1
    for number in range(pieces):
        name = f"{path.parent.name}/{path.stem}/{number}"
        make = partial(_piece, path, number)
        yield VoiceOrder(name, speaker, corpus, Kind.OTHER, None, use, Condition.CLEAN, make)


def _speech(path: Path, _: np.random.Generator) -> Samples:
    return sound_of(path)


def _piece(path: Path, number: int, _: np.random.Generator) -> Samples:
    samples = sound_of(path)
    return samples[number * _LONGEST : (number + 1) * _LONGEST]


def _whispered(
    path: Path,
    whisper: Callable[[Samples, np.random.Generator], Samples],
    generator: np.random.Generator,
) -> Samples:
    return whisper(sound_of(path), generator)


def _behind(
    backgrounds: Backgrounds,
    snr_db: tuple[float, float],
    distorted: bool,
    make: Make,
    generator: np.random.Generator,
) -> Samples:
    """Mixes with a background, possibly with reverberation or band limits."""
    samples = make(generator)
    if distorted and generator.random() < 0.3:
        samples = reverberate(samples, SAMPLE_RATE, generator)
    behind = draw_background(backgrounds, samples.size, SAMPLE_RATE, generator)
    samples = mix(samples, behind, snr_db=generator.uniform(*snr_db))
    if distorted and generator.random() < 0.2:
        samples = low_pass(samples, SAMPLE_RATE, generator.uniform(3_500, 7_000))
    return samples
