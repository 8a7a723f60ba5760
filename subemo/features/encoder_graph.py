"""Whisper's encoder as a graph of ONNX operators with the outputs of several layers.

The encoder is that of Radford et al. (2022): two convolutions over the log mel
spectrogram, sinusoidal positions, and residual blocks of self-attention and a
feed-forward network, with pre-layer normalisation (Xiong et al., 2020). Its weights are
read from a file in CTranslate2 format: a header, the number of variables, each with its
name, shape, type and data, and aliases of variables.

An ONNX file is a protocol buffer; the few messages needed here are written
field by field, without a dependency. The numbers of fields and types are those
of ``onnx.proto3`` (ONNX 1.16, IR version 8).
"""

from __future__ import annotations

import io
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ..core.errors import BundleError
from .mel import N_MELS

#: The largest weight in integers. Seven bits: where a processor lacks VNNI, the sum of two
#: products is taken in 16 bits, and would saturate with weights of eight.
_LARGEST = 63


class ComputeType(StrEnum):
    """The precision of an encoder's matrix products with its weights."""

    FLOAT32 = "float32"
    #: Weights in 7 bits, with a scale for each output; inputs in 8 bits, with a scale for
    #: each call (dynamic quantisation). Half the time of single precision.
    INT8 = "int8"


Variables = Mapping[str, npt.NDArray[Any]]

#: The graph's input, shape (1, 80, frames).
INPUT = "mel"

#: Added to the variance before the square root, as in PyTorch's LayerNorm.
_EPSILON = 1e-5


def encoder_graph(
    variables: Variables,
    layers: tuple[int, ...],
    *,
    compute_type: ComputeType = ComputeType.FLOAT32,
) -> bytes:
    """The content of an ONNX file that maps a spectrogram to the outputs of some layers.

    Each output has the shape (1, rows, width), with one row for two frames of the
    spectrogram, normalised like the encoder's own output. Weights keep their
    precision, and computation is in single precision, except for integer products.

    Args:
        variables: variables of a Whisper encoder, by CTranslate2's names without ``encoder/``
        layers: the layers to output, counted from 1, ascending
        compute_type: the precision of products with weights

    Raises:
        KeyError: if a variable is missing
        ValueError: if a variable has an unexpected shape
    """
    writer = _EncoderWriter(Graph(), variables, compute_type)
    width = variables["conv1/bias"].size
    x = writer.front_end()
    outputs = {}
    for number in range(1, layers[-1] + 1):
        x = writer.layer(x, number - 1)
        if number in layers:
            outputs[writer.normalised(x, "layer_norm")] = (1, "rows", width)
    return writer.graph.to_bytes({INPUT: (1, N_MELS, "frames")}, outputs)


def integer_weights(
    weight: npt.NDArray[Any],
) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float32]]:
    """Weights as integers with a scale for each output.

    Args:
        weight: shape (outputs, inputs)

    Returns:
        integers from -63 to 63, shape (outputs, inputs), and scales, shape (outputs,);
        their product is nearest to the weights

    Example:
        >>> whole, scales = integer_weights(np.array([[0.25, -1.0]], np.float32))
        >>> whole.tolist()
        [[16, -63]]
    """
    largest = np.abs(weight).max(axis=1).astype(np.float32)
    # The least normal number, since less than it may be flushed to zero.
    scales = np.maximum(largest, np.finfo(np.float32).tiny * _LARGEST) / np.float32(_LARGEST)
    return np.rint(weight / scales[:, None]).astype(np.int8), scales


