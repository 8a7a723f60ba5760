"""Runs `subemo classify`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any

import click

from ....api import classify, load_model
from ....core.errors import SubemoError
from ....core.prediction import Prediction
from ...options import EXIT_FAILURE, complain
from ...terminal import prediction_table


def run(files: Iterable[Path], *, model: str, audio_stream: int | None, as_json: bool) -> int:
    """Classifies files and returns the exit code.

    Args:
        files: sound or video files
        model: a model's name or folder
        audio_stream: audio track, from 0; None for the default track
        as_json: whether to print JSON instead of a table

    Raises:
        BundleError: if the model cannot be used
    """
    classifier = load_model(model)
    results = []
    failed = False
    for path in files:
        try:
            prediction = classify(
                path,
                model=classifier,
                audio_stream=audio_stream,
                on_warning=partial(complain, "warning"),
            )
        except SubemoError as error:
            complain("error", str(error))
            failed = True
            continue
        results.append((path, prediction))
    if as_json:
        click.echo(
            json.dumps([_as_json(path, prediction) for path, prediction in results], indent=2)
        )
    elif results:
        click.echo(prediction_table(results))
    return EXIT_FAILURE if failed else 0


def _as_json(path: Path, prediction: Prediction | None) -> dict[str, Any]:
    if prediction is None:
        return {"file": str(path), "emotion": None, "reason": "too little sound"}
    return {
        "file": str(path),
        "emotion": prediction.emotion.value,
        "confidence": round(prediction.confidence, 6),
        "probabilities": prediction.by_emotion(),
    }
