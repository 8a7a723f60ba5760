"""The recipes of models that can be trained, which are not loaded before they are used.

To add a recipe: write a module beside this one that has a `ModelRecipe` by its own
name in capitals, and describe the module in ``_ALL``.
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
    """What a recipe is given to learn from."""

    #: The folders of single corpora.
    CORPORA = "corpora"
    #: One folder with everything in it.
    DATA = "data"


@dataclass(frozen=True)
class RecipeEntry:
    """What the command line knows of a recipe before it is loaded.

    Attributes:
        module: beside this one
        summary: which model it makes, in a few words
        sources: how it is given what it learns from
        corpora: what it learns from: by name in `subemo.research.corpora.CORPORA`, what the help says of
            the corpus's option, which `Sources.DATA` has none of
        work: the folder in ``runs`` for its features and checkpoints, where `--work` names none
            another; what the recipe was called before, too
        held_out: what ``--held-out`` costs, where the recipe leaves that open
        note: what else the help says of it
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
        """The options of `subemo train` that say what it learns from, and what else there is to say."""
        options = (
            " and ".join(f"--{name}" for name in self.corpora)
            if self.sources is Sources.CORPORA
            else "--data"
        )
        return f"{options}, {self.note}" if self.note else options

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
        summary="the default model",
        sources=Sources.DATA,
        corpora=dict.fromkeys(("ravdess", "savee", "tess", "emovo", "nemo"), ""),
        work="default",
        note="and is not done before it is measured on every protocol",
    ),
    RecipeEntry(
        "report_crnn",
        summary="the CRNN of the 2024 report (Davies and Chen)",
        sources=Sources.CORPORA,
        corpora={
            "ravdess": "RAVDESS, its speech files.",
            "savee": "SAVEE, in either of its layouts.",
        },
        work="report",
        held_out="four more trainings",
    ),
)

#: By the name of the model; the default model's first.
RECIPES: Mapping[str, RecipeEntry] = {entry.name: entry for entry in _ALL}
