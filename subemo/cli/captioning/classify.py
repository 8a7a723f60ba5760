"""`subemo classify`."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from ...core.errors import SubemoError
from ..command import Options, argument, command, option
from ..options import AUDIO_STREAM, MODEL
from ..terminal import complain, prediction_table

if TYPE_CHECKING:
    from ...core.emotions import Prediction


class _ClassifyOptions(Options):
    files: tuple[Path, ...] = argument(metavar="FILE...")
    model: str = MODEL()
    audio_stream: int | None = AUDIO_STREAM()
    form: Literal["table", "json"] = option("Output format.", "--format", default="table")


@command()
def classify(options: _ClassifyOptions) -> int:
    """Classify the emotion of the voice in sound or video FILES."""
    from ...media import probe_ahead

    probe_ahead(options.files[0])
    from ...api import classify, load_model

    classifier = load_model(options.model)
    warn = partial(complain, "warning")
    results = []
    for path in options.files:
        try:
            stream = options.audio_stream
            found = classify(path, model=classifier, audio_stream=stream, on_warning=warn)
        except SubemoError as error:
            complain("error", str(error))
            continue
        results.append((path, found))
    if options.form == "json":
        click.echo(json.dumps([_as_json(path, found) for path, found in results], indent=2))
    elif results:
        click.echo(prediction_table(results))
    return int(len(results) < len(options.files))


def _as_json(path: Path, prediction: Prediction | None) -> dict[str, Any]:
    if prediction is None:
        return {"file": str(path), "emotion": None, "reason": "too little sound"}
    return {
        "file": str(path),
        "emotion": prediction.emotion.value,
        "confidence": round(prediction.confidence, 6),
        "probabilities": prediction.by_emotion(),
    }
