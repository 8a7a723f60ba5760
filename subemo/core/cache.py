"""A content-addressed store of arrays: what was computed once is not computed again.

An entry is a head and the array's bytes, nothing that could run. The head
holds a SHA-256 of the key and of all that follows, so that an entry that was
cut off, altered, or copied under another name is known for what it is.
"""

from __future__ import annotations

import errno
import hashlib
import math
import os
import shutil
import struct
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from .errors import OutputError
from .files import write_atomically
from .progress import ignore
from .reading import open_plain

Array = npt.NDArray[Any]

#: How much `shrink` leaves, in bytes, where nobody says another limit.
LIMIT = 1_000_000_000

#: No entry is larger, in bytes; what would be is not cached.
LARGEST = 256 << 20

#: The first bytes of every entry, with the version of its form.
_MAGIC = b"subemo\x00\x01"
#: What an entry may hold, by a number of its own: little-endian floats, and bytes.
_TYPES: dict[int, np.dtype[Any]] = {
    1: np.dtype("<f2"),
    2: np.dtype("<f4"),
    3: np.dtype("<f8"),
    4: np.dtype("u1"),
}
_MOST_SIDES = 4
#: Magic, SHA-256 of the rest and the key; then type and shape, unused sides 0.
_SEAL, _SHAPE = struct.Struct("<8s32s"), struct.Struct(f"<BB{_MOST_SIDES}Q")
_HEAD = _SEAL.size + _SHAPE.size
#: Ends of the names of entries; those of former versions are counted and deleted, not read.
_SUFFIX, _FORMER = ".entry", ".npy"

#: The shape that an array must have; None for a side of any length.
Shape = tuple[int | None, ...]


