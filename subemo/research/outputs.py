"""Writes the results of an evaluation: figures, predictions, plots and a page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from ..core.emotions import EMOTIONS
from ..core.errors import OutputError
from ..core.files import write_atomically
from ..core.tables import csv_table
from ..render.canvas import render
from . import pages
from .datasets.clips import VERSIONS
from .evaluation import metrics
from .evaluation.results import Evaluation
from .plots import scored as pictures

#: The file that marks a folder as one of results.
RESULTS = "results.json"

#: The plots of an evaluation, with their captions.
_PICTURES = {
    "confusion": (
        pictures.confusion_matrix,
        "Predictions (columns) by label (rows), in percent of the row.",
    ),
    "reliability": (
        pictures.reliability,
        "Accuracy by confidence, and the number of clips at each confidence.",
    ),
    "risk-coverage": (
        pictures.risk_coverage,
        "Accuracy if only the most confident predictions are counted.",
    ),
}


def check_new_results(folder: Path, *, overwrite: bool) -> None:
    """Refuses a folder that has results already, before any work is done.

    Raises:
        OutputError: if it has results already
    """
    is_there = (folder / RESULTS).exists() or any(folder.glob("figures-*.csv"))
    if is_there and not overwrite:
        raise OutputError(
            "there is an evaluation already",
            path=folder,
            remedy="Use `overwrite=True`, or another `folder`.",
        )


def write_results(results: Mapping[str, Any], folder: Path) -> None:
    """Writes only ``results.json``, replacing an existing one."""
    folder.mkdir(parents=True, exist_ok=True)
    write_atomically(folder / RESULTS, json_bytes(results), overwrite=True)


def json_bytes(content: Mapping[str, Any]) -> bytes:
    """The content of a JSON file for people and programs."""
    return (json.dumps(content, indent=1) + "\n").encode()


def write_evaluation(evaluation: Evaluation, folder: Path) -> None:
    """Writes all results to *folder*, replacing earlier ones."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {
        RESULTS: json_bytes(evaluation.results()),
        "predictions.csv": _predictions(evaluation).encode(),
        **{f"{name}.png": render(draw(evaluation.scored)) for name, (draw, _) in _PICTURES.items()},
        "index.html": _page(evaluation).encode(),
    }
    for name, data in files.items():
        write_atomically(folder / name, data, overwrite=True)


def _predictions(evaluation: Evaluation) -> str:
    answers = evaluation.answers
    rows = (
        [
            str(clip.path),
            "" if clip.start_ms is None else clip.start_ms / 1000,
            "" if clip.end_ms is None else clip.end_ms / 1000,
            VERSIONS[version],
            clip.speaker or "",
            clip.emotion.value,
            prediction.emotion.value,
            *(f"{probability:.6f}" for probability in prediction.probabilities),
        ]
        for clip, version, prediction in zip(
            answers.clips, answers.versions, answers.predictions, strict=True
        )
    )
    columns = ("path", "start", "end", "version", "speaker", "emotion", "predicted", *EMOTIONS)
    return csv_table([columns, *rows])


def _page(evaluation: Evaluation) -> str:
    scored = evaluation.scored
    large = []
    for figure in evaluation.figures.values():
        value, bracket, interval = figure.percent.partition("[")
        large.append((figure.title, value.strip(), f"{bracket}{interval}"))
    coverage = [
        (
            f"{100 * row['coverage']:.0f} %",
            f"{row['clips']:,}",
            f"{100 * row['accuracy']:.1f} % [{100 * row['low']:.1f}, {100 * row['high']:.1f}]",
        )
        for row in metrics.coverage(scored)
    ]
    classes = [
        (emotion.value, f"{figure.clips:,}", figure.percent)
        for emotion, figure in metrics.recalls(scored, protocol=evaluation.protocol).items()
    ]
    drawn = {
        name: pages.picture(partial(draw, scored), text) for name, (draw, text) in _PICTURES.items()
    }
    missing = ", ".join(scored.missing) or "none"
    return pages.page(
        f"{evaluation.model} on {evaluation.name}",
        pages.paragraph(
            f"{len(evaluation.answers.clips):,} clips were classified; protocol: {evaluation.protocol}. "
            f"In brackets: 95 % intervals ({evaluation.interval}; below the large figures Wilson's, by clip). "
            f"Emotions without clips in this set, which are in no average: {missing}. "
            f"Clips that could not be classified: {len(evaluation.answers.broken)}."
        ),
        pages.figures(large),
        pages.beside(
            pages.section("Confusion matrix", drawn["confusion"]),
            pages.section(
                "Recall by emotion", pages.table(("emotion", "clips", "recall"), classes)
            ),
            pages.section("Calibration", drawn["reliability"]),
            pages.section(
                "Most confident predictions",
                drawn["risk-coverage"],
                pages.table(("most confident", "clips", "accuracy"), coverage),
            ),
        ),
        pages.paragraph(
            "UAR is the mean recall of the emotions, so that a frequent one does not count for more. The "
            "calibration error is the mean difference between confidence and accuracy. A label says how a voice sounds to a listener, not what a person feels."
        ),
    )
