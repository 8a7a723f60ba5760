"""The recipes of models that can be trained, which are not loaded before they are used.

To add a recipe: write a module beside this one that has a `ModelRecipe` by its own
name in capitals, and describe the module in ``_ALL``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .model_recipe import ModelRecipe


@dataclass(frozen=True)
class RecipeEntry:
    """What the help says of a recipe.

    Attributes:
        module: beside this one
        summary: which model it makes, in a few words
        takes: the options of `subemo train` that say what it learns from
        work: the folder in ``runs`` for its features and checkpoints, where `--work` names none
            another; what the recipe was called before, too
        held_out: what ``--held-out`` costs, where the recipe leaves that open
    """

    module: str
    summary: str
    takes: str
    work: str
    held_out: str = ""

    @property
    def name(self) -> str:
        """The name of the model."""
        return self.module.replace("_", "-")

    def load(self) -> ModelRecipe:
        """The recipe itself.

        Raises:
            ImportError: if there is no such module
        """
        module = import_module(f"{__package__}.{self.module}")
        recipe: ModelRecipe = getattr(module, self.module.upper())
        return recipe


_ALL = (
    RecipeEntry(
        "subemo_crnn",
        summary="the default one",
        takes="--data, and is not done before it is measured on every protocol",
        work="default",
    ),
    RecipeEntry(
        "report_crnn",
        summary="the CRNN of the 2024 report (Davies and Chen)",
        takes="--ravdess and --savee",
        work="report",
        held_out="four more trainings",
    ),
)

#: By the name of the model; the default model's first.
RECIPES: Mapping[str, RecipeEntry] = {entry.name: entry for entry in _ALL}
