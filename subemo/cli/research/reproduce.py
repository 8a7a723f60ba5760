"""`subemo reproduce`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from ..options import (
    debug_option,
    output_folder_option,
    ravdess_option,
    savee_option,
    training_options,
)


@dataclass(frozen=True)
class ReproduceOptions:
    """What a user says.

    Attributes:
        ravdess: the folder of RAVDESS
        savee: the folder of SAVEE
        output: where the document goes
        work: where finished trainings are saved
        epochs: at least so many
        batch_size: rows a step
        seed: of everything
        most_epochs: at most so many
        rows: of Appendix 10; none for all
        status: whether what is done is shown alone
        document: whether the document is written alone
    """

    ravdess: Path | None
    savee: Path | None
    output: Path
    work: Path
    epochs: int
    batch_size: int
    seed: int
    most_epochs: int
    rows: tuple[str, ...]
    status: bool
    document: bool

    @property
    def only_shows(self) -> bool:
        """Whether nothing is trained."""
        return self.status or self.document

    @property
    def roots(self) -> dict[str, Path]:
        """The folders of the corpora, by name."""
        pairs = (("ravdess", self.ravdess), ("savee", self.savee))
        return {name: root for name, root in pairs if root is not None}


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
def reproduce(**given: Any) -> None:
    """Train every model of the 2024 report (Davies and Chen), under its protocol and with speakers held out.

    Some fifty trainings, hours on two cores; each is saved when it is done,
    and the same command goes on from there.
    """
    options = ReproduceOptions(**given)
    if not (options.only_shows or (options.ravdess and options.savee)):
        raise click.UsageError("These models learn from two corpora: give --ravdess and --savee.")
    from ...research.report import document, results

    for row in options.rows:
        if row not in results.TRAINED:
            raise click.UsageError(
                f"There is no row {row!r}; there are {', '.join(results.TRAINED)}."
            )
    runs = options.output / "report" / "runs"
    if not options.only_shows:
        _train(options, runs)
    done = results.read_results(runs)
    if not options.status:
        document.write(options.output, done)
        document.write_details(options.output / "report", done)
    click.echo(document.table(done))


def _train(options: ReproduceOptions, runs: Path) -> None:
    """Makes what is not done yet; the document is written anew after each training."""
    from ...research.report import document, results
    from ...research.training.clip_training import Recipe
    from ..terminal import progress

    recipe = Recipe(
        epochs=options.epochs,
        most_epochs=options.most_epochs,
        batch_size=options.batch_size,
        seed=options.seed,
    )
    with progress(notes=True) as on_step:
        for _ in results.reproduce(
            options.roots,
            results=runs,
            work=options.work,
            recipe=recipe,
            on_step=on_step,
            rows=options.rows or results.TRAINED,
        ):
            document.write(options.output, results.read_results(runs))
