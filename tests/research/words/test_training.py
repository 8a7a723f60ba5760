from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from subemo.core.errors import CorpusError
from subemo.model.network import soften
from subemo.research.corpora import Split
from subemo.research.words.evaluation import (
    calibration_error,
    fold_of_groups,
    logits_of,
    surest,
    temperature_of,
)
from subemo.research.words.lines import Comments, Conversation, read_comments, read_conversations
from subemo.research.words.training import (
    Penalty,
    WordsRecipe,
    fit,
    fit_dialogues,
    fit_general,
    prepare,
)
from subemo.text_model import TextModel
from subemo.text_model.weights import read_weights

Trained = tuple[Any, Any]

GLAD, SAD = "I am so glad today", "I am so sad today"


@pytest.fixture(scope="module")
def trained() -> Trained:
    """A model of two lines, said over and over, glad after sad by the same speaker."""
    shares = np.eye(7, dtype=np.float32)
    comments = Comments((GLAD, SAD, "It is a table") * 8, shares[[1, 2, 0] * 8])
    talk = [
        Conversation(f"d{n}", f"e{n}", (GLAD, SAD, "Yes"), ("A", "B", "B"), (1, 2, 0))
        for n in range(12)
    ]
    recipe = WordsRecipe(dialogue=Penalty(0.01, 50))
    dialogues = prepare(talk, fit_general(comments, recipe), "en", recipe)
    return dialogues, fit_dialogues(dialogues, np.arange(24), recipe)


def test_learns_and_answers_as_it_learnt(trained: Trained) -> None:
    dialogues, weights = trained
    logits = logits_of(weights, dialogues.conversations)
    assert (logits.argmax(axis=1) == dialogues.labels).all()


def test_what_is_fitted_is_what_is_run(trained: Trained) -> None:
    """The matrix that training sees and the sums that the text_model makes are the same."""
    dialogues, weights = trained
    own, first, second, again, dense = dialogues.blocks
    tables = (weights.own, weights.before, weights.earlier, weights.same)
    total = dense @ weights.dense + weights.bias
    for block, table in zip((own, first, second, again), tables, strict=True):
        total += block @ (table.values.astype(np.float32) * table.scale)
    assert np.allclose(total, logits_of(weights, dialogues.conversations), atol=1e-3)


def test_written_and_read_again(trained: Trained, tmp_path: Path) -> None:
    _, weights = trained
    weights.write(tmp_path / "a")
    weights.write(tmp_path / "b")
    assert (tmp_path / "a/words.npz").read_bytes() == (tmp_path / "b/words.npz").read_bytes()
    ours, read = (TextModel(one) for one in (weights, read_weights(tmp_path / "a")))
    assert np.array_equal(ours.posteriors([GLAD, SAD]), read.posteriors([GLAD, SAD]))


def test_regression_finds_the_classes() -> None:
    from scipy.sparse import csr_matrix

    rows = csr_matrix(np.eye(3, dtype=np.float32)[[0, 1, 2] * 5])
    shares = np.eye(3, dtype=np.float32)[[0, 1, 2] * 5]
    weights, bias = fit(rows, shares, Penalty(0.1, 50))
    assert ((rows @ weights + bias).argmax(axis=1) == [0, 1, 2] * 5).all()
    with pytest.raises(ValueError, match="above 0"):
        Penalty(0, 1)


def test_folds_part_no_group() -> None:
    groups = [f"e{n % 13}" for n in range(60)]
    folds = fold_of_groups(groups, seed=1)
    assert set(folds) == set(range(5))
    assert len({*zip(groups, folds, strict=True)}) == 13


def test_temperature_undoes_a_factor() -> None:
    rng = np.random.default_rng(0)
    logits = rng.normal(size=(4000, 7)) * 2
    labels = np.asarray([rng.choice(7, p=row) for row in soften(logits)])
    assert temperature_of(logits * 3, labels) == pytest.approx(3, rel=0.1)
    assert calibration_error(soften(logits), labels) < 0.03
    assert calibration_error(soften(logits * 3), labels) > 0.1


def test_surest_looks_at_moods_alone() -> None:
    shares = np.asarray([[0.9, 0.1, 0], [0.2, 0.8, 0], [0.3, 0, 0.7], [0, 0.4, 0.6]])
    assert surest(shares, np.asarray([0, 1, 2, 1])) == 1
    assert surest(shares, np.asarray([0, 2, 2, 1])) == 0


@pytest.mark.parametrize("row", ["no labels", "text\t9\tid", "text\tx\tid"])
def test_damaged_comments_are_refused(tmp_path: Path, row: str) -> None:
    folder = tmp_path / "goemotions"
    folder.mkdir()
    (folder / "labels.txt").write_text("anger joy")
    (folder / "train.tsv").write_text(f"Good [laughs]\t0,1\tid\n{row}\n")
    with pytest.raises(CorpusError, match="line 2"):
        read_comments(tmp_path)
    (folder / "train.tsv").write_text("Good [laughs]\t0,1\tid\n...\t1\tid\n")
    comments = read_comments(tmp_path)
    assert comments.lines == ("Good",)
    assert comments.shares.tolist() == [[0, 0.5, 0, 0.5, 0, 0, 0]]


def test_missing_comments_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="cannot be read"):
        read_comments(tmp_path)


def test_no_reported_episode_is_learnt_from(corpora: Path) -> None:
    known = read_conversations(corpora / "text", Split.TRAINING, Split.CHOOSING)
    reported = read_conversations(corpora / "text", Split.REPORTING)
    assert len(known) > 500
    assert not {one.group for one in known} & {one.group for one in reported}
