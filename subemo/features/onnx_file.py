"""Writes a graph of ONNX operators as an ONNX file.

An ONNX file is a protocol buffer; the few messages needed here are written
field by field, without a dependency. The numbers of fields and types are those
of ``onnx.proto3`` (ONNX 1.16, IR version 8).
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

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
