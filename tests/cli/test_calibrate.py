"""The card that `subemo calibrate` writes beside the parameters."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from subemo.cli.research.calibrate import _card
from subemo.core.model_folder import CARD_FILE
from subemo.model.bundle import find_bundle, read_bundle
from subemo.model.decision import Witnesses


def test_the_card_of_a_recipe_names_the_new_threshold() -> None:
    folder = find_bundle("subemo-crnn")
    model = read_bundle(folder)
    assert _card(model, folder) == (folder / CARD_FILE).read_text(encoding="utf-8")
    voice = replace(model.decision[Witnesses.VOICE], threshold=0.88)
    fitted = replace(model, decision={**model.decision, Witnesses.VOICE: voice})
    assert "0.88 (the voice alone)" in _card(fitted, folder)


def test_a_card_of_ones_own_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / CARD_FILE).write_text("# mine\n", encoding="utf-8")
    model = replace(read_bundle(find_bundle("subemo-crnn")), name="mine")
    assert _card(model, tmp_path) == "# mine\n"
