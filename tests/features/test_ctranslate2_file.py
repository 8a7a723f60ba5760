from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest

from subemo.core.errors import BundleError
from subemo.features.encoder_graph import VERSION, encoder_variables

PATH = Path("model.bin")


def text(name: str) -> bytes:
    data = name.encode() + b"\0"
    return struct.pack("<H", len(data)) + data


def variable(name: str, shape: tuple[int, ...], kind: int, data: bytes) -> bytes:
    lengths = struct.pack(f"<B{len(shape)}I", len(shape), *shape)
    return text(name) + lengths + struct.pack("<BI", kind, len(data)) + data


def model(*variables: bytes, version: int = VERSION, kind: str = "WhisperSpec") -> bytes:
    head = struct.pack("<I", version) + text(kind) + struct.pack("<I", 3)
    return head + struct.pack("<I", len(variables)) + b"".join(variables) + struct.pack("<I", 0)


HALF = np.arange(6, dtype=np.float16).reshape(2, 3)


def test_the_variables_of_the_encoder() -> None:
    content = model(
        variable("decoder/x", (100,), 4, bytes(200)),
        variable("encoder/conv/weight", (2, 3), 4, HALF.tobytes()),
        variable("encoder/num_heads", (), 2, struct.pack("<h", 6)),
        variable("encoder/pre_norm", (), 1, b"\1"),
        variable("encoder/bias", (1,), 0, struct.pack("<f", 0.25)),
    )
    found = encoder_variables(content, PATH)
    assert found.keys() == {"conv/weight", "num_heads", "bias"}
    np.testing.assert_array_equal(found["conv/weight"], HALF)
    assert found["conv/weight"].dtype == np.float16
    assert int(found["num_heads"]) == 6
    assert found["bias"].tolist() == [0.25]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        model(version=7),
        model(kind="TransformerSpec"),
        model(variable("encoder/x", (2, 3), 4, HALF.tobytes()))[:-8],
        model(variable("encoder/x", (2, 4), 4, HALF.tobytes())),
        model(variable("encoder/x", (6,), 1, bytes(6))),
    ],
    ids=["empty", "version", "kind", "cut off", "shape", "quantised"],
)
def test_no_such_model(content: bytes) -> None:
    with pytest.raises(BundleError, match="not a Whisper model"):
        encoder_variables(content, PATH)
