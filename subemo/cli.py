"""The command line: options in, library calls, results and errors out."""

from __future__ import annotations

import json
import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from . import __version__
from .errors import SubemoError

if TYPE_CHECKING:
    from .annotation import Annotation

PATH = click.Path(path_type=Path)

EXIT_FAILURE = 1
EXIT_INTERRUPTED = 130


@dataclass
class _State:
    """What every command needs to know of the call."""

    debug: bool = False


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line.

    Args:
        arguments: without the program's name; None for the process's own

    Returns:
        the exit code: 0, 1 for a failure, 2 for wrong usage, 130 for Ctrl-C
    """
    state = _State()
    try:
        code = cli.main(arguments, prog_name="subemo", standalone_mode=False, obj=state)
        return code if isinstance(code, int) else 0
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        click.echo("subemo: interrupted; nothing was written", err=True)
        return EXIT_INTERRUPTED
    except SubemoError as error:
        if state.debug:
            traceback.print_exc()
        click.echo(f"subemo: error: {_plain(str(error))}", err=True)
        return EXIT_FAILURE
    except Exception as error:
        if state.debug:
            traceback.print_exc()
        click.echo(
            f"subemo: internal error: {type(error).__name__}: {_plain(str(error))}. "
            "Please report it, with what --debug prints.",
            err=True,
        )
        return EXIT_FAILURE


def _set_debug(context: click.Context, _: click.Parameter, value: bool) -> None:
    if value:
        context.find_root().obj.debug = True


debug_option = click.option(
    "--debug",
    is_flag=True,
    expose_value=False,
    callback=_set_debug,
    help="Show where in the program an error arose.",
)
model_option = click.option(
    "--model",
    metavar="NAME|DIR",
    default="report-crnn",
    show_default=True,
    help="A model that comes with subemo, or the folder of one.",
)
audio_stream_option = click.option(
    "--audio-stream",
    type=click.IntRange(min=0),
    metavar="N",
    help="Which sound track, from 0.  [default: the one that ffmpeg would play]",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="subemo")
@debug_option
def cli() -> None:
    """Adds the emotion of the voice to a film's subtitles."""


@cli.command()
@click.argument("video", type=PATH)
@click.argument("subs", type=PATH, required=False)
@click.option("-o", "--output", type=PATH, help="Where to write.  [default: SUBS with .emo]")
@click.option(
    "--format", "form", type=click.Choice(["srt", "json"]), default="srt", show_default=True
)
@model_option
@click.option(
    "--min-confidence",
    type=click.FloatRange(0, 1),
    metavar="P",
    default=0.5,
    show_default=True,
    help="Show a tag from this probability on.",
)
@click.option("--all", "every", is_flag=True, help="Tag every cue with enough sound, however sure.")
@audio_stream_option
@click.option("--encoding", metavar="NAME", help="Of SUBS.  [default: found out]")
@click.option(
    "--silence-threshold",
    type=float,
    metavar="DBFS",
    help="Without SUBS: what is this quiet is silence.  [default: found from the film]",
)
@click.option(
    "--min-silence",
    type=click.IntRange(min=10),
    metavar="MS",
    default=500,
    show_default=True,
    help="Without SUBS: shorter pauses do not cut.",
)
@click.option(
    "--padding",
    type=click.IntRange(min=0),
    metavar="MS",
    default=100,
    show_default=True,
    help="Without SUBS: kept around each sound.",
)
@click.option("--overwrite", is_flag=True, help="Replace the output if it exists.")
@click.option("-v", "--verbose", is_flag=True, help="List every cue, its tag, or why it has none.")
@debug_option
def annotate(
    video: Path,
    subs: Path | None,
    output: Path | None,
    form: str,
    model: str,
    min_confidence: float,
    every: bool,
    audio_stream: int | None,
    encoding: str | None,
    silence_threshold: float | None,
    min_silence: int,
    padding: int,
    overwrite: bool,
    verbose: bool,
) -> None:
    """Tag the subtitles SUBS of the film VIDEO with the emotion of the voice.

    Without SUBS the film is cut where it is silent, and the new subtitles hold
    the tags alone.
    """
    from .files import check_writable
    from .terminal import progress

    started = time.perf_counter()
    target = output or _beside(subs or video, form)
    check_writable(target, inputs=[video, *([subs] if subs else [])], overwrite=overwrite)

    from .align import SilencePolicy
    from .captions.policy import TagPolicy
    from .pipeline import annotate as annotate_film

    with progress() as on_step:
        annotation = annotate_film(
            video,
            subs,
            model=model,
            policy=TagPolicy(min_confidence=min_confidence, every=every),
            silence=SilencePolicy(silence_threshold, min_silence, padding),
            audio_stream=audio_stream,
            encoding=encoding,
            on_step=on_step,
        )
    annotation.save(target, form, overwrite=overwrite)
    for warning in annotation.warnings:
        click.echo(f"subemo: warning: {_plain(warning)}", err=True)
    _show(annotation, target, time.perf_counter() - started, verbose=verbose)


