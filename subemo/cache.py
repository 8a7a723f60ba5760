"""A content-addressed store of arrays: what was computed once is not computed again."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from .files import write_atomically

Array = npt.NDArray[np.float32 | np.float16]


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

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / f"{key}.npy"
