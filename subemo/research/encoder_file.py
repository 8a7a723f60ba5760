"""Writes the layers of Whisper that come with subemo, see `subemo.features.encoder`.

    python -m subemo.research.encoder_file MODELS

MODELS is the folder of models. The files are made only from the packaged
weights of Whisper tiny.en and, from the extra ``multilingual``, of Whisper
base, so a second run writes the same bytes.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

from ..core.files import write_atomically
from ..features.encoder import BUNDLED, WEIGHTS_FILE, BundledEncoder, graph_of
from ..transcription.weights import WHISPERS


def write_encoder(encoder: BundledEncoder, models: Path) -> str:
    """Writes the file of an encoder, replacing an existing one.

    Returns:
        its SHA-256, as recorded in `BUNDLED`

    Raises:
        BundleError: if Whisper's weights are missing or altered
    """
    whisper = next(one for one in WHISPERS if one.files[WEIGHTS_FILE].sha256 == encoder.weights)
    weights = whisper.files[WEIGHTS_FILE].read(whisper.remedy)
    graph = graph_of(
        weights, Path(whisper.name), layers=encoder.layers, compute_type=encoder.compute_type
    )
    path = models / encoder.file
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, graph, overwrite=True)
    return hashlib.sha256(graph).hexdigest()


if __name__ == "__main__":
    for one in BUNDLED:
        sys.stdout.write(f"{one.file} {write_encoder(one, Path(sys.argv[1]))}\n")
