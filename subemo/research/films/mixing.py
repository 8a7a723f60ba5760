"""Mixes a film's sound with pydub: clips in sequence over music."""

from __future__ import annotations

import warnings
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ...core.errors import MissingExtraError
from ...media.audio import Samples, load
from ..corpora import Clip
from ..datasets.clips import clip_sound
from .plan import MUSIC_MARGIN_MS, FilmPlan, Scene

#: The sample rate of films, in hertz; the corpora have 16,000 or 22,050.
SAMPLE_RATE = 22_050
#: The level of a speaker's median clip, and the peak limit of clips, in dBFS.
LEVEL_DB, PEAK_DB = -27.0, -1.0
_FADE_MS, _MUSIC_FADE_MS = 10, 500
_FULL_SCALE = 32_767

Integers = npt.NDArray[np.int16]


class ClipSounds:
    """The trimmed sound of clips, each read once."""

    def __init__(self) -> None:
        self._sounds: dict[str, Samples] = {}

    def sound(self, clip: Clip) -> Samples:
        """The clip's sound, mono at `SAMPLE_RATE`, shape (samples,).

        Raises:
            MediaError: if it cannot be read
            CorpusError: if it has no sound
        """
        if clip.key not in self._sounds:
            self._sounds[clip.key] = clip_sound(clip, sample_rate=SAMPLE_RATE)
        return self._sounds[clip.key]

    def duration_ms(self, clip: Clip) -> int:
        """The duration of a clip, in whole milliseconds."""
        return round(self.sound(clip).size * 1000 / SAMPLE_RATE)


def mix_film(plan: FilmPlan, sounds: ClipSounds) -> Integers:
    """Mixes the sound of a film, mono at `SAMPLE_RATE`, shape (samples,).

    The clips of a speaker keep their relative levels; the median one is
    set to `LEVEL_DB`. A clip that would exceed `PEAK_DB` is attenuated.

    Args:
        plan: the plan of the film
        sounds: the sounds of the clips
    """
    gains = _gains_db(plan, sounds)
    film = np.zeros(plan.duration_ms * SAMPLE_RATE // 1000, dtype=np.int16)
    for scene in plan.scenes:
        start_ms = max(0, scene.cues[0].start_ms - MUSIC_MARGIN_MS)
        mixed = _mix_scene(scene, start_ms, sounds, gains)
        at = start_ms * SAMPLE_RATE // 1000
        size = min(mixed.size, film.size - at)
        film[at : at + size] = mixed[:size]
    return film


def _gains_db(plan: FilmPlan, sounds: ClipSounds) -> Mapping[str, float]:
    """The gain of each speaker."""
    levels: defaultdict[str, list[float]] = defaultdict(list)
    for cue in plan.cues:
        assert cue.clip.speaker is not None
        levels[cue.clip.speaker].append(_level_db(sounds.sound(cue.clip)))
    return {speaker: LEVEL_DB - float(np.median(found)) for speaker, found in levels.items()}


def _mix_scene(
    scene: Scene, start_ms: int, sounds: ClipSounds, gains: Mapping[str, float]
) -> Integers:
    """A scene that starts at *start_ms* of the film, with its music's margins, shape (samples,)."""
    loud = [_louder(sounds.sound(cue.clip), gains[cue.clip.speaker or ""]) for cue in scene.cues]
    duration_ms = scene.cues[-1].end_ms + MUSIC_MARGIN_MS - start_ms
    placed = [
        (cue.start_ms - start_ms, samples) for cue, samples in zip(scene.cues, loud, strict=True)
    ]
    music = None
    if scene.music is not None:
        level_db = _level_db(np.concatenate(loud)) - scene.snr_db
        music = _bed(scene.music, scene.music_at, duration_ms, level_db)
    return overlay(placed, music, duration_ms=duration_ms)


def overlay(
    placed: Sequence[tuple[int, Samples]], music: Samples | None, *, duration_ms: int
) -> Integers:
    """Overlays sounds at their times on music, shape (samples,).

    Args:
        placed: start of each sound, in milliseconds, and its samples in -1 to 1
        music: as long as the result, or None
        duration_ms: of the result
    """
    track = pydub_segment().silent(duration=duration_ms, frame_rate=SAMPLE_RATE)
    if music is not None:
        bed = _segment(music)
        track = track.overlay(bed.fade_in(_MUSIC_FADE_MS).fade_out(_MUSIC_FADE_MS))
    for at_ms, samples in placed:
        clip = _segment(samples)
        track = track.overlay(clip.fade_in(_FADE_MS).fade_out(_FADE_MS), position=at_ms)
    return np.frombuffer(track.raw_data, dtype="<i2").astype(np.int16)


def _segment(samples: Samples) -> Any:
    integers = (np.clip(samples, -1, 1) * _FULL_SCALE).astype("<i2")
    return pydub_segment()(
        data=integers.tobytes(), sample_width=2, frame_rate=SAMPLE_RATE, channels=1
    )


def _bed(track: Path, at: float, duration_ms: int, level_db: float) -> Samples:
    """A piece of a track at a level, looped if the track is too short."""
    samples = _music(track)
    size = duration_ms * SAMPLE_RATE // 1000
    start = int(at * samples.size)
    stretch = np.resize(np.roll(samples, -start), size)
    return _louder(stretch, level_db - _level_db(stretch))


@lru_cache(maxsize=16)
def _music(track: Path) -> Samples:
    return load(track, sample_rate=SAMPLE_RATE)


def _level_db(samples: Samples) -> float:
    """The RMS level, in dBFS."""
    power = float(np.mean(np.square(samples, dtype=np.float64)))
    return 10 * float(np.log10(max(power, 1e-12)))


def _louder(samples: Samples, gain_db: float) -> Samples:
    """Applies a gain, limited so that the peak stays under `PEAK_DB`."""
    peak_db = 20 * float(np.log10(max(float(np.abs(samples).max()), 1e-6)))
    gain_db = min(gain_db, PEAK_DB - peak_db)
    return np.asarray(samples * 10 ** (gain_db / 20), dtype=np.float32)


def pydub_segment() -> Any:
    """Pydub's AudioSegment, imported without its warning about a missing ffmpeg.

    Raises:
        MissingExtraError: if it is not installed
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            from pydub import AudioSegment
        except ImportError as error:
            raise MissingExtraError.of("pydub", "evaluate") from error
    return AudioSegment
