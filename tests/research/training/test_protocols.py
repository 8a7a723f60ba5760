from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from subemo.core.emotions import EMOTIONS
from subemo.core.errors import CorpusError
from subemo.research.corpora import Clip, read_clips
from subemo.research.corpora.ravdess import EMOBOX
from subemo.research.training.crossval import PROTOCOLS, folds_of

SPEAKERS = {"ravdess": 24, "savee": 4, "tess": 2, "emovo": 6, "nemo": 9}


def clips() -> list[Clip]:
    return [
        Clip(Path(f"{corpus}/{speaker}-{emotion.value}.wav"), emotion, f"{corpus}-{speaker:02}", None, corpus)
        for corpus, speakers in SPEAKERS.items()
        for speaker in range(1, speakers + 1)
        for emotion in EMOTIONS
    ]  # fmt: skip


@pytest.mark.parametrize("name", PROTOCOLS)
def test_every_clip_is_tested_once_by_a_model_that_never_heard_its_speaker(name: str) -> None:
    everyone = clips()
    speakers = np.array([clip.speaker for clip in everyone])
    corpora = np.array([clip.corpus for clip in everyone])
    folds = folds_of(name, everyone)
    tested = np.concatenate([fold.test for fold in folds])
    assert sorted(tested) == list(np.flatnonzero(corpora == PROTOCOLS[name].corpus))
    for fold in folds:
        assert not set(speakers[fold.train]) & set(speakers[fold.test])
        assert sorted([*fold.train, *fold.test]) == list(range(len(everyone)))
        if PROTOCOLS[name].folds is None:
            assert PROTOCOLS[name].corpus not in set(corpora[fold.train])


def test_emoboxs_folds() -> None:
    assert sorted(actor for fold in EMOBOX for actor in fold) == list(range(1, 25))
    assert [fold.name for fold in folds_of("ravdess", clips())] == [
        f"ravdess-{n}" for n in range(1, 7)
    ]


def test_what_is_chosen_by_is_not_what_is_reported() -> None:
    chosen = {(p.corpus, p.folds) for p in PROTOCOLS.values() if not p.reported}
    assert chosen.isdisjoint({(p.corpus, p.folds) for p in PROTOCOLS.values() if p.reported})


def test_a_corpus_that_is_not_there() -> None:
    with pytest.raises(CorpusError, match="needs the corpus tess"):
        folds_of("tess", [clip for clip in clips() if clip.corpus != "tess"])


def test_a_speaker_on_both_sides_is_found() -> None:
    from subemo.research.datasets.splits import check_speakers_apart

    with pytest.raises(AssertionError, match="on both sides"):
        check_speakers_apart(np.array(["a", "b"]), np.array(["b"]), "a protocol")


def test_of_the_real_corpora(corpora: Path) -> None:
    real = read_clips({name: corpora / name for name in SPEAKERS})
    assert sum(fold.test.size for fold in folds_of("ravdess", real)) == 1_440
    assert len(folds_of("savee", real)) == 4
