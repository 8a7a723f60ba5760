"""Options of the commands that train."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from ...research.corpora import CORPORA_OF, Split
from ...research.training.registry import RECIPES
from ..command import made_option, option, several

DATA = partial(
    option,
    f"Folder that contains {', '.join(CORPORA_OF[Split.TRAINING])} and backgrounds.",
    metavar="DIR",
)
ENCODER = partial(
    option,
    "Folder of a larger Whisper model in CTranslate2 format, with 80 mel bands.  "
    "[default: bundled layers of tiny.en and base]",
    metavar="DIR",
)
WORK = partial(
    option,
    "Folder for cached features and finished work; a later run resumes from it.",
    metavar="DIR",
)
EPOCHS = partial(option, low=1, show_default="recipe's")
BATCH_SIZE = partial(option, "Rows per training step.", low=1, show_default="recipe's")
SEED = partial(option, "Random seed.", low=0, default=0)

#: An option for each corpus that a recipe takes a folder of, such as --ravdess.
CORPORA = partial(
    several,
    [
        made_option(name, Path, help=text, metavar="DIR")
        for entry in RECIPES.values()
        for name, text in entry.corpora.items()
    ],
)
