"""Stores a film's features until all are computed, in memory or in a temporary file."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from types import TracebackType
from typing import IO, Self

import numpy as np

from ..features import Vector

#: The bytes held in memory, features of about five minutes of speech.
IN_MEMORY = 4_000_000

_Kind = np.dtype[np.float32 | np.float16]

#: Returns a stored array.
Reader = Callable[[], Vector]


class SpillFile:
    """Arrays that are read back a few times, in order.

    Beyond the memory limit they go to a file without a name, which disappears
    when the spill file is closed or the process ends in any way. If the file
    cannot be written, memory is used instead.

    Args:
        in_memory: the most bytes held in memory
    """

    def __init__(self, *, in_memory: int = IN_MEMORY) -> None:
        self._room = in_memory
        self._file: IO[bytes] | None = None
        self._end = 0
        self._is_full = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._file is not None:
            self._file.close()

    def put(self, vector: Vector) -> Reader:
        """Stores *vector*.

        Returns:
            a function that returns an equal vector, until the spill file is closed
        """
        if self._room >= vector.nbytes:
            self._room -= vector.nbytes
        elif not self._is_full and self._written(vector.tobytes()):
            start, self._end = self._end, self._end + vector.nbytes
            return partial(self._read, start, vector.nbytes, vector.shape, vector.dtype)
        return lambda: vector

    def _written(self, data: bytes) -> bool:
        """Appends *data* to the file; returns whether that succeeded."""
        try:
            if self._file is None:
                # Unbuffered, so that a full disk is noticed here.
                self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115
            self._file.seek(self._end)
            self._is_full = self._file.write(data) != len(data)
        except OSError:
            self._is_full = True
        return not self._is_full

    def _read(self, start: int, size: int, shape: tuple[int, ...], kind: _Kind) -> Vector:
        assert self._file is not None
        self._file.seek(start)
        found: Vector = np.frombuffer(self._file.read(size), kind).reshape(shape)
        return found


class Vectors:
    """A re-iterable sequence of vectors in a spill file.

    Args:
        readers: see `SpillFile.put`
    """

    def __init__(self, readers: list[Reader]) -> None:
        self._readers = readers

    def __len__(self) -> int:
        return len(self._readers)

    def __iter__(self) -> Iterator[Vector]:
        return (read() for read in self._readers)
