"""ONNX Runtime without its telemetry."""

from __future__ import annotations

import os
from typing import Any

#: Read when ONNX Runtime is imported; switching telemetry off later leaves files behind.
_VARIABLE = "ORT_DISABLE_TELEMETRY"


def disable_telemetry() -> None:
    """Switches telemetry off; call it before a package that imports ONNX Runtime is imported.

    Without it, ONNX Runtime writes an identifier of the machine into the user's cache
    and looks up a server on the network.
    """
    os.environ[_VARIABLE] = "1"


def load() -> Any:
    """Imports ONNX Runtime."""
    disable_telemetry()
    import onnxruntime

    return onnxruntime
