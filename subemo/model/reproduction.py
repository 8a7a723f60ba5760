"""The report's final model, trained and measured from the official corpora.

Twice: under the report's protocol, which gives the model that is shipped, and
with speakers held out, which says what to expect of a voice it has not heard.
"""

from __future__ import annotations

import csv
import io
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from .. import augment
from ..cache import Cache
from ..corpora import read_clips
from ..emotions import EMOTIONS
from ..errors import MissingExtraError
from ..features import ReportFeatures, Vector
from ..features.table import FeatureTable, build_table
from ..files import write_atomically
from ..progress import OnStep, Step, ignore
from . import figures, splits
from .architectures import report_crnn
from .bundle import Bundle
from .card import report_card
from .export import TOLERANCE, to_litert
from .training import Epoch, Recipe, Rows, train

Index = npt.NDArray[np.int64]

NAME = "report-crnn"
_LIBRARIES = ("numpy", "scipy", "librosa", "soxr", "scikit-learn", "keras", "ai-edge-litert")


@dataclass(frozen=True, eq=False)
class Judged:
    """Test rows and what a model that never saw them answered.

    Attributes:
        rows: row numbers in the table, shape (rows,)
        probabilities: shape (rows, 8)
    """

    rows: Index
    probabilities: Vector

    @property
    def predicted(self) -> Index:
        """The likeliest class of each row, shape (rows,)."""
        return np.asarray(self.probabilities.argmax(axis=1))


def train_report(
    roots: Mapping[str, Path],
    *,
    out: Path,
    work: Path,
    recipe: Recipe | None = None,
    held_out: bool = True,
    on_step: OnStep = ignore,
) -> list[figures.Figure]:
    """Trains the report's CRNN, writes its bundle and returns its figures.

    Args:
        roots: the folder of each corpus, by name
        out: folder of the bundle
        work: folder for cached features and checkpoints; a second call with
            the same folder goes on where the first one stopped
        recipe: how to train
        held_out: whether to train four more times with speakers held out
        on_step: told of progress and early results

    Raises:
        CorpusError: if the corpora are not as expected
        MissingExtraError: without the extra ``train``
        ExportError: if the exported model does not equal the trained one
    """
    recipe = recipe or Recipe()
    features = ReportFeatures()
    clips = read_clips(roots)
    table = build_table(
        clips,
        features=features,
        cache=Cache(work / "features"),
        seed=recipe.seed,
        on_clip=lambda done: on_step(Step("features", done, len(clips))),
    )
    inputs = table.rows[:, : features.size]

    split = splits.report_split(table, seed=recipe.seed)
    model, mean, scale = _fit(table, inputs, split, recipe, work / "report.npz", "report", on_step)
    standardised = ((inputs[split.test] - mean) / scale).astype(np.float32)
    weights = to_litert(model, report_crnn, standardised)
    judged = Judged(split.test, model.predict(standardised[..., None], verbose=0))
    measured = _measure(table, split.protocol, judged)
    predictions = {"report-protocol": judged}

    if held_out:
        judged = _hold_speakers_out(table, inputs, recipe, work, on_step)
        measured += _measure(table, splits.HELD_OUT_PROTOCOL, judged)
        predictions["speakers-held-out"] = judged

    provenance = _provenance(table, recipe, measured)
    bundle = Bundle(NAME, features, mean, scale, "none", weights, provenance)
    bundle.write(out, card=report_card(bundle.description()))
    for name, rows in predictions.items():
        write_predictions(out / "predictions" / f"{name}.csv", table, rows)
    return measured


