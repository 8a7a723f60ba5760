"""`subemo train`."""

from __future__ import annotations

from pathlib import Path

import click

from .options import PATH, debug_option, ravdess_option, savee_option


@click.command()
@ravdess_option
@savee_option
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
    from ..model.bundle import check_new_bundle

    check_new_bundle(output, overwrite=overwrite)

    from ..model.reproduction import train_report
    from ..model.training import Recipe
    from ..terminal import progress

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
