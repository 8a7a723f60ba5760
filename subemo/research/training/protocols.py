"""The cross-validation protocols of the default model.

Every fold trains on all clips of all corpora except those it tests, or, if a
whole corpus is tested, on the other corpora only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...core.errors import CorpusError
from ..corpora import Clip
from ..datasets.splits import check_speakers_apart

Index = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

#: The test actors of EmoBox's folds (Ma et al., 2024).
EMOBOX_RAVDESS = (
    (1, 11, 20, 21),
    (4, 10, 12, 14),
    (8, 9, 19, 23),
    (3, 5, 7, 24),
    (2, 15, 16, 18),
    (6, 13, 17, 22),
)


@dataclass(frozen=True, eq=False)
class Fold:
    """A fold of a protocol.

    Attributes:
        protocol: a name in `PROTOCOLS`
        number: number of the fold, from 1
        train: positions of the training clips
        test: positions of the test clips, treated as one film
    """

    protocol: str
    number: int
    train: Index
    test: Index

    @property
    def name(self) -> str:
        """The name of its files."""
        return f"{self.protocol}-{self.number}"


@dataclass(frozen=True)
class Protocol:
    """A way to hold clips out.

    Attributes:
        title: its name in figures
        corpus: the tested corpus
        folds: the test speakers of each fold, by their names in the
            corpus; None tests the whole corpus, without training on it
        reported: whether its figures are reported; the others are for choosing
    """

    title: str
    corpus: str
    folds: Callable[[Sequence[str]], list[list[str]]] | None
    reported: bool = True


def _emobox(speakers: Sequence[str]) -> list[list[str]]:
    del speakers
    return [[f"ravdess-{actor:02}" for actor in actors] for actors in EMOBOX_RAVDESS]


def _one_out(speakers: Sequence[str]) -> list[list[str]]:
    return [[speaker] for speaker in speakers]


def _every_third(speakers: Sequence[str]) -> list[list[str]]:
    return [list(speakers[start::3]) for start in range(3)]


PROTOCOLS: dict[str, Protocol] = {
    "ravdess": Protocol("RAVDESS, EmoBox folds, speakers held out", "ravdess", _emobox),
    "savee": Protocol("SAVEE, one speaker out", "savee", _one_out),
    "tess": Protocol("TESS, corpus unseen", "tess", None),
    "emovo": Protocol("EMOVO, corpus and language unseen", "emovo", None),
    "nemo": Protocol("nEMO, corpus and language unseen", "nemo", None),
    "choose-ravdess": Protocol("RAVDESS, corpus unseen", "ravdess", None, reported=False),
    "choose-savee": Protocol("SAVEE, corpus unseen", "savee", None, reported=False),
    "choose-nemo": Protocol("nEMO, speakers held out", "nemo", _every_third, reported=False),
}


def folds_of(name: str, clips: Sequence[Clip]) -> list[Fold]:
    """The folds of a protocol.

    Args:
        name: in `PROTOCOLS`
        clips: clips of all corpora

    Raises:
        CorpusError: if the protocol's corpus has no clips, or a fold's
            speakers are missing
    """
    protocol = PROTOCOLS[name]
    speakers = np.array([clip.speaker or clip.key for clip in clips])
    tested = np.array([clip.corpus == protocol.corpus for clip in clips])
    if not tested.any():
        raise CorpusError(
            f"the protocol {name!r} needs the corpus {protocol.corpus}",
            remedy=f"Give its folder: {protocol.corpus}=DIR.",
        )
    if protocol.folds is None:
        masks = [tested]
    else:
        groups = protocol.folds(sorted(set(speakers[tested])))
        masks = [tested & np.isin(speakers, group) for group in groups]
    folds = []
    for number, mask in enumerate(masks, 1):
        fold = Fold(name, number, np.flatnonzero(~mask), np.flatnonzero(mask))
        if not fold.test.size or not fold.train.size:
            raise CorpusError(f"fold {number} of {name!r} has no clips for training or testing")
        check_speakers_apart(speakers[fold.train], speakers[fold.test], protocol.title)
        folds.append(fold)
    return folds
