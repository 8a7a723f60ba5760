"""Reads the variables of a CTranslate2 model file as arrays.

The file contains a header, the number of variables, each with its name, shape,
type and data, and aliases of variables. Only the variables of Whisper's encoder
are kept.
"""

from __future__ import annotations

import io
import struct
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ..core.errors import BundleError

Array = npt.NDArray[Any]

#: The supported version of the file format.
VERSION = 6

_ENCODER = "encoder/"
#: Element types by their number in the file; the others belong to quantised models.
_TYPES: dict[int, type[np.generic]] = {0: np.float32, 2: np.int16, 4: np.float16}


def encoder_variables(content: bytes, path: Path) -> dict[str, Array]:
    """The variables of a Whisper model's encoder, by name without ``encoder/``.

    Args:
        content: the whole file
        path: its path, for errors

    Raises:
        BundleError: if it is not a Whisper model of this format, in single or half precision
    """
    stream = io.BytesIO(content)
    try:
        version, kind, _ = _number(stream, "I"), _text(stream), _number(stream, "I")
        if version != VERSION or kind != "WhisperSpec":
            raise ValueError(f"{kind} in version {version}")
        every = [_variable(stream) for _ in range(_number(stream, "I"))]
        return {name: array for name, array in every if array is not None}
    except (struct.error, UnicodeDecodeError, ValueError) as error:
        raise BundleError(
            f"not a Whisper model of CTranslate2's file format {VERSION} ({error})",
            path=path,
            remedy="Use model.bin of a Whisper model in half or single precision.",
        ) from error


def _variable(stream: io.BytesIO) -> tuple[str, Array | None]:
    """The next variable; None instead of the array if the encoder does not need it."""
    name = _text(stream)
    shape = [_number(stream, "I") for _ in range(_number(stream, "B"))]
    kind, size = _number(stream, "B"), _number(stream, "I")
    if not name.startswith(_ENCODER):
        stream.seek(size, io.SEEK_CUR)
        return name, None
    data = stream.read(size)
    if len(data) != size:
        raise ValueError("truncated")
    short = name.removeprefix(_ENCODER)
    if kind not in _TYPES:
        if size > 1:
            raise ValueError(f"{short} is quantised")
        return short, None  # a flag
    return short, np.frombuffer(data, _TYPES[kind]).reshape(shape)


def _number(stream: io.BytesIO, form: str) -> int:
    (value,) = struct.unpack(f"<{form}", stream.read(struct.calcsize(form)))
    return int(value)


def _text(stream: io.BytesIO) -> str:
    return stream.read(_number(stream, "H"))[:-1].decode()
