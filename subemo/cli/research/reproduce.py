"""`subemo reproduce`."""

from __future__ import annotations

from pathlib import Path

import click

from ..options import (
    debug_option,
    output_folder_option,
    ravdess_option,
    savee_option,
    training_options,
)


@click.command()
@ravdess_option
@savee_option
@output_folder_option("docs", "Folder of report.md, its pictures and what is done so far.")
@training_options(work="runs/reproduce", epochs=50, batch_size=64, least="At least.")
@click.option(
    "--most-epochs",
    type=click.IntRange(min=0),
    default=150,
    show_default=True,
    help="Go on so far while the training loss falls.",
)
@click.option(
    "--row",
    "rows",
    multiple=True,
    metavar="NAME",
    help="Train this row alone, such as cnn-1 or crnn-gru; more than once for more. Two such "
    "commands for different rows may run side by side.",
)
@click.option("--status", is_flag=True, help="Train nothing; show what is done.")
@click.option("--document", is_flag=True, help="Train nothing; write report.md of what is done.")
@debug_option
def reproduce(
    ravdess: Path | None,
    savee: Path | None,
    output: Path,
    work: Path,
    epochs: int,
    batch_size: int,
    seed: int,
    most_epochs: int,
    rows: tuple[str, ...],
    status: bool,
    document: bool,
) -> None:
    """Train every model of the report, under its protocol and with speakers held out.

    Some fifty trainings, hours on two cores; each is kept when it is done,
    and the same command goes on from there.
    """
    if not (status or document or (ravdess and savee)):
        raise click.UsageError("The report trains on two corpora: give --ravdess and --savee.")
    from ...research.report import document as report_document
    from ...research.report import results as appendix
    from ..terminal import progress

    for row in rows:
        if row not in appendix.TRAINED:
            raise click.UsageError(
                f"There is no row {row!r}; there are {', '.join(appendix.TRAINED)}."
            )

    results = output / "report" / "runs"
    if ravdess and savee and not (status or document):
        from ...research.training.clip_training import Recipe

        with progress(notes=True) as on_step:
            for _ in appendix.reproduce(
                {"ravdess": ravdess, "savee": savee},
                results=results,
                work=work,
                recipe=Recipe(
                    epochs=epochs, most_epochs=most_epochs, batch_size=batch_size, seed=seed
                ),
                on_step=on_step,
                rows=rows or appendix.TRAINED,
            ):
                report_document.write(output, appendix.read_results(results))
    if not status:
        report_document.write(output, appendix.read_results(results))
        report_document.write_details(output / "report", appendix.read_results(results))
    click.echo(report_document.table(appendix.read_results(results)))
