"""Cross-validates the default model fold by fold, saving each for resuming."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ...core.files import write_atomically
from ...core.progress import OnStep
from ...model.statistics import adapted_statistics
from ..corpora import Clip
from .fitting import fit
from .frame_training import FrameRecipe, predict_logits
from .protocols import Fold
from .training_data import TrainingData

Array = npt.NDArray[np.float64]

#: The adaptations evaluated: with statistics of the training side, and of the test side.
ADAPTED = ("none", "film")


@dataclass(frozen=True, eq=False)
class FoldAnswers:
    """The predictions of a fold's model.

    Attributes:
        fold: the fold
        clips: the keys of the tested clips
        logits: shape (clips, 8), by condition: ``clean.film``, ``10dB.none``, …
    """

    fold: str
    clips: tuple[str, ...]
    logits: Mapping[str, Array]

    def to_bytes(self, identity: str) -> bytes:
        """The content of its file, for a fold with this *identity*."""
        head = {"fold": self.fold, "identity": identity, "clips": self.clips}
        buffer = io.BytesIO()
        arrays = {name: logits.astype(np.float32) for name, logits in self.logits.items()}
        np.savez_compressed(buffer, allow_pickle=False, head=np.array(json.dumps(head)), **arrays)
        return buffer.getvalue()

    @classmethod
    def read(cls, path: Path, identity: str) -> FoldAnswers | None:
        """The saved predictions, or None if missing or of another identity."""
        if not path.exists():
            return None
        with np.load(path, allow_pickle=False) as saved:
            head = json.loads(str(saved["head"]))
            if head["identity"] != identity:
                return None
            logits = {n: saved[n].astype(np.float64) for n in saved.files if n != "head"}
        return cls(head["fold"], tuple(head["clips"]), logits)


def cross_validate(
    training_data: TrainingData,
    folds: Sequence[Fold],
    *,
    recipe: FrameRecipe,
    work: Path,
    on_step: OnStep,
) -> Iterator[FoldAnswers]:
    """Trains and tests every fold that is not done yet.

    Args:
        training_data: clips and their frames
        folds: the folds
        recipe: the hyperparameters
        work: folder of finished folds, one file each
        on_step: called after each epoch

    Yields:
        the predictions of each fold, in order
    """
    for fold in folds:
        clips = [training_data.table.clips[position] for position in fold.test]
        identity = _identity(training_data.name, recipe, fold, training_data.table.clips)
        path = work / f"{fold.name}.npz"
        answers = FoldAnswers.read(path, identity)
        if answers is None:
            answers = _answer(training_data, fold, clips, recipe, on_step)
            work.mkdir(parents=True, exist_ok=True)
            write_atomically(path, answers.to_bytes(identity), overwrite=True)
        yield answers


def _identity(name: str, recipe: FrameRecipe, fold: Fold, clips: Sequence[Clip]) -> str:
    """A hash of everything a fold's predictions depend on."""
    sides = [[clips[position].key for position in side] for side in (fold.train, fold.test)]
    return hashlib.sha256(repr((name, recipe, sides)).encode()).hexdigest()


def _answer(
    training_data: TrainingData,
    fold: Fold,
    clips: Sequence[Clip],
    recipe: FrameRecipe,
    on_step: OnStep,
) -> FoldAnswers:
    from .keras_adapter import keras

    keras.backend.clear_session()
    fitted = fit(training_data, fold.train, recipe, stage=fold.name, on_step=on_step)

    frames_of = {"clean": [training_data.table.frames[position][0] for position in fold.test]}
    for condition, table in training_data.noisy.items():
        of_clip = {
            clip.key: versions[0] for clip, versions in zip(table.clips, table.frames, strict=True)
        }
        if all(clip.key in of_clip for clip in clips):
            frames_of[condition] = [of_clip[clip.key] for clip in clips]
    logits = {
        f"{condition}.{adaptation}": predict_logits(
            fitted.model,
            frames,
            adapted_statistics(frames, fitted.training, adaptation=adaptation),
            steps=recipe.network.steps,
        )
        for condition, frames in frames_of.items()
        for adaptation in ADAPTED
    }
    return FoldAnswers(fold.name, tuple(clip.key for clip in clips), logits)
