"""The recipes of models that can be trained; a new one is a module and a line in here."""

from __future__ import annotations

from .model_recipe import ModelRecipe
from .report_crnn import REPORT_CRNN
from .subemo_crnn import SUBEMO_CRNN

#: By the name of the model; the default model's first.
RECIPES: dict[str, ModelRecipe] = {recipe.name: recipe for recipe in (SUBEMO_CRNN, REPORT_CRNN)}
