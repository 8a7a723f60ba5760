"""`subemo reproduce`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from ...research.training.registry import RECIPES
from ..command import Options, command, flag, option
from ..terminal import progress
from .train import BATCH_SIZE, CORPORA, EPOCHS, SEED, WORK

_CORPORA = tuple(RECIPES["report-crnn"].corpora)


class _ReproduceOptions(Options):
    corpora: Mapping[str, Path] = CORPORA()
    output: Path = option(
        "Folder of report.md, its pictures and the saved trainings.",
        "-o",
        metavar="DIR",
        default=Path("docs"),
    )
    work: Path = WORK(default=Path("runs/reproduce"))
    epochs: int = EPOCHS("Minimum number of epochs.", default=50, show_default=True)
    batch_size: int = BATCH_SIZE(default=64, show_default=True)
    seed: int = SEED()
    most_epochs: int = option(
        "Maximum number of epochs, while the training loss falls.", low=0, default=150
    )
    rows: tuple[str, ...] = option(
        "Train only this row, such as cnn-1 or crnn-gru; may be repeated. Commands "
        "for different rows may run in parallel.",
        "--row",
        metavar="NAME",
    )
    status: bool = flag("Train nothing; print what is done.")
    document: bool = flag("Train nothing; write report.md from what is done.")

    @property
    def only_shows(self) -> bool:
        """Whether nothing is trained."""
        return self.status or self.document


@command()
def reproduce(options: _ReproduceOptions) -> None:
    """Train the models of the 2024 report (Davies and Chen).

    They are trained under its protocol and with held-out speakers: some fifty
    trainings, hours on two cores. Each is saved when it is done; run the same
    command again to resume.
    """
    from ...research import report

    if not options.only_shows and set(options.corpora) != set(_CORPORA):
        names = ", ".join(f"--{name} DIR" for name in _CORPORA)
        raise click.UsageError(
            f"Give the folder of every corpus that these models train on: {names}."
        )
    for row in options.rows:
        if row not in report.TRAINED:
            raise click.UsageError(
                f"Unknown row {row!r}; choose from: {', '.join(report.TRAINED)}."
            )
    runs = options.output / "report" / "runs"
    if not options.only_shows:
        _train(options, runs)
    done = report.read_results(runs)
    if not options.status:
        report.write(options.output, done)
        report.write_details(options.output / "report", done)
    click.echo(report.table(done))


def _train(options: _ReproduceOptions, runs: Path) -> None:
    """Trains the remaining models and rewrites the document after each."""
    from ...research import report
    from ...research.training.clip_training import ClipRecipe

    recipe = ClipRecipe(
        epochs=options.epochs,
        most_epochs=options.most_epochs,
        batch_size=options.batch_size,
        seed=options.seed,
    )
    with progress(notes=True) as on_step:
        for _ in report.reproduce(
            options.corpora,
            results=runs,
            work=options.work,
            recipe=recipe,
            on_step=on_step,
            rows=options.rows or report.TRAINED,
        ):
            report.write(options.output, report.read_results(runs))
