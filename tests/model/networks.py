"""Small networks in LiteRT format, written operator by operator, that do what ours never do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import flatbuffers
import numpy as np
import numpy.typing as npt
from ai_edge_litert import schema_py_generated as schema

_TYPES = {
    np.dtype("f4"): schema.TensorType.FLOAT32,
    np.dtype("i4"): schema.TensorType.INT32,
    np.dtype("?"): schema.TensorType.BOOL,
}


@dataclass
class Builder:
    """A network that takes 161 values and gives eight probabilities, whatever else it does."""

    tensors: list[Any] = field(default_factory=list)
    #: The first is empty, for tensors without data.
    buffers: list[Any] = field(default_factory=lambda: [schema.BufferT()])
    codes: list[Any] = field(default_factory=list)
    operators: list[Any] = field(default_factory=list)
    others: list[Any] = field(default_factory=list)

    def inner(self) -> Builder:
        """A graph that an operator calls."""
        return Builder(buffers=self.buffers, codes=self.codes)

    def graph(self, inputs: list[int], outputs: list[int]) -> Any:
        """This graph, finished."""
        graph = schema.SubGraphT()
        graph.tensors, graph.operators = self.tensors, self.operators
        graph.inputs, graph.outputs, graph.name = inputs, outputs, b"graph"
        return graph

    def __post_init__(self) -> None:
        self.source = self.tensor([1, 161, 1])

    def tensor(self, shape: Sequence[int], kind: str = "f4", data: bytes | None = None) -> int:
        tensor = schema.TensorT()
        tensor.shape, tensor.type = list(shape), _TYPES[np.dtype(kind)]
        tensor.buffer, tensor.name = 0, f"t{len(self.tensors)}".encode()
        if data is not None:
            tensor.buffer = len(self.buffers)
            self.buffers.append(schema.BufferT())
            self.buffers[-1].data = np.frombuffer(data, np.uint8)
        self.tensors.append(tensor)
        return len(self.tensors) - 1

    def constant(self, values: npt.ArrayLike, kind: str = "i4") -> int:
        array = np.asarray(values, kind)
        return self.tensor(array.shape, kind, array.tobytes())

    def add(self, name: str, inputs: list[int], output: int, options: Any = None) -> int:
        code = schema.OperatorCodeT()
        code.builtinCode = getattr(schema.BuiltinOperator, name)
        code.deprecatedBuiltinCode = min(code.builtinCode, 127)
        code.version = 2 if name == "BROADCAST_TO" else 1
        self.codes.append(code)
        operator = schema.OperatorT()
        operator.opcodeIndex, operator.inputs, operator.outputs = (
            len(self.codes) - 1,
            inputs,
            [output],
        )
        if options is not None:
            operator.builtinOptions = options
            kind = type(options).__name__.removesuffix("T")
            operator.builtinOptionsType = getattr(schema.BuiltinOptions, kind)
        self.operators.append(operator)
        return output

    def computed(self, values: npt.ArrayLike) -> int:
        """Integers that are known only once the network has its input, of zeros."""
        axes = self.constant([0, 1, 2])
        total = self.add("SUM", [self.source, axes], self.tensor([]), schema.ReducerOptionsT())
        cast = schema.CastOptionsT()
        cast.inDataType, cast.outDataType = schema.TensorType.FLOAT32, schema.TensorType.INT32
        whole = self.add("CAST", [total], self.tensor([], "i4"), cast)
        shape = np.shape(values)
        wanted = self.tensor(shape, "i4")
        return self.add("ADD", [self.constant(values), whole], wanted, schema.AddOptionsT())

    def to_bytes(self) -> bytes:
        softmax = schema.SoftmaxOptionsT()
        softmax.beta = 1.0
        answer = self.tensor([1, 8])
        self.add("SOFTMAX", [self.constant([[0] * 8], "f4")], answer, softmax)
        model = schema.ModelT()
        model.version = 3
        model.subgraphs = [self.graph([self.source], [answer]), *self.others]
        model.buffers, model.operatorCodes = self.buffers, self.codes
        builder = flatbuffers.Builder()
        builder.Finish(model.Pack(builder), b"TFL3")
        return bytes(builder.Output())


def harmless() -> bytes:
    """Gives equal probabilities."""
    return Builder().to_bytes()


def looping() -> bytes:
    """Adds up for ever."""
    net = Builder()
    condition, body = net.inner(), net.inner()
    value = condition.tensor([], "i4")
    true = condition.add("EQUAL", [value, value], condition.tensor([], "?"), schema.EqualOptionsT())
    before, one = body.tensor([], "i4"), body.constant(0)
    after = body.add("ADD", [before, one], body.tensor([], "i4"), schema.AddOptionsT())
    net.others = [condition.graph([value], [true]), body.graph([before], [after])]
    options = schema.WhileOptionsT()
    options.condSubgraphIndex, options.bodySubgraphIndex = 1, 2
    net.add("WHILE", [net.computed(1)], net.tensor([], "i4"), options)
    return net.to_bytes()


#: Gigabytes that no tensor's shape in the file shows.
SIDES = (1 << 15, 1 << 14)


def filled() -> bytes:
    net = Builder()
    net.add("FILL", [net.computed(SIDES), net.constant(1.0, "f4")], net.tensor([], "f4"), schema.FillOptionsT())  # fmt: skip
    return net.to_bytes()


def ranged() -> bytes:
    net = Builder()
    net.add(
        "RANGE",
        [net.constant(0), net.computed(1 << 29), net.constant(1)],
        net.tensor([0], "i4"),
        schema.RangeOptionsT(),
    )
    return net.to_bytes()


def tiled() -> bytes:
    net = Builder()
    net.add("TILE", [net.constant(np.ones((1, 1)), "f4"), net.computed(SIDES)], net.tensor([1, 1]), schema.TileOptionsT())  # fmt: skip
    return net.to_bytes()


def broadcast() -> bytes:
    net = Builder()
    net.add("BROADCAST_TO", [net.constant(np.ones((1, 1)), "f4"), net.computed(SIDES)], net.tensor([1, 1]), schema.BroadcastToOptionsT())  # fmt: skip
    return net.to_bytes()


def resized() -> bytes:
    net = Builder()
    options = schema.ResizeNearestNeighborOptionsT()
    net.add("RESIZE_NEAREST_NEIGHBOR", [net.constant(np.ones((1, 1, 1, 1)), "f4"), net.computed(SIDES)], net.tensor([1, 1, 1, 1]), options)  # fmt: skip
    return net.to_bytes()


BOMBS = {one.__name__: one for one in (filled, ranged, tiled, broadcast, resized)}
