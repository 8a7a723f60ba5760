"""A model as a folder of data: files are read within size limits and checked before use."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from errno import ENOENT
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from .errors import BundleError
from .files import write_atomically

CARD_FILE = "README.md"
#: The largest size of all arrays of a model together, so that no archive fills the memory.
_MOST_UNPACKED = 32 << 20

#: The folder of the bundled models: inside the installed package,
#: or beside it in a checkout.
SHIPPED = (Path(__file__).parents[1] / "models", Path(__file__).parents[2] / "models")


def read_part(path: Path, *, limit: int, name: str, remedy: str) -> bytes:
    """Reads a file of a model, up to a size limit.

    Args:
        path: the file
        limit: its largest size, in bytes
        name: the model's name in errors
        remedy: what the user can do if it cannot be read

    Raises:
        BundleError: if it cannot be read or is too large
    """
    try:
        if not path.is_file():
            raise FileNotFoundError(ENOENT, "no such file")
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except OSError as error:
        raise BundleError(
            f"this file of {name} cannot be read ({error.strerror})", path=path, remedy=remedy
        ) from error
    if len(data) > limit:
        raise BundleError(
            f"larger than {limit >> 20} MB, too large for a model of subemo", path=path
        )
    return data


def check_digest(data: bytes, digest: object, *, path: Path, named_in: str, remedy: str) -> None:
    """Checks a file of a model against the SHA-256 in its description.

    Args:
        data: the file's content
        digest: the expected SHA-256, in hexadecimal
        path: the file
        named_in: the file that contains the SHA-256
        remedy: what the user can do

    Raises:
        BundleError: if the SHA-256 differs
    """
    if hashlib.sha256(data).hexdigest() != digest:
        raise BundleError(
            f"its SHA-256 differs from the one in {named_in}: the file was altered or truncated",
            path=path,
            remedy=remedy,
        )


@dataclass(frozen=True)
class ModelFolder:
    """One kind of model as a folder: a description in JSON, and the weights that it names by SHA-256.

    Attributes:
        name: the model's name in errors
        format: the supported version of the folder's layout
        description: the name of the description
        weights: the name of the weights
        most_bytes: the largest size of the weights
        remedy: what the user can do if it is damaged
        elsewhere: what the user can do if a file cannot be read
        most_text: the largest size of the description, in bytes
    """

    name: str
    format: int
    description: str
    weights: str
    most_bytes: int
    remedy: str
    elsewhere: str
    most_text: int = 16 << 20

    @contextmanager
    def read(self, folder: Path) -> Iterator[tuple[dict[str, Any], bytes]]:
        """Reads the folder; errors over missing or invalid values in the block become `BundleError`.

        Yields:
            the description, of the supported format, and the weights, whose SHA-256 is checked

        Raises:
            BundleError: if a file is missing, altered or of another version, and for any
                exception that invalid JSON content causes
        """
        path, weights = folder / self.description, folder / self.weights
        try:
            description = json.loads(self._part(path, self.most_text))
            found = description["format"]
            if found != self.format:
                raise BundleError(
                    f"{self.name} of format {found!r}, but this version of subemo reads {self.format}",
                    path=path,
                    remedy="Use the version of subemo that it came with, or train it again.",
                )
            data = self._part(weights, self.most_bytes)
            digest = description["weights"]["sha256"]
            check_digest(data, digest, path=weights, named_in=self.description, remedy=self.remedy)
            yield description, data
        except (
            ValueError,
            KeyError,
            TypeError,
            AttributeError,
            RecursionError,
            OverflowError,
        ) as error:
            raise BundleError(
                f"not a valid description of {self.name} ({type(error).__name__}: {error})",
                path=path,
                remedy=self.remedy,
            ) from error

    def write(
        self, folder: Path, description: Mapping[str, Any], data: bytes, *, card: str | None = None
    ) -> None:
        """Writes the folder, replacing an existing one; *card* is its README."""
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(description, indent=1) + "\n"
        write_atomically(folder / self.weights, data, overwrite=True)
        write_atomically(folder / self.description, text.encode(), overwrite=True)
        if card is not None:
            write_atomically(folder / CARD_FILE, card.encode(), overwrite=True)

    def named(self, data: bytes) -> dict[str, str]:
        """How a description names its weights."""
        return {"file": self.weights, "sha256": hashlib.sha256(data).hexdigest()}

    def unpack(
        self, data: bytes, shapes: Mapping[str, tuple[tuple[int, ...], type]], folder: Path
    ) -> dict[str, Any]:
        """Unpacks weights that are arrays; see `unpack_arrays`."""
        return unpack_arrays(
            data, shapes, path=folder / self.weights, name=self.name, remedy=self.remedy
        )

    def _part(self, path: Path, most: int) -> bytes:
        return read_part(path, limit=most, name=self.name, remedy=self.elsewhere)


def pack_arrays(arrays: Mapping[str, npt.NDArray[Any]]) -> bytes:
    """Packs arrays into an ``npz`` file; the same arrays give the same bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, array in sorted(arrays.items()):
            raw = io.BytesIO()
            np.save(raw, np.ascontiguousarray(array), allow_pickle=False)
            # Fixed times, so that the same training writes the same bytes.
            entry = zipfile.ZipInfo(f"{name}.npy", (2026, 1, 1, 0, 0, 0))
            archive.writestr(entry, raw.getvalue(), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def unpack_arrays(
    data: bytes,
    shapes: Mapping[str, tuple[tuple[int, ...], type]],
    *,
    path: Path,
    name: str,
    remedy: str,
) -> dict[str, Any]:
    """Unpacks an ``npz`` file, checking each array's shape, type and finiteness.

    Args:
        data: the file
        shapes: the shape and type of each required array
        path: the file's path
        name: the model's name in errors
        remedy: what the user can do

    Raises:
        BundleError: if an array is missing or invalid, or they are too large
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > _MOST_UNPACKED:
                raise BundleError("too large when unpacked", path=path, remedy=remedy)
        with np.load(io.BytesIO(data), allow_pickle=False) as stored:
            arrays = {key: stored[key] for key in shapes}
    except (zipfile.BadZipFile, OSError, EOFError, KeyError, ValueError) as error:
        raise BundleError(
            f"not valid arrays of {name} ({type(error).__name__})", path=path, remedy=remedy
        ) from error
    for key, (shape, kind) in shapes.items():
        array = arrays[key]
        if array.shape != shape or array.dtype != kind or not np.isfinite(array).all():
            raise BundleError(
                f"the array {key!r} does not have the shape {shape} or has values that are not finite",
                path=path,
                remedy=remedy,
            )
    return arrays
