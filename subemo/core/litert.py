"""Networks in LiteRT format: those that come with subemo run here, a stranger's in a child process.

A network can loop for ever, make tensors of any size while it runs, and crash LiteRT. Only
those whose SHA-256 is known are free of that; any other has a process of its own with limits of
time and memory, which costs a start and some 0.1 ms for each answer.
"""

from __future__ import annotations

import hashlib
import json
import math
import struct
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, dataclass
from functools import partial
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from .errors import BundleError
from .native import Exclusive
from .python_child import ChildEndedError, ChildError, Limits, PythonChild

#: SHA-256 of the networks that come with subemo.
SHIPPED_NETWORKS: Mapping[str, str] = {
    "report-crnn": "6c0af675ee4d56318c80a327723a77d88309fd3935414e627b874b6b7ee385a4",
    "subemo-crnn": "4cc5d3a1ad5db3c936a52627a6ab84f61d0d569eef15536c8e2a79e32781548e",
}
#: The longest time for an answer, and memory besides some copies of the file, in bytes: many
#: times what networks for a segment of sound need.
ANSWER_S, MEMORY = 20.0, 640 << 20
#: The most values in all tensors, many times what subemo's networks have.
_MOST_VALUES = 100_000_000

_REMEDY = "Use another model."
_CALL = struct.Struct("<II")

Values = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Tensor:
    """An input or output of a network.

    Attributes:
        index: its number in the network
        shape: its shape
        is_single: whether its values are in single precision
    """

    index: int
    shape: tuple[int, ...]
    is_single: bool

    @property
    def size(self) -> int:
        """The number of its values."""
        return math.prod(self.shape)


#: The inputs and outputs of a network.
Details = tuple[tuple[Tensor, ...], tuple[Tensor, ...]]


class _Loaded(Protocol):
    """A network that is loaded here or elsewhere."""

    @property
    def details(self) -> Details: ...

    def run(self, source: int, target: int, values: Values) -> Values: ...


class Network:
    """A network, ready to run; threads may share it.

    Args:
        weights: the content of a ``.tflite`` file

    Raises:
        BundleError: if it is not a network, or would exhaust memory
    """

    def __init__(self, weights: bytes) -> None:
        is_shipped = hashlib.sha256(weights).hexdigest() in SHIPPED_NETWORKS.values()
        self._native: Exclusive[_Loaded] = Exclusive(
            partial(_Here if is_shipped else _Elsewhere, weights)
        )
        with self._native.use() as loaded:
            self.inputs, self.outputs = loaded.details

    def run(self, values: npt.NDArray[Any], source: Tensor, target: Tensor) -> Values:
        """Runs the network once.

        Args:
            values: as many as *source* has, in its order
            source: the only input
            target: the wanted output; both are in single precision

        Returns:
            shape (values,), of its own, not a view of the network's memory

        Raises:
            BundleError: if the network fails, takes too long, or crashes
        """
        with self._native.use() as loaded:
            found = loaded.run(source.index, target.index, values.astype(np.float32).ravel())
        if found.size != target.size:
            raise BundleError("this network's output changes its shape", remedy=_REMEDY)
        return found


class _Here:
    """A network in this process."""

    def __init__(self, weights: bytes) -> None:
        from ai_edge_litert.interpreter import Interpreter, OpResolverType

        # Without the default delegate LiteRT prints nothing to the terminal,
        # and for single rows it is not slower.
        plain = OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES
        try:
            self._interpreter: Any = Interpreter(
                model_content=weights, num_threads=1, experimental_op_resolver_type=plain
            )
            _check_size(self._interpreter.get_tensor_details())
            self._interpreter.allocate_tensors()
            inputs, outputs = (
                tuple(map(_tensor, every))
                for every in (
                    self._interpreter.get_input_details(),
                    self._interpreter.get_output_details(),
                )
            )
        except (ValueError, RuntimeError) as error:
            raise BundleError(f"not a LiteRT network ({_one_line(error)})") from error
        self.details: Details = (inputs, outputs)
        self._shapes = {one.index: one.shape for one in inputs}

    def run(self, source: int, target: int, values: Values) -> Values:
        self._interpreter.set_tensor(source, values.reshape(self._shapes[source]))
        try:
            self._interpreter.invoke()
            # A copy; two threads must not see the same memory.
            found: Values = self._interpreter.get_tensor(target)
        except (RuntimeError, ValueError) as error:
            raise BundleError(f"this network failed ({_one_line(error)})") from error
        return found.reshape(-1)


class _Elsewhere:
    """A network in a child process; after a failure it is loaded again."""

    #: What the child runs.
    HANDLER = f"{__name__}:in_child"

    def __init__(self, weights: bytes) -> None:
        self._weights = weights
        limits = Limits(ANSWER_S, MEMORY + 4 * len(weights))
        self._child = PythonChild(self.HANDLER, limits=limits)
        self._is_loaded = False
        self._load()

    def run(self, source: int, target: int, values: Values) -> Values:
        if not self._is_loaded:
            self._load()
        found = self._asked(_CALL.pack(source, target) + values.tobytes())
        return np.frombuffer(found[: len(found) // 4 * 4], np.float32)

    def _load(self) -> None:
        found = json.loads(self._asked(self._weights))
        inputs, outputs = (
            tuple(Tensor(one[0], tuple(one[1]), one[2]) for one in every) for every in found
        )
        self.details: Details = (inputs, outputs)
        self._is_loaded = True

    def _asked(self, request: bytes) -> bytes:
        try:
            return self._child.ask(request)
        except ChildError as error:
            raise BundleError(_one_line(error)) from error
        except ChildEndedError as error:
            self._is_loaded = False
            raise BundleError(f"this network was ended ({error})", remedy=_REMEDY) from error
        except BaseException:
            self._is_loaded = False
            raise


def in_child() -> Callable[[bytes], bytes]:
    """What a child answers: first a network's inputs and outputs, then its output for each input."""
    import ai_edge_litert.interpreter  # noqa: F401 - before memory is limited

    loaded: list[_Here] = []

    def answer(request: bytes) -> bytes:
        if not loaded:
            network = _Here(request)
            loaded.append(network)
            return json.dumps([list(map(astuple, every)) for every in network.details]).encode()
        source, target = _CALL.unpack_from(request)
        values = np.frombuffer(request, np.float32, offset=_CALL.size)
        return loaded[0].run(source, target, values).tobytes()

    return answer


def _tensor(details: Mapping[str, Any]) -> Tensor:
    shape = tuple(int(side) for side in details["shape"])
    return Tensor(int(details["index"]), shape, details["dtype"] is np.float32)


def _one_line(error: Exception) -> str:
    """LiteRT's message on one line; it may quote the file."""
    return textwrap.shorten(str(error), 200)


def _check_size(tensors: Sequence[Mapping[str, Any]]) -> None:
    """Refuses a network that would exhaust memory."""
    values = sum(math.prod(max(0, int(side)) for side in tensor["shape"]) for tensor in tensors)
    if values > _MOST_VALUES:
        raise ValueError(f"{values:,} values in its tensors, more than {_MOST_VALUES:,}")
