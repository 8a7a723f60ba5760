"""The default model's training data: a data folder turned into frames, and batches drawn from them: balanced, distorted and mixed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ...core.cache import Cache
from ...core.emotions import EMOTIONS
from ...core.errors import CorpusError
from ...core.progress import OnStep, ignore
from ...features import FrameFeatures, Vector
from ...model.network import SUMMARY, padded
from ...model.statistics import Moments, Statistics
from ..corpora import CORPORA_OF, Clip, Split, read_clips, refuse_evaluation_only
from ..corpora.backgrounds import Backgrounds, read_backgrounds, without_people
from ..datasets.distortions import AS_IT_IS, behind, like_a_film
from ..datasets.features import FrameTable, build_frames, voiceless_cues

Index = npt.NDArray[np.int64]
Batch = tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]

#: The training corpora, as subfolders of the data folder.
CORPORA = CORPORA_OF[Split.TRAINING]

#: The number of distorted versions of each clip, as in films.
DISTORTED = 4

#: Levels of voices over backgrounds in tests, in decibels.
SNR_DB = (10, 5, 0)


@dataclass(frozen=True, eq=False)
class Data:
    """The contents of a data folder."""

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


@dataclass(frozen=True)
class Sampling:
    """The parameters of sampling.

    Attributes:
        steps: frames per row
        batch_size: rows per batch
        balance: exponent of class balancing within a corpus: 0 keeps the
            frequencies, 1 makes all classes equally frequent
        clean: probability of the original clip instead of a distorted one
        mixup: parameter of the Beta distribution of mixup (Zhang
            et al., 2018); 0 turns it off
        smoothing: label smoothing over the corpus's classes
        own_statistics: probabilities of standardising rows by the whole training side,
            by corpus, or by speaker, as if that was a film
        silence: share of rows without a voice, with a uniform target
    """

    steps: int = 40
    batch_size: int = 64
    balance: float = 0.5
    clean: float = 0.3
    mixup: float = 0.3
    smoothing: float = 0.1
    own_statistics: tuple[float, float, float] = (0.3, 0.35, 0.35)
    silence: float = 0.05


class Batches:
    """Draws batches from clips of a table.

    Args:
        table: frames of all versions of all clips
        clips: positions of the clips in the table
        silent: frames of sound without voices, whose target is uniform
        sampling: the parameters of sampling
        seed: random seed

    Raises:
        CorpusError: if a clip's corpus is for evaluation only
    """

    def __init__(
        self,
        table: FrameTable,
        clips: Index,
        silent: Sequence[Vector],
        *,
        sampling: Sampling,
        seed: int,
    ) -> None:
        self.sampling = sampling
        self._seed = seed
        self._frames = [table.frames[clip] for clip in clips]
        self._labels = table.labels[clips]
        corpora, speakers = table.corpora[clips], table.speakers[clips]
        refuse_evaluation_only(corpora.tolist(), "training")
        self._allowed = np.zeros((len(clips), len(EMOTIONS)), dtype=np.float32)
        for corpus in np.unique(corpora):
            of_corpus = corpora == corpus
            self._allowed[np.ix_(of_corpus, np.unique(self._labels[of_corpus]))] = 1
        self._chances = _chances(corpora, self._labels, sampling.balance)
        self._silent = list(silent)
        everyone = np.zeros(len(clips), dtype=np.int64)
        self._groups = [
            everyone,
            *(np.unique(n, return_inverse=True)[1] for n in (corpora, speakers)),
        ]
        moments = [self._moments(clip) for clip in range(len(clips))]
        self._statistics = [
            [
                [
                    Moments.sum(
                        moments[clip][kind] for clip in np.flatnonzero(group == number)
                    ).statistics()
                    for kind in (0, 1)
                ]
                for number in range(group.max() + 1)
            ]
            for group in self._groups
        ]

    @property
    def training(self) -> Statistics:
        """The statistics of all original clips."""
        return self._statistics[0][0][0]

    def _moments(self, clip: int) -> tuple[Moments, Moments]:
        """The moments of an original clip, and of its distorted versions."""
        versions = self._frames[clip]
        return Moments.of(versions[:1]), Moments.of(versions[1:] or versions[:1])

    @property
    def per_epoch(self) -> int:
        """The number of batches per epoch."""
        return max(1, len(self._frames) // self.sampling.batch_size)

    def epoch(self, number: int) -> Iterator[Batch]:
        """The batches of an epoch, with as many rows as there are clips.

        Yields:
            inputs, shape (rows, steps + 2, size + 1), and targets, shape (rows, 16):
            eight probabilities, and for each class whether it is in the row's corpus
        """
        generator = np.random.default_rng([self._seed, number])
        size = self.sampling.batch_size
        for _ in range(self.per_epoch):
            yield self._batch(generator, size)

    def _batch(self, generator: np.random.Generator, size: int) -> Batch:
        chosen = generator.choice(len(self._frames), size, p=self._chances)
        rows = [self._row(generator, clip) for clip in chosen]
        inputs = np.stack([row for row, _, _ in rows])
        targets = np.stack([target for _, target, _ in rows])
        allowed = np.stack([mask for _, _, mask in rows])
        if self.sampling.mixup:
            drawn = generator.beta(self.sampling.mixup, self.sampling.mixup, (size, 1))
            share = np.maximum(drawn, 1 - drawn).astype(np.float32)
            other = generator.permutation(size)
            filled = np.maximum(inputs[..., -1:], inputs[other][..., -1:])
            inputs = _mixed(inputs, inputs[other], share[..., None])
            inputs[..., -1:] = filled
            targets = _mixed(targets, targets[other], share)
            allowed = np.maximum(allowed, allowed[other])
        return inputs, np.concatenate([targets, allowed], axis=1)

    def _row(
        self, generator: np.random.Generator, clip: int
    ) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        versions = self._frames[clip]
        distorted = len(versions) > 1 and generator.random() >= self.sampling.clean
        frames = versions[int(generator.integers(1, len(versions))) if distorted else 0]
        level = int(generator.choice(3, p=self.sampling.own_statistics))
        statistics = self._statistics[level][self._groups[level][clip]][int(distorted)]
        allowed = self._allowed[clip]
        smoothing = self.sampling.smoothing
        target = smoothing * allowed / allowed.sum()
        target[self._labels[clip]] += 1 - smoothing
        if self._silent and generator.random() < self.sampling.silence:
            frames = self._silent[int(generator.integers(len(self._silent)))]
            allowed = np.ones_like(allowed)
            target = allowed / allowed.sum()
        steps = self.sampling.steps
        start = int(generator.integers(max(1, len(frames) - steps + 1)))
        rows = statistics.standardise(frames)
        part = rows[SUMMARY + start : SUMMARY + start + steps]
        return padded(part, rows[:SUMMARY], steps), target, allowed


def _mixed(
    one: npt.NDArray[np.float32], other: npt.NDArray[np.float32], share: npt.NDArray[np.float32]
) -> npt.NDArray[np.float32]:
    return np.asarray(share * one + (1 - share) * other, dtype=np.float32)


def _chances(
    corpora: npt.NDArray[np.str_], labels: Index, balance: float
) -> npt.NDArray[np.float64]:
    """The probability of drawing each clip, shape (clips,), summing to 1."""
    cells = np.unique(np.char.add(corpora, labels.astype(str)), return_inverse=True)[1]
    chances = np.bincount(cells)[cells] ** -float(balance)
    return np.asarray(chances / chances.sum())
