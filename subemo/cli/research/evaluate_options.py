"""The options of `subemo evaluate`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click

from ..options import (
    PATH,
    audio_stream_option,
    debug_option,
    ignore_option,
    layout_option,
    model_option,
    with_options,
)
from .film_options import FILMS, GROUP, NAMES, film_options

#: What `--protocol` calls the other two.
TRAILER, VOICELESS = "trailer", "voiceless"

_Command = Callable[..., object]

#: What is of the film protocol alone, and what that protocol does not know.
FILMS_ALONE = (*NAMES, "--seed", "--work")
CLIPS_ALONE = (
    "--labels", "--corpus", "--ignore", "--compare", "--versions", "--adapt", "--all-classes",
    "--cache", "--skip-broken", "--fail-under", "--audio-stream",
)  # fmt: skip
#: How the help groups them.
GROUPS = {
    "What is measured": (
        "--model", "--compare", "--protocol", "--output", "--overwrite", "--fail-under", "--help",
    ),
    "Clips": (
        "--labels", "--corpus", "--ignore", "--versions", "--adapt", "--all-classes", "--cache",
        "--skip-broken", "--audio-stream",
    ),
    GROUP: FILMS_ALONE,
}  # fmt: skip


class _Threshold(click.ParamType[tuple[str, float]]):
    """``METRIC=VALUE``, for example ``uar=0.3``."""

    name = "metric=value"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, float]:
        """The metric's name and the least value of it."""
        from ...research.evaluation.metrics import HIGHER_IS_BETTER

        metric, _, text = str(value).partition("=")
        try:
            number = float(text)
        except ValueError:
            number = -1.0
        if metric not in HIGHER_IS_BETTER or not 0 <= number <= 1:
            names = ", ".join(HIGHER_IS_BETTER)
            self.fail(f"{value!r} is not METRIC=VALUE, with one of {names} and 0 to 1.", param, ctx)
        return metric, number


@dataclass(frozen=True)
class EvaluateOptions:
    """What a user says of an evaluation, but for its films.

    Attributes:
        clips: a folder or table of clips, a film, a folder of backgrounds, or a data folder
        labels: of the stretches of a film
        layout: of the clips
        ignore: labels that are left out
        model: a model's name or folder
        compare: two models instead
        versions: of each clip
        adapt: what is standardised with
        all_classes: whether classes without clips are scored
        protocol: another one than plain clips
        output: where numbers and pictures go
        overwrite: whether an evaluation there is replaced
        cache: where features are cached
        skip_broken: whether clips that cannot be classified are no failure
        thresholds: figures that must be reached
        audio_stream: which sound track of a film
        seed: of films
        work: where films are cached
    """

    clips: Path
    labels: Path | None
    layout: str | None
    ignore: tuple[str, ...]
    model: str
    compare: tuple[str, str] | None
    versions: str | None
    adapt: str | None
    all_classes: bool
    protocol: str | None
    output: Path | None
    overwrite: bool
    cache: Path | None
    skip_broken: bool
    thresholds: tuple[tuple[str, float], ...]
    audio_stream: int | None
    seed: int
    work: Path


_OPTIONS: tuple[Callable[[_Command], _Command], ...] = (
    click.argument("clips", type=PATH),
    click.option(
        "--labels", type=PATH, metavar="CSV", help="CLIPS is a film, with these stretches."
    ),
    layout_option,
    ignore_option,
    model_option,
    click.option("--compare", nargs=2, metavar="A B", help="Two models on the same clips."),
    click.option(
        "--versions",
        type=click.Choice(["1", "4"]),
        help="4 adds the augmentations of the 2024 report (Davies and Chen).",
    ),
    click.option(
        "--adapt",
        type=click.Choice(["none", "set", "film"]),
        help="Standardise on the clips themselves.  [default: as the model says]",
    ),
    click.option("--all-classes", is_flag=True, help="Score classes without clips, too."),
    click.option(
        "--protocol",
        type=click.Choice([TRAILER, VOICELESS, FILMS]),
        help="The final test of the 2024 report; CLIPS is a folder of backgrounds, without a voice; or "
        "films are made of CLIPS, a folder with the corpora, backgrounds and text/meld in it.",
    ),
    click.option("-o", "--output", type=PATH, metavar="DIR", help="Where numbers and pictures go."),
    click.option("--overwrite", is_flag=True, help="Replace an evaluation that is there."),
    click.option("--cache", type=PATH, metavar="DIR", help="Keep features here, for another time."),
    click.option(
        "--skip-broken", is_flag=True, help="Clips that cannot be classified are no failure."
    ),
    click.option(
        "--fail-under",
        "thresholds",
        type=_Threshold(),
        multiple=True,
        metavar="METRIC=VALUE",
        help="Exit with 1 where a figure is lower.",
    ),
    audio_stream_option,
    film_options,
    click.option(
        "--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Of the films."
    ),
    click.option(
        "--work",
        type=PATH,
        metavar="DIR",
        default=Path("runs/films"),
        show_default=True,
        help="Where films are cached, for a later run, too.",
    ),
    debug_option,
)


def evaluation_options(command: _Command) -> _Command:
    """All options and the argument of `subemo evaluate`, as `EvaluateOptions` and `FilmOptions` hold them."""
    return with_options(command, *_OPTIONS)
