"""The recipes of models, loaded on first use.

To add a recipe: write a module beside this one with a `ModelRecipe` named like the
module in capitals, and describe it in ``_ALL``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .model_recipe import ModelRecipe


@dataclass(frozen=True)
class RecipeEntry:
    """The description of a recipe that is not loaded yet.

    Attributes:
        module: the module's name, beside this one
        summary: the model, in a few words
        corpora: the corpora that it takes a folder each of, by name in `subemo.research.corpora.CORPORA`,
            with the help of the option; empty if it takes the data folder, with every corpus of
            `Split.TRAINING`
        work: the default folder in ``runs`` for features and checkpoints (see `--work`), also
            the former name of the recipe; empty for the model's name
        held_out: the cost of ``--held-out``, if the recipe makes that optional
        note: more text for the help
    """

    module: str
    summary: str
    corpora: Mapping[str, str] = field(default_factory=dict)
    work: str = ""
    held_out: str = ""
    note: str = ""

    @property
    def name(self) -> str:
        """The name of the model."""
        return self.module.replace("_", "-")

    @property
    def folder(self) -> str:
        """The default folder for its work, in ``runs``."""
        return self.work or self.name

    @property
    def takes(self) -> str:
        """The options of `subemo train` for its training data, and its note."""
        options = " and ".join(f"--{name}" for name in self.corpora) or "--data"
        return f"{options}, {self.note}" if self.note else options

    def load(self) -> ModelRecipe:
        """Loads the recipe.

        Raises:
            ImportError: if the module does not exist
        """
        module = import_module(f"{__package__}.{self.module}")
        recipe: ModelRecipe = getattr(module, self.module.upper())
        return recipe


_ALL = (
    RecipeEntry(
        "subemo_crnn",
        "the default model",
        work="default",
        note="and finishes after evaluation on every protocol",
    ),
    RecipeEntry(
        "report_crnn",
        "the CRNN of the 2024 report (Davies and Chen)",
        {
            "ravdess": "Folder of RAVDESS's speech files.",
            "savee": "Folder of SAVEE, in either of its layouts.",
        },
        work="report",
        held_out="four more trainings",
    ),
)

#: The recipes by the model's name, the default first.
RECIPES: Mapping[str, RecipeEntry] = {entry.name: entry for entry in _ALL}
