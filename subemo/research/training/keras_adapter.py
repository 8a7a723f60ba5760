"""Imports Keras on TensorFlow without start-up messages."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from ...core.errors import MissingExtraError

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")


@contextmanager
def quietly() -> Iterator[None]:
    """Suppresses what TensorFlow's C++ code writes directly to the terminal."""
    sys.stdout.flush()
    sys.stderr.flush()
    saved = [os.dup(descriptor) for descriptor in (1, 2)]
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        for descriptor in (1, 2):
            os.dup2(nowhere, descriptor)
        yield
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        for descriptor, copy in zip((1, 2), saved, strict=True):
            os.dup2(copy, descriptor)
            os.close(copy)
        os.close(nowhere)


try:
    with quietly():
        import keras
        import tensorflow
except ImportError as error:
    raise MissingExtraError.of("tensorflow", "train") from error

# One network after another is trained in one process; TensorFlow warns that it traces each of them.
tensorflow.get_logger().setLevel("ERROR")

__all__ = ["keras", "quietly", "tensorflow"]
