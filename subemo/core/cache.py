"""A content-addressed store of arrays: results are computed once.

An entry is a header and the array's bytes, nothing that could run. The header
holds a SHA-256 of the key and all that follows, so truncated, altered or
renamed entries are detected.
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
from .files import create_folder, open_plain, write_atomically
from .progress import ignore

Array = npt.NDArray[Any]

#: The default size limit of `shrink`, in bytes.
LIMIT = 1_000_000_000

#: The largest entry, in bytes; larger arrays are not cached.
LARGEST = 256 << 20

#: The first bytes of every entry, with the format's version.
_MAGIC = b"subemo\x00\x01"
#: The data types of entries by number: little-endian floats, and bytes.
_TYPES: dict[int, np.dtype[Any]] = {
    1: np.dtype("<f2"),
    2: np.dtype("<f4"),
    3: np.dtype("<f8"),
    4: np.dtype("u1"),
}
_MOST_SIDES = 4
#: Magic, SHA-256 of the rest and the key; then type and shape, unused dimensions 0.
_SEAL, _SHAPE = struct.Struct("<8s32s"), struct.Struct(f"<BB{_MOST_SIDES}Q")
_HEAD = _SEAL.size + _SHAPE.size
#: Suffixes of entries; those of former versions are counted and deleted, not read.
_SUFFIX, _FORMER = ".entry", ".npy"

#: The required shape of an array; None for a dimension of any length.
Shape = tuple[int | None, ...]


def user_cache() -> Cache:
    """The cache shared by all runs: ``$XDG_CACHE_HOME/subemo``, or ``~/.cache/subemo``.

    Example:
        >>> user_cache().folder.name
        'subemo'
    """
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Cache(Path(home) / "subemo")


def file_digest(path: Path) -> str:
    """The SHA-256 of a file's content.

    Raises:
        OSError: if it cannot be read or is not a regular file
    """
    status = path.stat()
    # A user can set a file's size and time, but not its change time (ctime).
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
    """Memoised: a film's digest is needed several times in a run."""
    with os.fdopen(open_plain(path), "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def all_finite(array: Array) -> bool:
    """Whether the array has values and all of them are finite."""
    return bool(array.size and np.isfinite(array).all())


class _DamagedError(Exception):
    """An entry that was changed since it was written."""


@dataclass(frozen=True)
class Cache:
    """Arrays in a folder, each under the SHA-256 of everything it depends on.

    Attributes:
        folder: the folder; made when needed, safe to delete

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     Cache(Path(folder)).get(Cache.key(b"sound", "analysis")) is None
        True
    """

    folder: Path

    @staticmethod
    def key(content: bytes, *parameters: object) -> str:
        """The key of a result that depends only on *content* and *parameters*."""
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
        """The array stored under *key*, or None.

        A damaged or unsuitable entry is deleted.

        Args:
            key: see `key`
            shape: the required shape
            fits: checks whether its values are valid
            on_note: called with a line for each unusable entry

        Returns:
            the array, which the caller may change
        """
        path = self._path(key)
        try:
            array = _read(path, key, shape)
            if not fits(array):
                raise _DamagedError("invalid values")
        except (FileNotFoundError, NotADirectoryError):
            return None
        except _DamagedError as error:
            _remove(path)
            on_note(f"{path}: ignored a damaged cache entry ({error})")
            return None
        except OSError as error:  # not the entry's fault: it may be readable later
            on_note(f"{path}: cannot read a cache entry ({error.strerror})")
            return None
        with suppress(OSError):
            os.utime(path)
        return array

    def put(self, key: str, array: Array) -> None:
        """Stores *array* under *key* unless it is larger than `LARGEST`.

        Args:
            key: see `key`
            array: floats or bytes, with at most four dimensions

        Raises:
            OutputError: if it cannot be written
        """
        kinds = [number for number, kind in _TYPES.items() if kind == array.dtype]
        if not kinds or array.ndim > _MOST_SIDES:
            raise ValueError(
                f"an array of {array.dtype} with {array.ndim} dimensions cannot be cached"
            )
        if _HEAD + array.nbytes > LARGEST:
            return
        sides = (*array.shape, *[0] * (_MOST_SIDES - array.ndim))
        payload = _SHAPE.pack(kinds[0], array.ndim, *sides)
        payload += array.astype(_TYPES[kinds[0]], copy=False).tobytes()
        path = self._path(key)
        create_folder(path.parent, name="the cache folder")
        write_atomically(path, _SEAL.pack(_MAGIC, _seal(key, payload)) + payload, overwrite=True)

    def try_put(self, key: str, array: Array, *, name: str) -> Iterator[str]:
        """Stores *array* and shrinks the cache; a failure is only reported.

        Args:
            key: see `put`
            array: see `put`
            name: what the message calls it

        Yields:
            a message if it could not be cached
        """
        try:
            self.put(key, array)
            self.shrink()
        except (OSError, OutputError) as error:
            yield f"could not cache {name} ({error})"

    def shrink(self, limit: int = LIMIT) -> int:
        """Deletes the least recently used entries until *limit* bytes are left.

        Returns:
            how many arrays were deleted
        """
        # Empty files go too if nothing is to be left.
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
        """The number of arrays and their total size in bytes."""
        sizes = [size for _, size, _ in self._files()]
        return len(sizes), sum(sizes)

    def _files(self) -> Iterator[tuple[int, int, Path]]:
        """Time of last use, size and path of each entry, whatever kind of file it is."""
        for suffix in (_SUFFIX, _FORMER):
            for path in self.folder.glob(f"[0-9a-f][0-9a-f]/*{suffix}"):
                if path.parent.is_symlink():
                    continue  # the target of a link is not part of the cache
                try:
                    status = path.lstat()
                except OSError:  # another process deleted it first
                    continue
                yield status.st_mtime_ns, status.st_size, path

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / f"{key}{_SUFFIX}"


def _read(path: Path, key: str, shape: Shape | None) -> Array:
    """Reads an entry and checks it before allocating memory.

    Raises:
        _DamagedError: if it is not the entry of *key*
        OSError: if it cannot be opened or read
    """
    try:
        handle = open_plain(path, follow=False)
    except OSError as error:
        if error.errno in (errno.EINVAL, errno.ELOOP, errno.ENXIO):
            raise _DamagedError("not a regular file") from error
        raise
    with os.fdopen(handle, "rb") as file:
        size = os.fstat(handle).st_size
        if not _HEAD <= size <= LARGEST:
            raise _DamagedError(f"{size:,} bytes")
        seal = file.read(_SEAL.size)
        payload = bytearray(file.read(_SHAPE.size))
        if len(payload) != _SHAPE.size or not seal.startswith(_MAGIC):
            raise _DamagedError("unknown format")
        kind, sides = _shape_of(payload)
        if math.prod(sides) * kind.itemsize != size - _HEAD or not _is_like(sides, shape):
            raise _DamagedError(f"unexpected shape {sides}")
        payload += file.read(size - _HEAD)
    if len(payload) != size - _SEAL.size or _SEAL.unpack(seal)[1] != _seal(key, payload):
        raise _DamagedError("wrong checksum")
    try:
        found: Array = np.frombuffer(payload, kind, offset=_SHAPE.size).reshape(sides)
    except ValueError as error:  # no values, but dimensions beyond NumPy's limits
        raise _DamagedError(f"unexpected shape {sides}") from error
    return found


def _shape_of(head: bytes | bytearray) -> tuple[np.dtype[Any], tuple[int, ...]]:
    number, count, *sides = _SHAPE.unpack(head)
    if number not in _TYPES or count > _MOST_SIDES or any(sides[count:]):
        raise _DamagedError("unknown data type")
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
    """Deletes an entry without following links; returns whether it is gone."""
    try:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    except OSError:
        return False
    return True
