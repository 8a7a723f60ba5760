"""Writes the layers of Whisper that come with subemo: ``models/encoder-tiny-en/encoder.onnx``.

    python -m subemo.research.encoder_file FOLDER

FOLDER is where ``encoder.onnx`` goes. It is made of the packaged Whisper tiny.en
and of nothing else, so that a second run writes the same bytes.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

from ..core.files import write_atomically
from ..features.encoder import (
    PACKAGED_SHA256,
    SHIPPED_FILE,
    SHIPPED_LAYERS,
    graph_of,
    packaged,
)


def write_encoder(folder: Path) -> str:
    """Writes the encoder's file, over one that is there.

    Args:
        folder: where to

    Returns:
        its SHA-256, which `subemo.features.encoder` names

    Raises:
        BundleError: if Whisper is missing or altered
    """
    graph = graph_of(packaged(), layers=SHIPPED_LAYERS, sha256=PACKAGED_SHA256)
    folder.mkdir(parents=True, exist_ok=True)
    write_atomically(folder / SHIPPED_FILE.name, graph, overwrite=True)
    return hashlib.sha256(graph).hexdigest()


if __name__ == "__main__":
    sys.stdout.write(f"{write_encoder(Path(sys.argv[1]))}\n")
