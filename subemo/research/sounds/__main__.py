"""``python -m subemo.research.sounds``: train what hears vocal sounds and effort, and judge it."""

from __future__ import annotations

from pathlib import Path

import click

from ...core.errors import SubemoError
from ...model import DEFAULT_MODEL
from .making import make


@click.command()
@click.argument("data", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--work",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="What is heard of clips; the same folder again goes on from there.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where the folder of weights is written; without it figures alone are printed.",
)
@click.option(
    "--peer",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder with YAMNet in it, to be judged on the same clips.",
)
@click.option(
    "--model", default=DEFAULT_MODEL, show_default=True, help="Whose encoder is listened to."
)
def main(data: Path, work: Path, out: Path | None, peer: Path | None, model: str) -> None:
    """Train on DATA (nonverbal/, backgrounds/, and the corpora of speech), and judge by folds."""
    try:
        make(data, work=work, out=out, peer=peer, model=model, tell=click.echo)
    except SubemoError as error:
        raise click.ClickException(str(error)) from error


if __name__ == "__main__":
    main()
