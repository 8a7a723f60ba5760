"""A model as a folder of data: its parts read within limits, and checked before they are used."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from errno import ENOENT
from pathlib import Path

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
