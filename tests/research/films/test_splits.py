from __future__ import annotations

from pathlib import Path

import pytest

from subemo.core.errors import CorpusError
from subemo.research.corpora import CORPORA, CORPORA_OF, EVALUATION_ONLY, Split
from subemo.research.corpora.backgrounds import read_film_backgrounds
from subemo.research.films.answers import check_held_out
from subemo.research.films.building import FilmOrder
from subemo.research.films.dialogues import read_script

from .build import small_data


def test_evaluation_corpora_are_for_reporting_alone() -> None:
    for split in (Split.TRAINING, Split.CHOOSING):
        assert not set(EVALUATION_ONLY) & set(CORPORA_OF[split])
        for corpus in EVALUATION_ONLY:
            with pytest.raises(CorpusError, match=f"{corpus} is for evaluation only"):
                FilmOrder(Path(), split, (corpus,))
    assert set(CORPORA_OF[Split.REPORTING]) >= set(EVALUATION_ONLY)


def test_nothing_is_chosen_by_what_is_reported() -> None:
    assert not set(CORPORA_OF[Split.CHOOSING]) & set(CORPORA_OF[Split.REPORTING])
    with pytest.raises(CorpusError, match="'tess' is not a corpus of the split choosing"):
        FilmOrder(Path(), Split.CHOOSING, ("tess",))
    assert all(bool(one.language) == bool(one.splits) for one in CORPORA.values())


def test_a_model_is_not_evaluated_on_its_training_corpus() -> None:
    check_held_out("casia", frozenset({"tess"}))
    with pytest.raises(CorpusError, match="trained on voices of tess"):
        check_held_out("tess", frozenset({"tess", "savee"}))


def test_splits_share_no_dialogue_and_no_background(tmp_path: Path) -> None:
    data = small_data(tmp_path)
    names = [{d.name for d in read_script(data / "text/meld", split)} for split in Split]
    files = [set(read_film_backgrounds(data / "backgrounds", split).files) for split in Split]
    for sets in (names, files):
        assert all(sets)
        assert len(set.union(*sets)) == sum(map(len, sets))


def test_the_real_splits_share_no_episode(corpora: Path) -> None:
    episodes = [{d.episode for d in read_script(corpora / "text/meld", split)} for split in Split]
    assert len(set.union(*episodes)) == sum(map(len, episodes))
    tracks = [len(read_film_backgrounds(corpora / "backgrounds", split).music) for split in Split]
    assert tracks == [10, 2, 3]


@pytest.mark.parametrize("split", [Split.TRAINING, Split.CHOOSING])
def test_no_beds_without_music(tmp_path: Path, split: Split) -> None:
    data = small_data(tmp_path)
    for path in (data / "backgrounds/music").glob("*.wav"):
        if not path.stem.startswith("Karissa"):
            path.unlink()
    with pytest.raises(CorpusError, match=f"no music for {split}"):
        read_film_backgrounds(data / "backgrounds", split)