def _beside(source: Path, form: str) -> Path:
    """Where the output goes when the user does not say: ``film.srt`` → ``film.emo.srt``."""
    from .captions import FORMATS

    return source.with_name(f"{source.stem}.emo{FORMATS[form].suffix}")


def _show(annotation: Annotation, target: Path, seconds: float, *, verbose: bool) -> None:
    from .terminal import cue_lines, summary

    if verbose:
        for line in cue_lines(annotation):
            click.echo(line)
        click.echo()
    click.echo(summary(annotation, seconds))
    click.echo(f"Written: {target}")


@cli.command()
@click.argument("files", type=PATH, nargs=-1, required=True, metavar="FILE...")
@model_option
@audio_stream_option
@click.option(
    "--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True
)
@debug_option
def classify(files: tuple[Path, ...], model: str, audio_stream: int | None, form: str) -> int:
    """Say how the voice sounds in whole sound or video FILES, a voice message for example."""
    from .pipeline import classify as classify_file
    from .pipeline import load_classifier
    from .terminal import prediction_table

    classifier = load_classifier(model)
    results = []
    failed = False
    for path in files:
        try:
            prediction = classify_file(
                path,
                model=classifier,
                audio_stream=audio_stream,
                on_warning=lambda text: click.echo(f"subemo: warning: {_plain(text)}", err=True),
            )
        except SubemoError as error:
            click.echo(f"subemo: error: {_plain(str(error))}", err=True)
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


def _as_json(path: Path, prediction: Any) -> dict[str, Any]:
    from .emotions import EMOTIONS

    if prediction is None:
        return {"file": str(path), "emotion": None, "reason": "too little sound"}
    return {
        "file": str(path),
        "emotion": prediction.emotion.value,
        "confidence": round(prediction.confidence, 6),
        "probabilities": {
            emotion.value: round(probability, 6)
            for emotion, probability in zip(EMOTIONS, prediction.probabilities, strict=True)
        },
    }


@cli.command()
@click.option("--ravdess", type=PATH, metavar="DIR", help="RAVDESS, its speech files.")
@click.option("--savee", type=PATH, metavar="DIR", help="SAVEE, in either of its layouts.")
@click.option(
    "-o",
    "--output",
    type=PATH,
    metavar="DIR",
    default=Path("report-crnn"),
    show_default=True,
    help="Folder of the trained model.",
)
@click.option(
    "--work",
    type=PATH,
    metavar="DIR",
    default=Path("runs/report-crnn"),
    show_default=True,
    help="Features and checkpoints; the same folder again goes on from there.",
)
@click.option("--epochs", type=click.IntRange(min=1), default=50, show_default=True)
@click.option("--batch-size", type=click.IntRange(min=1), default=64, show_default=True)
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True)
@click.option(
    "--held-out/--no-held-out",
    default=True,
    show_default=True,
    help="Measure on speakers not heard, too (four more trainings).",
)
@click.option("--overwrite", is_flag=True, help="Replace the model if it exists.")
@debug_option
def train(
    ravdess: Path | None,
    savee: Path | None,
    output: Path,
    work: Path,
    epochs: int,
    batch_size: int,
    seed: int,
    held_out: bool,
    overwrite: bool,
) -> None:
    """Train the report's CRNN from the official corpora, and measure it."""
    roots = {name: root for name, root in (("ravdess", ravdess), ("savee", savee)) if root}
    if not roots:
        raise click.UsageError("Give at least one corpus: --ravdess DIR, --savee DIR.")
    from .model.bundle import check_new_bundle

    check_new_bundle(output, overwrite=overwrite)

    from .model.reproduction import train_report
    from .model.training import Recipe
    from .terminal import progress

    with progress(notes=True) as on_step:
        figures = train_report(
            roots,
            out=output,
            work=work,
            recipe=Recipe(epochs=epochs, batch_size=batch_size, seed=seed),
            held_out=held_out,
            on_step=on_step,
        )
    for figure in figures:
        click.echo(str(figure))
    click.echo(f"Written: {output}")


def _plain(text: str) -> str:
    """*text* without what could steer a terminal."""
    from .terminal import plain

    return plain(text)