def _hold_speakers_out(
    table: FeatureTable, inputs: Vector, recipe: Recipe, work: Path, on_step: OnStep
) -> Judged:
    """Every original clip, judged by the one of four models that never heard its speaker."""
    rows, answers = [], []
    folds = splits.speaker_splits(table, seed=recipe.seed)
    for number, split in enumerate(folds, start=1):
        stage = f"held out {number}/{len(folds)}"
        checkpoint = work / f"fold-{number}.npz"
        model, mean, scale = _fit(table, inputs, split, recipe, checkpoint, stage, on_step)
        standardised = ((inputs[split.test] - mean) / scale).astype(np.float32)
        rows.append(split.test)
        answers.append(model.predict(standardised[..., None], verbose=0))
    return Judged(np.concatenate(rows), np.concatenate(answers))


def _fit(
    table: FeatureTable,
    inputs: Vector,
    split: splits.Split,
    recipe: Recipe,
    checkpoint: Path,
    stage: str,
    on_step: OnStep,
) -> tuple[Any, Vector, Vector]:
    """A model trained on one split, and the mean and scale of its training rows."""
    try:
        from sklearn.preprocessing import StandardScaler
    except ImportError as error:
        raise MissingExtraError.of("scikit-learn", "evaluate") from error

    scaler = StandardScaler().fit(inputs[split.train].astype(np.float64))
    mean, scale = scaler.mean_.astype(np.float32), scaler.scale_.astype(np.float32)

    def rows(which: Index) -> Rows:
        return Rows(((inputs[which] - mean) / scale).astype(np.float32), table.labels[which])

    def tell(epoch: Epoch) -> None:
        note = (
            f"epoch {epoch.number}: training loss {epoch.loss:.3f}, "
            f"test accuracy {100 * epoch.test_accuracy:.1f} % of {len(split.test):,}"
        )
        on_step(Step(stage, epoch.number, recipe.epochs, note))

    model, _ = train(
        lambda: report_crnn(unroll=True),
        rows(split.train),
        rows(split.test),
        recipe=recipe,
        checkpoint=checkpoint,
        on_epoch=tell,
    )
    return model, mean, scale


def _measure(table: FeatureTable, protocol: str, judged: Judged) -> list[figures.Figure]:
    labels = table.labels[judged.rows]
    if protocol == splits.REPORT_PROTOCOL:
        return [figures.accuracy(labels, judged.predicted, protocol=protocol)]
    speakers = table.speakers[judged.rows]
    return [
        figures.by_speaker(metric, labels, judged.predicted, speakers, protocol=protocol)
        for metric in ("accuracy", "uar")
    ]


def _provenance(
    table: FeatureTable, recipe: Recipe, measured: Sequence[figures.Figure]
) -> dict[str, object]:
    corpora = sorted({clip.corpus for clip in table.clips})
    tensorflow = "tensorflow-cpu" if platform.machine() == "x86_64" else "tensorflow"
    return {
        "training": {
            "corpora": {
                corpus: {
                    "clips": sum(clip.corpus == corpus for clip in table.clips),
                    "speakers": len({c.speaker for c in table.clips if c.corpus == corpus}),
                }
                for corpus in corpora
            },
            "versions_of_each_clip": list(augment.VERSIONS),
            "rows": len(table.rows),
            "recipe": asdict(recipe),
            "seed_of_split_noise_and_weights": recipe.seed,
        },
        "export": {"largest_difference_allowed": TOLERANCE},
        "figures": [asdict(figure) for figure in measured],
        "versions": {
            "python": platform.python_version(),
            **{name: version(name) for name in ("subemo", *_LIBRARIES, tensorflow)},
        },
    }


def write_predictions(path: Path, table: FeatureTable, judged: Judged) -> None:
    """Every judged row as CSV, so that anyone can compute the figures again."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["clip", "version", "speaker", "emotion", "predicted", *EMOTIONS])
    for row, answer in zip(judged.rows, judged.probabilities, strict=True):
        clip = table.clips[table.clip_of[row]]
        writer.writerow(
            [
                clip.key,
                augment.VERSIONS[table.version_of[row]],
                clip.speaker,
                clip.emotion.value,
                EMOTIONS[answer.argmax()].value,
                *(f"{probability:.6f}" for probability in answer),
            ]
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, text.getvalue().encode(), overwrite=True)
