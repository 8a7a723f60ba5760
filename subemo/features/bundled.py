"""The layers of Whisper's encoders that come with subemo, each in a file of its own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..core.model_folder import SHIPPED, check_digest, read_part
from .encoder_graph import ComputeType

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
