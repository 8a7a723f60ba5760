"""The cost of the text model: size, loading, memory, and time per cue.

``python -m benchmarks.words``. The lines consist of common words, as many as in a
two-hour film.
"""

from __future__ import annotations

import time

import numpy as np

from subemo.core.model_folder import SHIPPED
from subemo.text_model.weights import WEIGHTS_FILE, read_weights
from subemo.text_model.words import TEXT_MODELS, TextModel

CUES = 1_500
_WORDS = [
    "I",
    "you",
    "the",
    "a",
    "it",
    "is",
    "not",
    "what",
    "oh",
    "no",
    "yes",
    "go",
    "come",
    "here",
    "know",
    "think",
    "want",
    "to",
    "of",
    "and",
    "why",
    "that",
]


def lines(seed: int = 0) -> list[str]:
    """Lines of one to fourteen words."""
    rng = np.random.default_rng(seed)
    return [
        " ".join(rng.choice(_WORDS, rng.integers(1, 15))).capitalize() + rng.choice([".", "?", "!"])
        for _ in range(CUES)
    ]


def main() -> None:
    """Measures each language five times and prints the fastest."""
    cues = lines()
    for language, name in TEXT_MODELS.items():
        (folder, *_) = [shipped / name for shipped in SHIPPED if (shipped / name).is_dir()]
        reads, asks = [], []
        for _ in range(5):
            start = time.process_time()
            text_model = TextModel(read_weights(folder))
            loaded = time.process_time()
            text_model.posteriors(cues)
            reads.append(loaded - start)
            asks.append(time.process_time() - loaded)
        size = (folder / WEIGHTS_FILE).stat().st_size / 1e6
        print(
            f"{language}: {size:.2f} MB, read in {1e3 * min(reads):.0f} ms, "
            f"{1e3 * min(asks) / CUES:.3f} ms of processor time a cue"
        )


if __name__ == "__main__":
    main()
