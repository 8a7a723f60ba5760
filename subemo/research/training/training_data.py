"""The default model's training data: a data folder turned into frames."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ...core.cache import Cache
from ...core.errors import CorpusError
from ...core.progress import OnStep, ignore
from ...features import FrameFeatures, Vector
from ..corpora import CORPORA_OF, Clip, Split, read_clips
from ..corpora.backgrounds import Backgrounds, read_backgrounds, without_people
from ..datasets.distortions import AS_IT_IS, behind, like_a_film
from ..datasets.features import FrameTable, build_frames, voiceless_cues

#: The training corpora, as subfolders of the data folder.
CORPORA = CORPORA_OF[Split.TRAINING]

#: The number of distorted versions of each clip, as in films.
DISTORTED = 4

#: Levels of voices over backgrounds in tests, in decibels.
SNR_DB = (10, 5, 0)


@dataclass(frozen=True, eq=False)
class Data:
    """The contents of a data folder.

    Attributes:
        clips: clips of all corpora
        training: backgrounds for training
        held_out: backgrounds for tests
    """

    clips: tuple[Clip, ...]
    training: Backgrounds
    held_out: Backgrounds


@dataclass(frozen=True, eq=False)
class TrainingData:
    """The data on which folds are trained and tested.

    Attributes:
        table: all clips, original and distorted
        silent: frames without voices, for training
        noisy: the same clips mixed with held-out backgrounds, by
            condition, for the corpora tested in this way
        name: identifies features and versions, and so the folds
    """

    table: FrameTable
    silent: Sequence[Vector]
    noisy: Mapping[str, FrameTable]
    name: str


def read_data(root: Path) -> Data:
    """Reads every corpus and all backgrounds.

    Args:
        root: a folder that contains `CORPORA` and ``backgrounds``

    Raises:
        CorpusError: if one of them is missing
    """
    missing = [name for name in (*CORPORA, "backgrounds") if not (root / name).is_dir()]
    if missing:
        raise CorpusError(
            f"this folder lacks {', '.join(missing)}",
            path=root,
            remedy=f"The default model is trained on {', '.join(CORPORA)} and backgrounds.",
        )
    clips = read_clips({name: root / name for name in CORPORA})
    training, held_out = read_backgrounds(root / "backgrounds")
    return Data(tuple(clips), training, held_out)


def build_training_data(
    data: Data,
    *,
    features: FrameFeatures,
    work: Path,
    distorted: int | None = None,
    levels_db: Sequence[int] = SNR_DB,
    on_step: OnStep = ignore,
) -> TrainingData:
    """Extracts the frames of all clips, using the cache.

    Args:
        data: see `read_data`
        features: the feature set
        work: folder of the cache
        distorted: number of distorted versions of each clip; None for `DISTORTED`
        levels_db: levels of voices over backgrounds in tests
        on_step: called with each step of progress
    """
    distorted = DISTORTED if distorted is None else distorted
    cache = Cache(work / "features")
    tested = [clip for clip in data.clips if clip.corpus == "ravdess"]

    table = build_frames(
        data.clips,
        features=features,
        cache=cache,
        versions=[AS_IT_IS, *(like_a_film(data.training, n) for n in range(1, distorted + 1))],
        on_step=on_step,
    )
    noisy = {
        f"{snr}dB": build_frames(
            tested,
            features=features,
            cache=cache,
            versions=[behind(data.held_out, snr)],
            stage=f"voices at {snr} dB",
            on_step=on_step,
        )
        for snr in levels_db
    }
    silent = [
        frames
        for path in without_people(data.training.files)
        for frames in voiceless_cues(path, features, cache)
    ]
    name = repr((features, distorted, sorted(path.name for path in data.training.files)))
    return TrainingData(table, silent, noisy, name)
