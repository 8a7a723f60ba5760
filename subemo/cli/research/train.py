"""`subemo train`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..options import (
    data_option,
    debug_option,
    encoder_option,
    output_folder_option,
    ravdess_option,
    savee_option,
    training_options,
)

if TYPE_CHECKING:
    from ...core.progress import OnStep
    from ...research.evaluation.figures import Figure

#: Of the report's recipe.
_EPOCHS, _BATCH_SIZE = 50, 64


@click.command()
@click.option(
    "--recipe",
    type=click.Choice(["report", "default"]),
    default="report",
    show_default=True,
    help="The report's CRNN, or subemo's own.",
)
@ravdess_option
@savee_option
@data_option
@encoder_option
@output_folder_option(None, "Folder of the trained model.  [default: the recipe's name]")
@training_options(work=None, epochs=None, batch_size=None)
@click.option(
    "--held-out/--no-held-out",
    default=True,
    show_default=True,
    help="Measure on speakers not heard, too (the report's recipe; four more trainings).",
)
@click.option("--overwrite", is_flag=True, help="Replace the model if it exists.")
@debug_option
def train(
    recipe: str,
    ravdess: Path | None,
    savee: Path | None,
    data: Path | None,
    encoder: Path | None,
    output: Path | None,
    work: Path | None,
    epochs: int | None,
    batch_size: int | None,
    seed: int,
    held_out: bool,
    overwrite: bool,
) -> None:
    """Train a model from the official corpora, and measure it.

    The report's recipe takes --ravdess and --savee; the default model's takes
    --data, and is not done before it is measured on every protocol.
    """
    roots = {name: root for name, root in (("ravdess", ravdess), ("savee", savee)) if root}
    if recipe == "report" and (not roots or data):
        raise click.UsageError("Give at least one corpus: --ravdess DIR, --savee DIR.")
    if recipe == "default" and (roots or data is None):
        raise click.UsageError("The default recipe takes all corpora together: --data DIR.")
    from ...model.bundle import check_new_bundle

    work = work or Path("runs") / recipe
    out = output or Path("report-crnn" if recipe == "report" else "subemo-crnn")
    check_new_bundle(out, overwrite=overwrite)

    from ..terminal import progress

    with progress(notes=True) as on_step:
        if data is None:
            figures = _train_report(
                roots, out, work, epochs, batch_size, seed, held_out=held_out, on_step=on_step
            )
        else:
            figures = _train_default(
                data, encoder, out, work, epochs, batch_size, seed, on_step=on_step
            )
    for figure in figures:
        click.echo(str(figure))
    click.echo(f"Written: {out}")


def _train_report(
    roots: dict[str, Path],
    out: Path,
    work: Path,
    epochs: int | None,
    batch_size: int | None,
    seed: int,
    *,
    held_out: bool,
    on_step: OnStep,
) -> list[Figure]:
    from ...research.training.clip_training import Recipe
    from ...research.training.report_crnn import train_report

    recipe = Recipe(epochs=epochs or _EPOCHS, batch_size=batch_size or _BATCH_SIZE, seed=seed)
    return train_report(
        roots, out=out, work=work, recipe=recipe, held_out=held_out, on_step=on_step
    )


def _train_default(
    data: Path,
    encoder: Path | None,
    out: Path,
    work: Path,
    epochs: int | None,
    batch_size: int | None,
    seed: int,
    *,
    on_step: OnStep,
) -> list[Figure]:
    from ...features import WhisperFrames
    from ...research.training.frame_training import FrameRecipe
    from ...research.training.subemo_crnn import read_data, train_default

    features = WhisperFrames.of_encoder(encoder)
    recipe = (
        FrameRecipe().of_features(features).changed(epochs=epochs, batch_size=batch_size, seed=seed)
    )
    return train_default(
        read_data(data),
        out=out,
        work=work,
        recipe=recipe,
        features=features,
        on_step=on_step,
    )
