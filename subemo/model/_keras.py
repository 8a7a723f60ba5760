"""Keras on TensorFlow, imported in one place, without its start-up chatter."""

from __future__ import annotations

import os

from ..errors import MissingExtraError

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")

try:
    import keras
    import tensorflow
except ImportError as error:
    raise MissingExtraError.of("tensorflow", "train") from error

__all__ = ["keras", "tensorflow"]
