"""A model as a folder of data: files are read within size limits and checked before use."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from errno import ENOENT
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from .errors import BundleError

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


def check_format(found: object, wanted: object, *, what: str, path: Path, remedy: str) -> None:
    """Refuses a model whose format this version cannot read.

    Args:
        found: the format in its description
        wanted: the supported format
        what: the start of the message, such as ``this model has``
        path: the description
        remedy: what the user can do

    Raises:
        BundleError: if they differ
    """
    if found != wanted:
        raise BundleError(
            f"{what} format {found!r}, but this version of subemo reads {wanted}",
            path=path,
            remedy=remedy,
        )


@contextmanager
def description_of(name: str, *, path: Path, remedy: str) -> Iterator[None]:
    """Turns errors over missing or invalid values of a description into `BundleError`.

    Args:
        name: the model's name in errors
        path: the description
        remedy: what the user can do

    Raises:
        BundleError: for any exception that invalid JSON content causes
    """
    try:
        yield
    except (
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        RecursionError,
        OverflowError,
    ) as error:
        raise BundleError(
            f"not a valid description of {name} ({type(error).__name__}: {error})",
            path=path,
            remedy=remedy,
        ) from error


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
    limit: int,
    remedy: str,
) -> dict[str, Any]:
    """Unpacks an ``npz`` file, checking each array's shape, type and finiteness.

    Args:
        data: the file
        shapes: the shape and type of each required array
        path: the file's path
        name: the model's name in errors
        limit: the largest size of all arrays together, in bytes
        remedy: what the user can do

    Raises:
        BundleError: if an array is missing or invalid, or they are too large
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > limit:
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
