"""`subemo reproduce`."""

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
    default=Path("docs"),
    show_default=True,
    help="Folder of report.md, its pictures and what is done so far.",
)
@click.option(
    "--work",
    type=PATH,
    metavar="DIR",
    default=Path("runs/reproduce"),
    show_default=True,
    help="Features and checkpoints.",
)
@click.option(
    "--epochs", type=click.IntRange(min=1), default=50, show_default=True, help="At least."
)
@click.option(
    "--most-epochs",
    type=click.IntRange(min=0),
    default=150,
    show_default=True,
    help="Go on so far while the training loss falls.",
)
@click.option("--batch-size", type=click.IntRange(min=1), default=64, show_default=True)
@click.option("--status", is_flag=True, help="Train nothing; show what is done.")
@click.option("--document", is_flag=True, help="Train nothing; write report.md of what is done.")
@debug_option
def reproduce(
    ravdess: Path | None,
    savee: Path | None,
    output: Path,
    work: Path,
    epochs: int,
    most_epochs: int,
    batch_size: int,
    status: bool,
    document: bool,
) -> None:
    """Train every model of the report, under its protocol and with speakers held out.

    Forty-two trainings, some hours on two cores; each is kept when it is done,
    and the same command goes on from there.
    """
    if not (status or document or (ravdess and savee)):
        raise click.UsageError("The report trains on two corpora: give --ravdess and --savee.")
    from ..model import appendix, report_document
    from ..terminal import progress

    results = output / "report" / "runs"
    if ravdess and savee and not (status or document):
        from ..model.training import Recipe

        with progress(notes=True) as on_step:
            for _ in appendix.reproduce(
                {"ravdess": ravdess, "savee": savee},
                results=results,
                work=work,
                recipe=Recipe(epochs=epochs, most_epochs=most_epochs, batch_size=batch_size),
                on_step=on_step,
            ):
                report_document.write(output, appendix.read_results(results))
    if not status:
        report_document.write(output, appendix.read_results(results))
        report_document.write_details(output / "report", appendix.read_results(results))
    click.echo(report_document.table(appendix.read_results(results)))
