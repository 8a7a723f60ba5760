"""The sound of a film's gaps, kept while the film is decoded for its cues."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from ..align.silence import FLOOR_DBFS, LevelMeter, Levels
from ..media.audio import Samples
from .spill import Reader, SpillFile

#: Samples of a smaller value are inaudible.
_INAUDIBLE = 10 ** (FLOOR_DBFS / 20)


class GapSound:
    """The levels of a film, and the sound between its cues.

    What is between the cues can be told from silence only when the levels of the
    whole film are known, but decoding a film once more costs more than keeping
    the sound: half precision, 115 MB for an hour of gaps, in a `SpillFile`.

    Args:
        gaps: start and end of each, in milliseconds, in order, none overlapping
        sample_rate: of the blocks, in hertz
        spill: where the sound is kept

    Example:
        >>> with SpillFile() as spill:
        ...     kept = GapSound([(1_000, 2_000)], 1_000, spill)
        ...     for _ in kept.passing([np.ones(1_500, np.float32), np.ones(1_500, np.float32)]):
        ...         pass
        ...     [(block.size, float(block.sum())) for block in kept.blocks()]
        [(1000, 0.0), (500, 500.0), (500, 500.0), (1000, 0.0)]
    """

    def __init__(self, gaps: Sequence[tuple[int, int]], sample_rate: int, spill: SpillFile) -> None:
        self._gaps = [
            ((first * sample_rate + 500) // 1000, (last * sample_rate + 500) // 1000)
            for first, last in gaps
        ]
        self._meter = LevelMeter(sample_rate)
        self._spill = spill
        self._pieces: list[tuple[int, int, Reader]] = []
        self._at = self._next = 0

    def passing(self, blocks: Iterable[Samples]) -> Iterator[Samples]:
        """Passes the film's sound on, block by block, and keeps what is in its gaps."""
        for block in blocks:
            self._meter.add(block)
            self._keep(block)
            yield block

    def levels(self) -> Levels:
        """The levels of the film."""
        return self._meter.levels()

    def blocks(self) -> Iterator[Samples]:
        """The film's sound again, with silence where cues are shown."""
        at = 0
        for start, size, read in self._pieces:
            if start > at:
                yield np.zeros(start - at, np.float32)
            yield read().astype(np.float32)
            at = start + size
        if self._at > at:
            yield np.zeros(self._at - at, np.float32)

    def _keep(self, block: Samples) -> None:
        end = self._at + block.size
        while self._next < len(self._gaps):
            first, last = self._gaps[self._next]
            if first >= end:
                break
            piece = block[max(0, first - self._at) : last - self._at]
            if piece.size and np.abs(piece).max() > _INAUDIBLE:
                read = self._spill.put(piece.astype(np.float16))
                self._pieces.append((max(first, self._at), piece.size, read))
            if last > end:
                break
            self._next += 1
        self._at = end


def drain(blocks: Iterable[Samples]) -> None:
    """Reads a film's sound to its end."""
    for _ in blocks:
        pass
