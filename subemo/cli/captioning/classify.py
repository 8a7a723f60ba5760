"""`subemo classify`."""

from __future__ import annotations

from pathlib import Path

import click

from ..options import PATH, audio_stream_option, debug_option, model_option


@click.command()
@click.argument("files", type=PATH, nargs=-1, required=True, metavar="FILE...")
@model_option
@audio_stream_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="Output format.",
)
@debug_option
def classify(files: tuple[Path, ...], model: str, audio_stream: int | None, form: str) -> int:
    """Classify the emotion of the voice in sound or video FILES."""
    from .jobs.classify import run

    return run(files, model=model, audio_stream=audio_stream, as_json=form == "json")
