"""Cached arrays of the training of sounds."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np

from ...core.files import write_atomically


def save_arrays(path: Path, **arrays: Any) -> None:
    """Saves arrays in one file, whole or not at all, and creates its folder if needed.

    Args:
        path: an ``.npz`` file, replaced if it exists
        arrays: the arrays by name
    """
    content = io.BytesIO()
    np.savez(content, **arrays)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, content.getvalue(), overwrite=True)
