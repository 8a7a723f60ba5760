"""Writes the bundled layers of Whisper: ``models/encoder-tiny-en/encoder.onnx``.

    python -m subemo.research.encoder_file FOLDER

FOLDER is the output folder. The file is made only from the packaged Whisper
tiny.en, so a second run writes the same bytes.
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
    """Writes the encoder's file, replacing an existing one.

    Args:
        folder: the output folder

    Returns:
        its SHA-256, as recorded in `subemo.features.encoder`

    Raises:
        BundleError: if Whisper is missing or altered
    """
    graph = graph_of(packaged(), layers=SHIPPED_LAYERS, sha256=PACKAGED_SHA256)
    folder.mkdir(parents=True, exist_ok=True)
    write_atomically(folder / SHIPPED_FILE.name, graph, overwrite=True)
    return hashlib.sha256(graph).hexdigest()


if __name__ == "__main__":
    sys.stdout.write(f"{write_encoder(Path(sys.argv[1]))}\n")
