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

#: The names of the other two protocols.
TRAILER, VOICELESS = "trailer", "voiceless"

_Command = Callable[..., object]

#: The options of the film protocol only, and those that it does not take.
FILMS_ALONE = (*NAMES, "--seed", "--work")
CLIPS_ALONE = (
    "--labels", "--corpus", "--ignore", "--compare", "--versions", "--adapt", "--all-classes",
    "--cache", "--skip-broken", "--fail-under", "--audio-stream",
)  # fmt: skip
#: The groups of options in the help.
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
        """The metric's name and its minimum."""
        from ...research.evaluation.metrics import HIGHER_IS_BETTER

        metric, _, text = str(value).partition("=")
        try:
            number = float(text)
        except ValueError:
            number = -1.0
        if metric not in HIGHER_IS_BETTER or not 0 <= number <= 1:
            names = ", ".join(HIGHER_IS_BETTER)
            self.fail(
                f"{value!r} is not METRIC=VALUE; METRIC is one of {names}, VALUE 0 to 1.",
                param,
                ctx,
            )
        return metric, number


@dataclass(frozen=True)
class EvaluateOptions:
    """The options of an evaluation, except those of its films.

    Attributes:
        clips: a folder or table of clips, a film, a folder of backgrounds, or a data folder
        labels: a table of labelled segments of a film, or None
        layout: of the clips; None to detect it
        ignore: labels to leave out
        model: a model's name or folder
        compare: two models to compare, or None
        versions: number of versions of each clip
        adapt: what features are standardised on; None for the model's setting
        all_classes: whether classes without clips are scored
        protocol: a protocol other than plain clips, or None
        output: folder of numbers and pictures, or None
        overwrite: whether an existing evaluation is replaced
        cache: folder of cached features, or None
        skip_broken: whether to ignore clips that cannot be classified
        thresholds: minimum values of metrics
        audio_stream: audio track of a film, from 0; None for the default track
        seed: random seed of films
        work: folder of cached films
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
        "--labels", type=PATH, metavar="CSV", help="CLIPS is a film with these labelled segments."
    ),
    layout_option,
    ignore_option,
    model_option,
    click.option("--compare", nargs=2, metavar="A B", help="Compare two models on the same clips."),
    click.option(
        "--versions",
        type=click.Choice(["1", "4"]),
        help="Number of versions of each clip: 1 is the clip itself, 4 adds the augmentations of the 2024 report.  "
        "[default: 4 with --protocol trailer, else 1]",
    ),
    click.option(
        "--adapt",
        type=click.Choice(["none", "set", "film"]),
        help="Standardise features on the clips (set), the clips shrunk towards the training data "
        "(film), or the training data (none).  "
        "[default: the model's setting]",
    ),
    click.option(
        "--all-classes", is_flag=True, help="Also count emotions as answers that no clip has."
    ),
    click.option(
        "--protocol",
        type=click.Choice([TRAILER, VOICELESS, FILMS]),
        help="trailer: the final test of the 2024 report. voiceless: CLIPS is a folder of "
        "backgrounds without voices. films: CLIPS is a folder with the corpora, backgrounds and text/meld.",
    ),
    click.option(
        "-o", "--output", type=PATH, metavar="DIR", help="Folder for numbers and pictures."
    ),
    click.option("--overwrite", is_flag=True, help="Replace an existing evaluation."),
    click.option("--cache", type=PATH, metavar="DIR", help="Cache features in this folder."),
    click.option(
        "--skip-broken", is_flag=True, help="Do not fail on clips that cannot be classified."
    ),
    click.option(
        "--fail-under",
        "thresholds",
        type=_Threshold(),
        multiple=True,
        metavar="METRIC=VALUE",
        help="Exit with 1 if the metric is below this; may be repeated.",
    ),
    audio_stream_option,
    film_options,
    click.option(
        "--seed",
        type=click.IntRange(min=0),
        default=0,
        show_default=True,
        help="Random seed of the films.",
    ),
    click.option(
        "--work",
        type=PATH,
        metavar="DIR",
        default=Path("runs/films"),
        show_default=True,
        help="Folder for cached films.",
    ),
    debug_option,
)


def evaluation_options(command: _Command) -> _Command:
    """Adds the argument and options of `subemo evaluate`: `EvaluateOptions` and `FilmOptions`."""
    return with_options(command, *_OPTIONS)
