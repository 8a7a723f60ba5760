from __future__ import annotations

from pathlib import Path

import pytest

from subemo.core.errors import CorpusError
from subemo.research.corpora.evaluation_only import EVALUATION_ONLY
from subemo.research.films.dialogues import read_script
from subemo.research.films.film_backgrounds import read_film_backgrounds
from subemo.research.films.splits import (
    CORPORA_OF,
    LANGUAGES,
    Split,
    check_corpus,
    check_held_out,
    one_split,
)

from .build import small_data


def test_evaluation_corpora_are_for_reporting_alone() -> None:
    for split in (Split.TRAINING, Split.CHOOSING):
        assert not EVALUATION_ONLY & set(CORPORA_OF[split])
        for corpus in EVALUATION_ONLY:
            with pytest.raises(CorpusError, match=f"{corpus} is for evaluation only"):
                check_corpus(corpus, split)
    assert set(CORPORA_OF[Split.REPORTING]) >= EVALUATION_ONLY


def test_nothing_is_chosen_by_what_is_reported() -> None:
    assert not set(CORPORA_OF[Split.CHOOSING]) & set(CORPORA_OF[Split.REPORTING])
    with pytest.raises(CorpusError, match="'tess' is not a corpus of the split choosing"):
        check_corpus("tess", Split.CHOOSING)
    assert {name for names in CORPORA_OF.values() for name in names} == set(LANGUAGES)


def test_parts_of_two_splits_are_no_film(tmp_path: Path) -> None:
    data = small_data(tmp_path)
    script = {split: read_script(data / "text/meld", split) for split in Split}
    backgrounds = {split: read_film_backgrounds(data / "backgrounds", split) for split in Split}
    for split in Split:
        assert one_split(script[split], backgrounds[split]) is split
    with pytest.raises(CorpusError, match="parts for choosing and reporting"):
        one_split(script[Split.CHOOSING], backgrounds[Split.REPORTING])


def test_a_model_is_not_evaluated_on_its_training_corpus() -> None:
    check_held_out("casia", frozenset({"tess"}))
    with pytest.raises(CorpusError, match="trained on voices of tess"):
        check_held_out("tess", frozenset({"tess", "savee"}))


def test_splits_share_no_dialogue_and_no_background(tmp_path: Path) -> None:
    data = small_data(tmp_path)
    names = [{d.name for d in read_script(data / "text/meld", split).dialogues} for split in Split]
    files = [
        set(read_film_backgrounds(data / "backgrounds", split).sounds.files) for split in Split
    ]
    for sets in (names, files):
        assert all(sets)
        assert len(set.union(*sets)) == sum(map(len, sets))


def test_the_real_splits_share_no_episode(corpora: Path) -> None:
    episodes = [
        {d.episode for d in read_script(corpora / "text/meld", split).dialogues} for split in Split
    ]
    assert len(set.union(*episodes)) == sum(map(len, episodes))
    tracks = [
        len(read_film_backgrounds(corpora / "backgrounds", split).sounds.music) for split in Split
    ]
    assert tracks == [10, 2, 3]


@pytest.mark.parametrize("split", [Split.TRAINING, Split.CHOOSING])
def test_no_beds_without_music(tmp_path: Path, split: Split) -> None:
    data = small_data(tmp_path)
    for path in (data / "backgrounds/music").glob("*.wav"):
        if not path.stem.startswith("Karissa"):
            path.unlink()
    with pytest.raises(CorpusError, match=f"no music for {split}"):
        read_film_backgrounds(data / "backgrounds", split)
