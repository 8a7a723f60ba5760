"""The cross-validation protocols of the default model.

Every fold trains on all clips of all corpora except those it tests, or, if a
whole corpus is tested, on the other corpora only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...core.errors import CorpusError
from ..corpora import CORPORA, Clip, ClipProtocol
from ..datasets.splits import check_speakers_apart

Index = npt.NDArray[np.int64]

#: The protocols of all corpora by name; the reported ones first.
PROTOCOLS: dict[str, ClipProtocol] = {
    protocol.name: protocol
    for reported in (True, False)
    for corpus in CORPORA.values()
    for protocol in corpus.protocols
    if protocol.reported is reported
}


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
