"""`subemo classify`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ...core.errors import SubemoError
from ..options import EXIT_FAILURE, PATH, audio_stream_option, complain, debug_option, model_option

if TYPE_CHECKING:
    from ...core.prediction import Prediction


@click.command()
@click.argument("files", type=PATH, nargs=-1, required=True, metavar="FILE...")
@model_option
@audio_stream_option
@click.option(
    "--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True
)
@debug_option
def classify(files: tuple[Path, ...], model: str, audio_stream: int | None, form: str) -> int:
    """Say how the voice sounds in whole sound or video FILES, a voice message for example."""
    from ...api import classify as classify_file
    from ...api import load_model
    from ..terminal import prediction_table

    classifier = load_model(model)
    results = []
    failed = False
    for path in files:
        try:
            prediction = classify_file(
                path,
                model=classifier,
                audio_stream=audio_stream,
                on_warning=lambda text: complain("warning", text),
            )
        except SubemoError as error:
            complain("error", str(error))
            failed = True
            continue
        results.append((path, prediction))
    if form == "json":
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