def user_cache() -> Cache:
    """The cache that films and batches share: ``$XDG_CACHE_HOME/subemo``, or ``~/.cache/subemo``."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Cache(Path(home) / "subemo")


def file_digest(path: Path) -> str:
    """The SHA-256 of a file's content.

    Raises:
        OSError: if it cannot be read, or is no plain file
    """
    status = path.stat()
    # A user can set a file's size and time, but not when its entry was last changed.
    return _digest(
        path,
        status.st_size,
        status.st_mtime_ns,
        status.st_ctime_ns,
        status.st_ino,
        status.st_dev,
    )


@lru_cache(maxsize=16)
def _digest(path: Path, *_: int) -> str:
    """A film is asked for by those who skip and by those who keep: read once while it is the same."""
    with os.fdopen(open_plain(path), "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def all_finite(array: Array) -> bool:
    """Whether there are values, and all are numbers."""
    return bool(array.size and np.isfinite(array).all())


class _DamagedError(Exception):
    """An entry that is not as it was put there."""


@dataclass(frozen=True)
class Cache:
    """Arrays in a folder, each under the SHA-256 of all that it depends on.

    Attributes:
        folder: where the arrays lie; made when needed, safe to delete
    """

    folder: Path

    @staticmethod
    def key(content: bytes, *parameters: object) -> str:
        """The name of a result that depends on *content* and *parameters* alone."""
        digest = hashlib.sha256(content)
        digest.update(repr(parameters).encode())
        return digest.hexdigest()

    def get(
        self,
        key: str,
        *,
        shape: Shape | None = None,
        fits: Callable[[Array], bool] = lambda _: True,
        on_note: Callable[[str], None] = ignore,
    ) -> Array | None:
        """The array that was put under *key*, or None.

        What is not as it was put there, or not as the caller says, is deleted.

        Args:
            key: see `key`
            shape: which it must have
            fits: whether its values can be
            on_note: called with a line each on entries that were of no use

        Returns:
            the array, for the caller to change as it likes
        """
        path = self._path(key)
        try:
            array = _read(path, key, shape)
            if not fits(array):
                raise _DamagedError("values that cannot be")
        except (FileNotFoundError, NotADirectoryError):
            return None
        except _DamagedError as error:
            _remove(path)
            on_note(f"{path}: a damaged entry of the cache is left out ({error})")
            return None
        except OSError as error:  # no fault of the entry's: it may be of use another time
            on_note(f"{path}: an entry of the cache cannot be read ({error.strerror})")
            return None
        with suppress(OSError):
            os.utime(path)
        return array

    def put(self, key: str, array: Array) -> None:
        """Keeps *array* under *key*, unless it is larger than `LARGEST`.

        Args:
            key: see `key`
            array: of floats or bytes, of at most four sides

        Raises:
            OutputError: if it cannot be written
        """
        kinds = [number for number, kind in _TYPES.items() if kind == array.dtype]
        if not kinds or array.ndim > _MOST_SIDES:
            raise ValueError(f"an array of {array.dtype} with {array.ndim} sides cannot be cached")
        if _HEAD + array.nbytes > LARGEST:
            return
        sides = (*array.shape, *[0] * (_MOST_SIDES - array.ndim))
        payload = _SHAPE.pack(kinds[0], array.ndim, *sides)
        payload += array.astype(_TYPES[kinds[0]], copy=False).tobytes()
        path = self._path(key)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(f"cannot be made ({error.strerror})", path=path.parent) from error
        write_atomically(path, _SEAL.pack(_MAGIC, _seal(key, payload)) + payload, overwrite=True)

    def shrink(self, limit: int = LIMIT) -> int:
        """Deletes what was used longest ago until *limit* bytes are left.

        Returns:
            how many arrays were deleted
        """
        # What has no bytes takes room, too, and goes where nothing is to be left.
        files = sorted((used, max(size, 1), path) for used, size, path in self._files())
        left = sum(size for _, size, _ in files)
        deleted = 0
        for _, size, path in files:
            if left <= limit:
                break
            if _remove(path):
                left -= size
                deleted += 1
        return deleted

    def size(self) -> tuple[int, int]:
        """How many arrays there are, and their bytes."""
        sizes = [size for _, size, _ in self._files()]
        return len(sizes), sum(sizes)

    def _files(self) -> Iterator[tuple[int, int, Path]]:
        """When each was used, its bytes, and where it lies; whatever lies there in its place."""
        for suffix in (_SUFFIX, _FORMER):
            for path in self.folder.glob(f"[0-9a-f][0-9a-f]/*{suffix}"):
                if path.parent.is_symlink():
                    continue  # what lies behind a link is not the cache's
                try:
                    status = path.lstat()
                except OSError:  # another process was quicker
                    continue
                yield status.st_mtime_ns, status.st_size, path

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / f"{key}{_SUFFIX}"


def _read(path: Path, key: str, shape: Shape | None) -> Array:
    """An entry, checked before anything is allocated for it.

    Raises:
        _DamagedError: if it is none, or another
        OSError: if it cannot be opened or read
    """
    try:
        handle = open_plain(path, follow=False)
    except OSError as error:
        if error.errno in (errno.EINVAL, errno.ELOOP, errno.ENXIO):
            raise _DamagedError("not a plain file") from error
        raise
    with os.fdopen(handle, "rb") as file:
        size = os.fstat(handle).st_size
        if not _HEAD <= size <= LARGEST:
            raise _DamagedError(f"{size:,} bytes")
        seal = file.read(_SEAL.size)
        payload = bytearray(file.read(_SHAPE.size))
        if len(payload) != _SHAPE.size or not seal.startswith(_MAGIC):
            raise _DamagedError("of another form")
        kind, sides = _shape_of(payload)
        if math.prod(sides) * kind.itemsize != size - _HEAD or not _is_like(sides, shape):
            raise _DamagedError(f"of the shape {sides}")
        payload += file.read(size - _HEAD)
    if len(payload) != size - _SEAL.size or _SEAL.unpack(seal)[1] != _seal(key, payload):
        raise _DamagedError("its checksum is another")
    try:
        found: Array = np.frombuffer(payload, kind, offset=_SHAPE.size).reshape(sides)
    except ValueError as error:  # no values, but sides beyond what NumPy counts
        raise _DamagedError(f"of the shape {sides}") from error
    return found


def _shape_of(head: bytes | bytearray) -> tuple[np.dtype[Any], tuple[int, ...]]:
    number, count, *sides = _SHAPE.unpack(head)
    if number not in _TYPES or count > _MOST_SIDES or any(sides[count:]):
        raise _DamagedError("of an unknown kind")
    return _TYPES[number], tuple(sides[:count])


def _is_like(sides: tuple[int, ...], shape: Shape | None) -> bool:
    if shape is None:
        return True
    return len(sides) == len(shape) and all(
        wanted in (None, side) for side, wanted in zip(sides, shape, strict=True)
    )


def _seal(key: str, payload: bytes | bytearray) -> bytes:
    digest = hashlib.sha256(key.encode())
    digest.update(payload)
    return digest.digest()


def _remove(path: Path) -> bool:
    """Deletes whatever has an entry's name, without following it; whether it is gone."""
    try:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    except OSError:
        return False
    return True