@dataclass(frozen=True)
class _EncoderWriter:
    """Adds the parts of an encoder to a graph."""

    graph: Graph
    variables: Variables
    compute_type: ComputeType

    def front_end(self) -> str:
        """Both convolutions and the positional encoding, shape (1, rows, width)."""
        graph = self.graph
        x = graph.add("Gelu", self._convolved(INPUT, "conv1", stride=1))
        x = graph.add("Gelu", self._convolved(x, "conv2", stride=2))
        x = graph.add("Transpose", x, perm=[0, 2, 1])
        rows = graph.add("Slice", graph.add("Shape", x), graph.numbers(1), graph.numbers(2))
        positions = graph.constant(self.variables["position_encodings/encodings"])
        axis = graph.numbers(0)
        return graph.add("Add", x, graph.add("Slice", positions, axis, rows, axis))

    def layer(self, x: str, number: int) -> str:
        """A layer of the encoder, counted from 0."""
        graph, part = self.graph, f"layer_{number}"
        attended = self._attended(x, f"{part}/self_attention")
        x = graph.add("Add", x, self._product(attended, f"{part}/self_attention/linear_1"))
        hidden = self._product(self.normalised(x, f"{part}/ffn/layer_norm"), f"{part}/ffn/linear_0")
        hidden = graph.add("Gelu", hidden)
        return graph.add("Add", x, self._product(hidden, f"{part}/ffn/linear_1"))

    def normalised(self, x: str, part: str) -> str:
        """Layer normalisation."""
        gamma, beta = (
            self.graph.constant(self.variables[f"{part}/{n}"]) for n in ("gamma", "beta")
        )
        return self.graph.add("LayerNormalization", x, gamma, beta, axis=-1, epsilon=_EPSILON)

    def _attended(self, x: str, part: str) -> str:
        """Multi-head self-attention."""
        graph, heads = self.graph, int(self.variables["num_heads"])
        weight, bias = self._weights(f"{part}/linear_0")
        width = len(bias) // 3
        if width % heads:
            raise ValueError(f"a width of {width} cannot be divided among {heads} heads")
        size = width // heads
        weight, bias = weight.copy(), bias.copy()
        scale = weight.dtype.type(size**-0.5)
        weight[:width] *= scale  # exact if a head's size is a power of four
        bias[:width] *= scale
        joint = self._multiplied(self.normalised(x, f"{part}/layer_norm"), weight, bias)
        joint = graph.add("Reshape", joint, graph.numbers(0, -1, 3 * heads, size))
        joint = graph.add("Transpose", joint, perm=[0, 2, 1, 3])
        query, key, value = graph.add_many("Split", joint, outputs=3, axis=1, num_outputs=3)
        scores = graph.add("MatMul", query, graph.add("Transpose", key, perm=[0, 1, 3, 2]))
        taken = graph.add("MatMul", graph.add("Softmax", scores, axis=-1), value)
        taken = graph.add("Transpose", taken, perm=[0, 2, 1, 3])
        return graph.add("Reshape", taken, graph.numbers(0, -1, width))

    def _convolved(self, x: str, part: str, *, stride: int) -> str:
        weight, bias = (self.graph.constant(array) for array in self._weights(part))
        form = {"kernel_shape": [3], "pads": [1, 1], "strides": [stride]}
        return self.graph.add("Conv", x, weight, bias, **form)

    def _product(self, x: str, part: str) -> str:
        return self._multiplied(x, *self._weights(part))

    def _multiplied(self, x: str, weight: npt.NDArray[Any], bias: npt.NDArray[Any]) -> str:
        if self.compute_type is ComputeType.INT8:
            product = self._integer_product(x, weight.astype(np.float32))
        else:
            product = self.graph.add("MatMul", x, self.graph.constant(weight.T))
        return self.graph.add("Add", product, self.graph.constant(bias))

    def _integer_product(self, x: str, weight: npt.NDArray[Any]) -> str:
        """*x* times the transposed weight, in integers; see `ComputeType`."""
        graph = self.graph
        whole, scales = integer_weights(weight)
        rows, scale, zero = graph.add_many("DynamicQuantizeLinear", x, outputs=3)
        product = graph.single(graph.add("MatMulInteger", rows, graph.constant(whole.T), zero))
        return graph.add("Mul", product, graph.add("Mul", scale, graph.constant(scales)))

    def _weights(self, part: str) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
        weight, bias = self.variables[f"{part}/weight"], self.variables[f"{part}/bias"]
        if len(weight) != len(bias):
            raise ValueError(f"{part} has {len(weight)} rows and {len(bias)} biases")
        return weight, bias


#: The operator set: the first version with Gelu.
OPSET = 20
_IR_VERSION = 8

_FLOAT = 1
#: ``TensorProto.DataType`` by NumPy's name.
_TYPES = {"float32": _FLOAT, "float16": 10, "int64": 7, "int8": 3}
#: ``AttributeProto.AttributeType``, and the field of the value.
_FLOAT_ATTRIBUTE, _INT_ATTRIBUTE, _INTS_ATTRIBUTE = 1, 2, 7

#: Dimensions of variable length have a name, others are numbers.
Shape = Sequence[int | str]


