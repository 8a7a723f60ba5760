"""A content-addressed store of arrays: what was computed once is not computed again."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from .files import write_atomically

Array = npt.NDArray[Any]

#: How much `shrink` leaves, in bytes, where nobody says another limit.
LIMIT = 1_000_000_000


def user_cache() -> Cache:
    """The cache that films and batches share: ``$XDG_CACHE_HOME/subemo``, or ``~/.cache/subemo``."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Cache(Path(home) / "subemo")


def file_digest(path: Path) -> str:
    """The SHA-256 of a file's content.

    Raises:
        OSError: if it cannot be read
    """
    status = path.stat()
    return _digest(path, status.st_size, status.st_mtime_ns, status.st_ino)


@lru_cache(maxsize=16)
def _digest(path: Path, *_: int) -> str:
    """A film is asked for by those who skip and by those who keep: read once while it is the same."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


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

    def get(self, key: str) -> Array | None:
        """The array that was put under *key*, or None."""
        try:
            array: Array = np.load(self._path(key), allow_pickle=False)
            os.utime(self._path(key))
        except (OSError, ValueError):  # not there, or cut off by a full disk
            return None
        return array

    def put(self, key: str, array: Array) -> None:
        """Keeps *array* under *key*."""
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        buffer = io.BytesIO()
        np.save(buffer, array, allow_pickle=False)
        write_atomically(path, buffer.getvalue(), overwrite=True)

    def shrink(self, limit: int = LIMIT) -> int:
        """Deletes what was used longest ago until *limit* bytes are left.

        Returns:
            how many arrays were deleted
        """
        files = []
        for path in self._files():
            try:
                status = path.stat()
            except OSError:  # another process was quicker
                continue
            files.append((status.st_mtime_ns, status.st_size, path))
        left = sum(size for _, size, _ in files)
        deleted = 0
        for _, size, path in sorted(files):
            if left <= limit:
                break
            path.unlink(missing_ok=True)
            left -= size
            deleted += 1
        return deleted

    def size(self) -> tuple[int, int]:
        """How many arrays there are, and their bytes."""
        sizes = [path.stat().st_size for path in self._files()]
        return len(sizes), sum(sizes)

    def _files(self) -> Iterator[Path]:
        yield from self.folder.glob("[0-9a-f][0-9a-f]/*.npy")

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / f"{key}.npy"
