"""Loads networks in LiteRT format; their files are untrusted data."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from .errors import BundleError

#: The most values in all tensors, many times what subemo's networks have.
_MOST_VALUES = 100_000_000


def load_interpreter(weights: bytes) -> Any:
    """Loads a network with memory for its tensors.

    Args:
        weights: the content of a ``.tflite`` file

    Returns:
        an ``ai_edge_litert.interpreter.Interpreter`` with one thread

    Raises:
        BundleError: if it is not a network, or would exhaust memory
    """
    from ai_edge_litert.interpreter import Interpreter, OpResolverType

    # Without the default delegate LiteRT prints nothing to the terminal,
    # and for single rows it is not slower.
    plain = OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES
    try:
        interpreter = Interpreter(
            model_content=weights, num_threads=1, experimental_op_resolver_type=plain
        )
        _check_size(interpreter.get_tensor_details())
        interpreter.allocate_tensors()
    except (ValueError, RuntimeError) as error:
        raise BundleError(f"not a LiteRT network ({one_line(error)})") from error
    return interpreter


def one_line(error: Exception) -> str:
    """LiteRT's message on one line; it may quote the file."""
    return textwrap.shorten(str(error), 200)


def _check_size(tensors: Sequence[Mapping[str, Any]]) -> None:
    """Refuses a network that would exhaust memory."""
    values = sum(math.prod(max(0, int(side)) for side in tensor["shape"]) for tensor in tensors)
    if values > _MOST_VALUES:
        raise ValueError(f"{values:,} values in its tensors, more than {_MOST_VALUES:,}")
