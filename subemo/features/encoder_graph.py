"""Whisper's encoder as a graph of ONNX operators with the outputs of several layers.

The encoder is that of Radford et al. (2022): two convolutions over the log mel
spectrogram, sinusoidal positions, and residual blocks of self-attention and a
feed-forward network, with pre-layer normalisation (Xiong et al., 2020).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from .mel import N_MELS
from .onnx_file import Graph

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
