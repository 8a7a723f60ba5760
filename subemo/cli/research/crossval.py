"""`subemo crossval`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..grouped import GroupedCommand
from ..options import (
    data_option,
    debug_option,
    encoder_option,
    model_option,
    output_folder_option,
    training_options,
)
from .film_options import FILMS, GROUP, NAMES, FilmOptions, film_options, refuse_options, show_films

if TYPE_CHECKING:
    from ...features import WhisperFrames
    from ...research.training.frame_training import FrameRecipe

_FILMS_ALONE = (*NAMES, "--film-seed", "--model", "--output")
_GROUPS = {
    "What is measured": ("--data", "--protocol", "--work", "--help"),
    "Recipe": ("--epochs", "--batch-size", "--seed", "--encoder", "--set"),
    GROUP: _FILMS_ALONE,
}


@dataclass(frozen=True)
class CrossvalOptions:
    """What a user says of a cross-validation.

    Attributes:
        data: the data folder
        protocols: their names; none for all that are reported
        work: where finished folds are cached
        epochs: None for the recipe's
        batch_size: None for the recipe's
        seed: of the training
        encoder: another encoder's folder
        settings: changes of the recipe, ``NAME=VALUE``
        model: the one that is evaluated on corpora that it was not trained on
        film_seed: of the films
        output: where answers to films and their figures go; None for *work*
    """

    data: Path
    protocols: tuple[str, ...]
    work: Path
    epochs: int | None
    batch_size: int | None
    seed: int
    encoder: Path | None
    settings: tuple[str, ...]
    model: str
    film_seed: int
    output: Path | None


@click.command(cls=GroupedCommand, groups=_GROUPS)
@data_option
@click.option(
    "--protocol",
    "protocols",
    multiple=True,
    metavar="NAME",
    help="One of them; again for more; `films` alone.  [default: all on clips that are reported]",
)
@training_options(work="runs/default", epochs=None, batch_size=None)
@encoder_option
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="NAME=VALUE",
    help="Change the recipe, for an ablation: sampling.mixup=0, network.sees=summary, layers=2+3, loud=0.",
)
@film_options
@click.option(
    "--film-seed", type=click.IntRange(min=0), default=0, show_default=True, help="Of the films."
)
@model_option
@output_folder_option(None, "Where answers and figures go.  [default: as --work]")
@debug_option
def crossval(data: Path | None, **given: Any) -> None:
    """Measure the default model's recipe on voices and corpora that are not in its training data.

    Each fold is saved when it is done, and the same command goes on from there.

    With --protocol films the folds are evaluated on films made of DATA; on corpora
    outside --model's training data that model itself is evaluated.
    """
    if data is None:
        raise click.UsageError("Say where the corpora are: --data DIR.")
    films = FilmOptions.taken_from(given)
    options = CrossvalOptions(data=data, **given)
    if options.protocols == (FILMS,):
        _cross_validate_films(options, films)
    else:
        refuse_options(_FILMS_ALONE, f"is for --protocol {FILMS} alone")
        _cross_validate_clips(options)


def _cross_validate_clips(options: CrossvalOptions) -> None:
    """The protocols on clips."""
    from ...research.training.crossval_figures import figures
    from ...research.training.protocols import PROTOCOLS
    from ...research.training.subemo_crnn import cross_validate_default
    from ...research.training.training_data import build_training_data, read_data
    from ..terminal import progress

    unknown = [name for name in options.protocols if name not in PROTOCOLS]
    if FILMS in unknown:
        raise click.UsageError(f"--protocol {FILMS} stands alone.")
    if unknown:
        raise click.UsageError(
            f"No protocol is called {unknown[0]!r}; there are: {', '.join((*PROTOCOLS, FILMS))}."
        )
    features, recipe, loud = _recipe(options)
    chosen = options.protocols or tuple(name for name, one in PROTOCOLS.items() if one.reported)
    with progress(notes=True) as on_step:
        training_data = build_training_data(
            read_data(options.data),
            features=features,
            work=options.work,
            loud=loud,
            on_step=on_step,
        )
        answers = cross_validate_default(
            training_data, protocols=chosen, recipe=recipe, work=options.work, on_step=on_step
        )
    for figure in figures(answers):
        click.echo(str(figure))


def _cross_validate_films(options: CrossvalOptions, films: FilmOptions) -> None:
    """The film protocol."""
    from ...api import load_model
    from ...research.films.folds import FoldOptions
    from ...research.films.protocol import evaluate_folds
    from ..terminal import progress

    features, recipe, loud = _recipe(options)
    if loud:
        raise click.UsageError(f"--set loud is not for --protocol {FILMS}.")
    protocol = films.protocol(options.data, seed=options.film_seed)
    with progress(notes=True) as on_step:
        results = evaluate_folds(
            protocol,
            load_model(options.model),
            work=options.work,
            out=options.output,
            options=FoldOptions(recipe, features),
            on_step=on_step,
        )
    show_films(results, options.output or options.work)


def _recipe(options: CrossvalOptions) -> tuple[WhisperFrames, FrameRecipe, int]:
    """The features, the recipe, and how many versions of a clip are before a loud background."""
    from ...features import WhisperFrames
    from ...features.whisper import layers_of
    from ...research.training.frame_training import FrameRecipe
    from ...research.training.training_data import LOUD

    pairs = dict(setting.partition("=")[::2] for setting in options.settings)
    try:
        layers = layers_of(pairs.pop("layers")) if "layers" in pairs else None
        loud = int(pairs.pop("loud", LOUD))
        features = WhisperFrames.of_encoder(options.encoder, layers=layers)
        recipe = FrameRecipe().of_features(features).with_settings(pairs)
    except ValueError as error:
        raise click.UsageError(f"--set: {error}.") from error
    recipe = recipe.changed(epochs=options.epochs, batch_size=options.batch_size, seed=options.seed)
    return features, recipe, loud
