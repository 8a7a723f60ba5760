"""ONNX Runtime, imported so that it leaves no file behind."""

from __future__ import annotations

import os
import sys
from types import ModuleType

from .scratch import scratch


def onnx_runtime() -> ModuleType:
    """The package `onnxruntime`.

    When it is imported it writes a file of 51 bytes into ``TMPDIR`` (``.ses``, of its
    telemetry) and leaves it there; so that is a folder of this run meanwhile.

    Raises:
        OutputError: if there is no room for temporary files
    """
    if "onnxruntime" not in sys.modules:
        before = os.environ.get("TMPDIR")
        with scratch() as folder:
            os.environ["TMPDIR"] = str(folder)
            try:
                import onnxruntime  # noqa: F401
            finally:
                if before is None:
                    del os.environ["TMPDIR"]
                else:
                    os.environ["TMPDIR"] = before
    return sys.modules["onnxruntime"]
