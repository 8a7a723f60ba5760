"""A model as a folder of data: its parts read within limits, and checked before they are used."""

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

#: Where the models that come with subemo lie: inside the installed package,
#: or beside it in a checkout.
SHIPPED = (Path(__file__).parents[1] / "models", Path(__file__).parents[2] / "models")


def read_part(path: Path, *, limit: int, name: str, remedy: str) -> bytes:
    """A part of a model, a plain file of bounded size.

    Args:
        path: the file
        limit: its largest size, in bytes
        name: what the model is called in an error
        remedy: what the user can do where it cannot be read

    Raises:
        BundleError: if it cannot be read, or is larger
    """
    try:
        if not path.is_file():
            raise FileNotFoundError(ENOENT, "there is no such file")
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except OSError as error:
        raise BundleError(
            f"this part of {name} cannot be read ({error.strerror})", path=path, remedy=remedy
        ) from error
    if len(data) > limit:
        raise BundleError(f"larger than {limit >> 20} MB, so it is no model of ours", path=path)
    return data


def check_digest(data: bytes, digest: object, *, path: Path, named_in: str, remedy: str) -> None:
    """Refuses a part of a model that is not the one that its description names.

    Args:
        data: the part
        digest: the SHA-256 that it should have, in hexadecimal digits
        path: where the part lies
        named_in: the file that names the SHA-256
        remedy: what the user can do

    Raises:
        BundleError: if its SHA-256 is another
    """
    if hashlib.sha256(data).hexdigest() != digest:
        raise BundleError(
            f"its SHA-256 is not the one that {named_in} names, so it was altered or cut off",
            path=path,
            remedy=remedy,
        )


def check_format(found: object, wanted: object, *, what: str, path: Path, remedy: str) -> None:
    """Refuses a model of another version than this subemo reads.

    Args:
        found: the format that its description names
        wanted: the one that is read here
        what: what has that format, such as ``this model has``
        path: the description
        remedy: what the user can do

    Raises:
        BundleError: if they differ
    """
    if found != wanted:
        raise BundleError(
            f"{what} format {found!r}, and this subemo reads {wanted}", path=path, remedy=remedy
        )


@contextmanager
def description_of(name: str, *, path: Path, remedy: str) -> Iterator[None]:
    """In this block whatever a description lacks, or has of a wrong kind, is a `BundleError`.

    Args:
        name: what the model is called in an error
        path: the description
        remedy: what the user can do

    Raises:
        BundleError: at what Python raises over JSON that is not as it should be
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
            f"not the description of {name} ({type(error).__name__}: {error})",
            path=path,
            remedy=remedy,
        ) from error


def pack_arrays(arrays: Mapping[str, npt.NDArray[Any]]) -> bytes:
    """Arrays as an ``npz`` file; the same arrays give the same bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, array in sorted(arrays.items()):
            raw = io.BytesIO()
            np.save(raw, np.ascontiguousarray(array), allow_pickle=False)
            # Fixed times: the same training writes the same bytes.
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
    """The arrays of an ``npz`` file, each of its shape and kind, and of finite numbers.

    Args:
        data: the file
        shapes: the shape and kind of each array that is wanted
        path: where the file lies
        name: what the model is called in an error
        limit: the largest size of all arrays together, in bytes
        remedy: what the user can do

    Raises:
        BundleError: if one is missing or otherwise, or they are too large
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > limit:
                raise BundleError("too large when unpacked", path=path, remedy=remedy)
        with np.load(io.BytesIO(data), allow_pickle=False) as stored:
            arrays = {key: stored[key] for key in shapes}
    except (zipfile.BadZipFile, OSError, EOFError, KeyError, ValueError) as error:
        raise BundleError(
            f"not the arrays of {name} ({type(error).__name__})", path=path, remedy=remedy
        ) from error
    for key, (shape, kind) in shapes.items():
        array = arrays[key]
        if array.shape != shape or array.dtype != kind or not np.isfinite(array).all():
            raise BundleError(
                f"the array {key!r} is not of {shape} finite numbers", path=path, remedy=remedy
            )
    return arrays
