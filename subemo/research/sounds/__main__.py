"""``python -m subemo.research.sounds``: train and evaluate the detection of vocal sounds and effort."""

from __future__ import annotations

from pathlib import Path

import click

from ...core.errors import SubemoError
from ...model import DEFAULT_MODEL
from .making import make, measure_gaps


@click.command()
@click.argument("data", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--work",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for cached features; a later run with the same folder resumes.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Parent folder for the weights.  [default: only print the figures]",
)
@click.option(
    "--model", default=DEFAULT_MODEL, show_default=True, help="Model whose encoder is used."
)
@click.option("--gaps", is_flag=True, help="Evaluate sound cues in gaps only; train nothing.")
def main(data: Path, work: Path, out: Path | None, model: str, *, gaps: bool) -> None:
    """Train on DATA (nonverbal/, backgrounds/ and the speech corpora) and evaluate by folds."""
    try:
        if gaps:
            measure_gaps(data, work=work, model=model, tell=click.echo)
            return
        make(data, work=work, out=out, model=model, tell=click.echo)
    except SubemoError as error:
        raise click.ClickException(str(error)) from error


if __name__ == "__main__":
    main()