class Graph:
    """A graph built one operator at a time.

    Example:
        >>> graph = Graph()
        >>> doubled = graph.add("Add", "given", "given")
        >>> content = graph.to_bytes({"given": (1, "rows")}, {doubled: (1, "rows")})
        >>> content[0]
        8
    """

    def __init__(self) -> None:
        self._nodes: list[bytes] = []
        self._constants: list[bytes] = []

    def constant(self, array: npt.NDArray[Any]) -> str:
        """Adds a constant and returns its name; half precision is stored, and cast on loading."""
        name = f"constant{len(self._constants)}"
        self._constants.append(_tensor(name, np.ascontiguousarray(array)))
        return self.single(name) if array.dtype == np.float16 else name

    def single(self, name: str) -> str:
        """Adds a conversion to single precision and returns its name."""
        return self.add("Cast", name, to=_FLOAT)

    def numbers(self, *numbers: int) -> str:
        """Adds a constant vector of integers and returns its name."""
        return self.constant(np.array(numbers, np.int64))

    def add(self, operator: str, *inputs: str, **attributes: float | Sequence[int]) -> str:
        """Adds an operator and returns the name of its output."""
        (name,) = self.add_many(operator, *inputs, outputs=1, **attributes)
        return name

    def add_many(
        self, operator: str, *inputs: str, outputs: int, **attributes: float | Sequence[int]
    ) -> list[str]:
        """Adds an operator and returns the names of its outputs."""
        names = [f"value{len(self._nodes)}.{number}" for number in range(outputs)]
        parts = [
            *(_field(1, name) for name in inputs),
            *(_field(2, name) for name in names),
            _field(4, operator),
            *(_field(5, _attribute(name, value)) for name, value in attributes.items()),
        ]
        self._nodes.append(b"".join(parts))
        return names

    def to_bytes(self, inputs: Mapping[str, Shape], outputs: Mapping[str, Shape]) -> bytes:
        """The content of the file.

        Args:
            inputs: shapes of the inputs by name, in single precision
            outputs: shapes of the outputs by name
        """
        graph = [
            *(_field(1, node) for node in self._nodes),
            _field(2, "graph"),
            *(_field(5, constant) for constant in self._constants),
            *(_field(11, _value(name, shape)) for name, shape in inputs.items()),
            *(_field(12, _value(name, shape)) for name, shape in outputs.items()),
        ]
        opset = _field(8, _field(1, "") + _field(2, OPSET))
        return _field(1, _IR_VERSION) + _field(7, b"".join(graph)) + opset


def _field(number: int, value: int | str | bytes) -> bytes:
    """A field of a message: an integer, or a length-prefixed string or message."""
    if isinstance(value, int):
        return _varint(number << 3) + _varint(value)
    data = value.encode() if isinstance(value, str) else value
    return _varint(number << 3 | 2) + _varint(len(data)) + data


def _varint(value: int) -> bytes:
    rest = value & (1 << 64) - 1  # a negative number takes ten bytes
    found = bytearray()
    while rest > 0x7F:
        found.append(rest & 0x7F | 0x80)
        rest >>= 7
    found.append(rest)
    return bytes(found)


def _tensor(name: str, array: npt.NDArray[Any]) -> bytes:
    lengths = b"".join(_field(1, length) for length in array.shape)
    kind = _TYPES[str(array.dtype)]
    return lengths + _field(2, kind) + _field(8, name) + _field(9, array.tobytes())


def _attribute(name: str, value: float | Sequence[int]) -> bytes:
    if isinstance(value, int):
        return _field(1, name) + _field(3, value) + _field(20, _INT_ATTRIBUTE)
    if isinstance(value, float):
        number = _varint(2 << 3 | 5) + struct.pack("<f", value)
        return _field(1, name) + number + _field(20, _FLOAT_ATTRIBUTE)
    return _field(1, name) + b"".join(_field(8, n) for n in value) + _field(20, _INTS_ATTRIBUTE)


def _value(name: str, shape: Shape) -> bytes:
    """The description of an input or output in single precision."""
    lengths = [_field(1, _field(1 if isinstance(length, int) else 2, length)) for length in shape]
    tensor = _field(1, _FLOAT) + _field(2, b"".join(lengths))
    return _field(1, name) + _field(2, _field(1, tensor))


Array = npt.NDArray[Any]

#: The supported version of the file format.
VERSION = 6

_ENCODER = "encoder/"
#: Element types by their number in the file; the others belong to quantised models.
_STORED: dict[int, type[np.generic]] = {0: np.float32, 2: np.int16, 4: np.float16}


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
    if kind not in _STORED:
        if size > 1:
            raise ValueError(f"{short} is quantised")
        return short, None  # a flag
    return short, np.frombuffer(data, _STORED[kind]).reshape(shape)


def _number(stream: io.BytesIO, form: str) -> int:
    (value,) = struct.unpack(f"<{form}", stream.read(struct.calcsize(form)))
    return int(value)


def _text(stream: io.BytesIO) -> str:
    return stream.read(_number(stream, "H"))[:-1].decode()
