"""Trains every row of Appendix 10 of the 2024 report (Davies and Chen).

Each row is trained under the report's protocol and with held-out speakers:
forty-seven trainings, each saved as a small JSON file, so that they can be
resumed.
"""

from __future__ import annotations

import json
from collections.abc import Container, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ...core.files import write_atomically
from ...core.progress import OnStep
from ..datasets import splits
from ..datasets.table import FeatureTable
from ..evaluation import rates
from ..training.architectures import ARCHITECTURES, FINAL, READINGS
from ..training.clip_training import Epoch, Recipe
from ..training.experiments import run_experiment
from ..training.report_crnn import report_table

Index = npt.NDArray[np.int64]

FOLDS = 4
#: Rows trained with several seeds of weights and order under the report's
#: protocol: the final model, and the two rows below its figures with
#: the first seed.
SEEDS = {FINAL: 3, "crnn": 3, "crnn-dropout": 3}


#: All trained models: the rows of the table, and other readings of them.
TRAINED = ARCHITECTURES | READINGS


@dataclass(frozen=True)
class Run:
    """A training.

    Attributes:
        row: a name in `TRAINED`
        protocol: ``report`` or ``held-out``
        number: the seed, from 0, under the protocol ``report``; else the fold, from 1
    """

    row: str
    protocol: str
    number: int

    @property
    def name(self) -> str:
        """The name of its file."""
        return f"{self.row}.{self.protocol}-{self.number}"


@dataclass(frozen=True, eq=False)
class Result:
    """The result of a training.

    Attributes:
        run: the training
        parameters: number of parameters of the network
        epochs: the curves by epoch
        labels: true classes of the test rows, shape (rows,)
        predicted: predicted classes after the last epoch, shape (rows,)
        speakers: speakers, shape (rows,)
    """

    run: Run
    parameters: int
    epochs: tuple[Epoch, ...]
    labels: Index
    predicted: Index
    speakers: npt.NDArray[np.str_]

    @property
    def accuracy(self) -> float:
        """The accuracy on the test rows, 0 to 1."""
        return rates.accuracy(self.labels, self.predicted)

    def to_json(self) -> dict[str, Any]:
        """The content of its file."""
        return {
            **asdict(self.run),
            "parameters": self.parameters,
            "epochs": [
                {key: round(value, 7) for key, value in asdict(epoch).items()}
                for epoch in self.epochs
            ],
            "labels": "".join(map(str, self.labels)),
            "predicted": "".join(map(str, self.predicted)),
            "speakers": " ".join(self.speakers),
        }

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Result:
        """The inverse of `to_json`."""
        return cls(
            Run(content["row"], content["protocol"], content["number"]),
            content["parameters"],
            tuple(Epoch(**epoch) for epoch in content["epochs"]),
            np.array(list(map(int, content["labels"]))),
            np.array(list(map(int, content["predicted"]))),
            np.array(content["speakers"].split(" ")),
        )


def all_runs() -> list[Run]:
    """All trainings, the most informative first."""
    rows = sorted(ARCHITECTURES, key=lambda row: row != FINAL)
    leaking = [Run(row, "report", seed) for row in rows for seed in range(SEEDS.get(row, 1))]
    held_out = [Run(row, "held-out", fold) for row in rows for fold in range(1, FOLDS + 1)]
    return [*leaking, *held_out, *(Run(row, "report", 0) for row in READINGS)]


def read_results(folder: Path) -> list[Result]:
    """The results so far, in the order of `all_runs`."""
    paths = [folder / f"{run.name}.json" for run in all_runs()]
    return [Result.from_json(json.loads(path.read_text())) for path in paths if path.exists()]


def reproduce(
    roots: Mapping[str, Path],
    *,
    results: Path,
    work: Path,
    recipe: Recipe,
    on_step: OnStep,
    rows: Container[str] = TRAINED.keys(),
) -> Iterator[Result]:
    """Runs every training that is not done yet.

    Args:
        roots: the folders of RAVDESS and SAVEE, by name
        results: folder of results, one file per training
        work: folder for cached features and checkpoints
        recipe: the recipe; its seed is for split, noise and initial weights
        on_step: called with each step of progress and with intermediate results
        rows: the names in `TRAINED` to train

    Yields:
        each result, once it is saved
    """
    from ..training.keras_adapter import keras

    todo = [
        run for run in all_runs() if run.row in rows and not (results / f"{run.name}.json").exists()
    ]
    if not todo:
        return
    table = report_table(roots, work=work, seed=recipe.seed, on_step=on_step)
    for run in todo:
        keras.backend.clear_session()
        result = _train(run, table, recipe, work, on_step)
        results.mkdir(parents=True, exist_ok=True)
        content = json.dumps(result.to_json(), indent=0) + "\n"
        write_atomically(results / f"{run.name}.json", content.encode(), overwrite=True)
        yield result


def _train(run: Run, table: FeatureTable, recipe: Recipe, work: Path, on_step: OnStep) -> Result:
    if run.protocol == "report":
        split = splits.report_split(table, seed=recipe.seed)
        recipe = replace(recipe, seed=recipe.seed + run.number)
    else:
        split = splits.speaker_splits(table, folds=FOLDS, seed=recipe.seed)[run.number - 1]
    checkpoint = work / f"{run.name}.npz"
    experiment = run_experiment(
        table,
        split,
        TRAINED[run.row],
        recipe=recipe,
        checkpoint=checkpoint,
        stage=run.name,
        on_step=on_step,
    )
    checkpoint.unlink(missing_ok=True)
    return Result(
        run,
        experiment.model.count_params(),
        tuple(experiment.epochs),
        table.labels[split.test],
        experiment.evaluated.predicted,
        table.speakers[split.test],
    )
