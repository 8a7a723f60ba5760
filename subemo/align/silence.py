"""Segments a film without subtitles at silences.

Silence is defined as in pydub: at least `min_silence_ms` whose level (RMS, in
dBFS) stays at or below a threshold. pydub measures each window anew, which is
far too slow for a film; here the film is reduced to its levels once, and
windows are sums over those.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..core.settings import bounded, check_fields
from ..core.times import HOUR_MS
from ..media.audio import Samples

#: Resolution of levels and of every edge, in milliseconds.
STEP_MS = 10

#: The lowest level considered, in dBFS; below it nothing is audible.
FLOOR_DBFS = -80.0

#: The smallest distance of silence from the loud parts, in decibels. Closer levels
#: may be quiet speech, and losing speech is worse than keeping noise.
MIN_CONTRAST_DB = 25.0

Interval = tuple[int, int]


@dataclass(frozen=True)
class SilencePolicy:
    """How a film is segmented at silences.

    Attributes:
        threshold_dbfs: the level below which sound is silence; None estimates it from the film
        min_silence_ms: the shortest pause that separates segments
        padding_ms: time added around each segment, where the silence is long enough
        longest_ms: longer segments are split at their quietest point
            (7 s is Netflix's longest subtitle)

    Raises:
        SettingsError: if a value is invalid

    Example:
        >>> SilencePolicy(min_silence_ms=300).padding_ms
        100
        >>> SilencePolicy(min_silence_ms=0)
        Traceback (most recent call last):
            ...
        subemo.core.errors.SettingsError: min_silence_ms cannot be 0. It must be from 1 to 3,600,000.
    """

    threshold_dbfs: float | None = bounded(None, low=-200, high=100, none="estimated from the film")
    min_silence_ms: int = bounded(500, low=1, high=HOUR_MS)
    padding_ms: int = bounded(100, low=0, high=HOUR_MS)
    longest_ms: int = bounded(7_000, low=100, high=HOUR_MS)

    def __post_init__(self) -> None:
        check_fields(self)


@dataclass(frozen=True, eq=False)
class Levels:
    """The level of a film in steps of `STEP_MS`.

    Attributes:
        energies: sum of squares of each step's samples, shape (steps,)
        duration_ms: of the film
        sample_rate: in hertz
    """

    energies: npt.NDArray[np.float32]
    duration_ms: int
    sample_rate: int

    @property
    def dbfs(self) -> npt.NDArray[np.float64]:
        """The level of each step, in dBFS, at least `FLOOR_DBFS`, shape (steps,)."""
        mean_square = self.energies * (1000 / STEP_MS / self.sample_rate)
        decibels = 10 * np.log10(np.maximum(mean_square, 1e-20, dtype=np.float64))
        return np.asarray(np.maximum(decibels, FLOOR_DBFS))


class LevelMeter:
    """Measures the levels of a film block by block; 3 MB for two hours.

    Args:
        sample_rate: of the blocks, in hertz
    """

    def __init__(self, sample_rate: int) -> None:
        self._rate = sample_rate
        self._parts: list[npt.NDArray[np.float32]] = []
        self._rest = np.empty(0, dtype=np.float32)
        self._steps = self._samples = 0

    def add(self, block: Samples) -> None:
        """Measures the next block, shape (samples,)."""
        self._samples += block.size
        rest = np.concatenate((self._rest, block))
        whole = (self._samples * 1000) // (self._rate * STEP_MS)
        inner = self._edges(self._steps, whole) - self._edges(self._steps, self._steps)[0]
        if whole > self._steps:
            squares = np.square(rest[: inner[-1]], dtype=np.float64)
            self._parts.append(np.add.reduceat(squares, inner[:-1]).astype(np.float32))
            rest, self._steps = rest[inner[-1] :], whole
        self._rest = rest

    def levels(self) -> Levels:
        """The levels of all blocks so far."""
        parts = list(self._parts)
        if self._rest.size:
            energy = np.square(self._rest, dtype=np.float64).sum()
            parts.append(np.array([energy], dtype=np.float32))
        energies = np.concatenate(parts) if parts else np.empty(0, dtype=np.float32)
        return Levels(energies, round(self._samples * 1000 / self._rate), self._rate)

    def _edges(self, first_step: int, last_step: int) -> npt.NDArray[np.int64]:
        return np.arange(first_step, last_step + 1) * self._rate * STEP_MS // 1000


def measure(blocks: Iterable[Samples], *, sample_rate: int) -> Levels:
    """Measures the levels of a film, see `LevelMeter`."""
    meter = LevelMeter(sample_rate)
    for block in blocks:
        meter.add(block)
    return meter.levels()


def find_threshold(levels: Levels) -> float:
    """The level, in dBFS, that separates silence from sound in this film.

    Otsu's threshold (1979) over the levels of all steps, and at most
    `MIN_CONTRAST_DB` below the loudest twentieth.
    """
    dbfs = levels.dbfs
    audible = dbfs[dbfs > FLOOR_DBFS]
    if not audible.size:
        return FLOOR_DBFS
    highest = float(np.percentile(audible, 95)) - MIN_CONTRAST_DB
    return max(FLOOR_DBFS, min(_otsu(dbfs), highest))


def _otsu(values: npt.NDArray[np.float64]) -> float:
    """The value that splits *values* with the greatest variance between the parts."""
    counts, edges = np.histogram(values, np.arange(FLOOR_DBFS, 21.0))
    centres = (edges[:-1] + edges[1:]) / 2
    below = np.cumsum(counts)[:-1]
    above = values.size - below
    total = np.cumsum(counts * centres)
    possible = (below > 0) & (above > 0)
    if not possible.any():
        return FLOOR_DBFS
    between = np.zeros(below.size)
    gap = total[:-1][possible] / below[possible]
    gap -= (total[-1] - total[:-1][possible]) / above[possible]
    between[possible] = below[possible] * above[possible] * gap**2
    # A valley without a single step is flat; its middle is the fairest cut.
    best = np.flatnonzero(between >= between.max() * (1 - 1e-9))
    return float((edges[best[0] + 1] + edges[best[-1] + 1]) / 2)


def detect_silence(levels: Levels, *, threshold_dbfs: float, min_silence_ms: int) -> list[Interval]:
    """Finds silences like `pydub.silence.detect_silence` with a seek step of `STEP_MS`.

    Args:
        levels: of the film
        threshold_dbfs: levels at or below this are silent
        min_silence_ms: the shortest silence; rounded up to whole steps

    Returns:
        (start, end) in milliseconds, in order, none touching
    """
    width = max(1, -(-min_silence_ms // STEP_MS))
    steps = levels.energies.size
    if steps < width:
        return []
    edges = np.arange(steps + 1) * levels.sample_rate * STEP_MS // 1000
    edges[-1] = min(edges[-1], levels.duration_ms * levels.sample_rate / 1000)
    sums = np.concatenate(([0.0], np.cumsum(levels.energies, dtype=np.float64)))
    mean_square = (sums[width:] - sums[:-width]) / np.maximum(edges[width:] - edges[:-width], 1)
    starts = np.flatnonzero(mean_square <= 10 ** (threshold_dbfs / 10))
    if not starts.size:
        return []
    breaks = np.flatnonzero(np.diff(starts) > width)
    firsts = starts[np.concatenate(([0], breaks + 1))]
    lasts = starts[np.concatenate((breaks, [starts.size - 1]))] + width
    return [
        (int(first) * STEP_MS, min(int(last) * STEP_MS, levels.duration_ms))
        for first, last in zip(firsts, lasts, strict=True)
    ]


def detect_sound(levels: Levels, silences: list[Interval]) -> list[Interval]:
    """The intervals between silences, like `pydub.silence.detect_nonsilent`."""
    edges = [0, *(edge for silence in silences for edge in silence), levels.duration_ms]
    pairs = zip(edges[::2], edges[1::2], strict=True)
    return [(start, end) for start, end in pairs if end > start]


def split_on_silence(levels: Levels, policy: SilencePolicy | None = None) -> list[Interval]:
    """The segments of a film that are not silent.

    Args:
        levels: of the film
        policy: how to segment

    Returns:
        (start, end) in milliseconds, in order; none overlap, none is longer
        than `policy.longest_ms`
    """
    policy = policy or SilencePolicy()
    threshold = policy.threshold_dbfs
    if threshold is None:
        threshold = find_threshold(levels)
    silences = detect_silence(
        levels, threshold_dbfs=threshold, min_silence_ms=policy.min_silence_ms
    )
    padded = _pad(detect_sound(levels, silences), policy.padding_ms, levels.duration_ms)
    loudness = levels.dbfs
    return [
        part for interval in padded for part in _split_long(interval, loudness, policy.longest_ms)
    ]


def _pad(intervals: list[Interval], padding_ms: int, duration_ms: int) -> list[Interval]:
    """Pads intervals by *padding_ms* on each side, at most to the middle of the gap."""
    padded = []
    for i, (start, end) in enumerate(intervals):
        before = intervals[i - 1][1] if i else None
        after = intervals[i + 1][0] if i + 1 < len(intervals) else None
        earliest = 0 if before is None else (before + start) // 2
        latest = duration_ms if after is None else (end + after) // 2
        padded.append((max(start - padding_ms, earliest), min(end + padding_ms, latest)))
    return padded


def _split_long(
    interval: Interval, loudness: npt.NDArray[np.float64], longest_ms: int
) -> list[Interval]:
    """Splits an interval at its quietest fifths of a second until no part is too long."""
    parts = []
    todo = [interval]
    while todo:
        start, end = todo.pop()
        if end - start <= longest_ms:
            parts.append((start, end))
            continue
        # Away from the ends, so that neither part is too short.
        margin = min((end - start) // 3, longest_ms // 2)
        inside = loudness[(start + margin) // STEP_MS : (end - margin) // STEP_MS]
        width = min(20, inside.size)
        smooth = np.convolve(inside, np.ones(width) / width, mode="valid")
        middle = start + margin + (int(np.argmin(smooth)) + width // 2) * STEP_MS
        todo += [(middle, end), (start, middle)]
    return parts
