"""The recipes of models, loaded on first use.

To add a recipe: write a module beside this one with a `ModelRecipe` named like the
module in capitals, and describe it in ``_ALL``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .model_recipe import ModelRecipe


class Sources(StrEnum):
    """How a recipe is given its training data."""

    #: A folder for each corpus.
    CORPORA = "corpora"
    #: One folder with all data.
    DATA = "data"


@dataclass(frozen=True)
class RecipeEntry:
    """The description of a recipe that is not loaded yet.

    Attributes:
        module: the module's name, beside this one
        summary: the model, in a few words
        sources: how it is given its training data
        corpora: its training corpora, by name in `subemo.research.corpora.CORPORA`, with the help of
            the corpus's option, which is empty for `Sources.DATA`
        work: the default folder in ``runs`` for features and checkpoints (see `--work`), also
            the former name of the recipe
        held_out: the cost of ``--held-out``, if the recipe makes that optional
        note: more text for the help
    """

    module: str
    summary: str
    sources: Sources
    corpora: Mapping[str, str]
    work: str
    held_out: str = ""
    note: str = ""

    @property
    def name(self) -> str:
        """The name of the model."""
        return self.module.replace("_", "-")

    @property
    def takes(self) -> str:
        """The options of `subemo train` for its training data, and its note."""
        options = (
            " and ".join(f"--{name}" for name in self.corpora)
            if self.sources is Sources.CORPORA
            else "--data"
        )
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
        summary="the default model",
        sources=Sources.DATA,
        corpora=dict.fromkeys(("ravdess", "savee", "tess", "emovo", "nemo"), ""),
        work="default",
        note="and finishes after evaluation on every protocol",
    ),
    RecipeEntry(
        "report_crnn",
        summary="the CRNN of the 2024 report (Davies and Chen)",
        sources=Sources.CORPORA,
        corpora={
            "ravdess": "Folder of RAVDESS's speech files.",
            "savee": "Folder of SAVEE, in either of its layouts.",
        },
        work="report",
        held_out="four more trainings",
    ),
)

#: The recipes by the model's name, the default first.
RECIPES: Mapping[str, RecipeEntry] = {entry.name: entry for entry in _ALL}
