"""Runs `subemo crossval`."""

from __future__ import annotations

import click

from ....api import load_model
from ....features import DEFAULT_FRAMES, FrameFeatures, WhisperFrames
from ....features.encoder_graph import ComputeType
from ....features.whisper import layers_of
from ....research.films.folds import FoldOptions
from ....research.films.protocol import evaluate_folds
from ....research.training.crossval import PROTOCOLS, figures
from ....research.training.frame_training import FrameRecipe
from ....research.training.subemo_crnn import cross_validate_default
from ....research.training.training_data import build_training_data, read_data
from ...terminal import progress
from ..film_options import FILMS, FilmOptions
from ..option_groups import CrossvalOptions
from .films import chosen_variants, ordered_films, show_films


def cross_validate_clips(options: CrossvalOptions) -> None:
    """Cross-validates on clips and prints the figures.

    Raises:
        click.UsageError: if a protocol is unknown or a setting is invalid
        SubemoError: or a subclass, with a message for the user
    """
    unknown = [name for name in options.protocols if name not in PROTOCOLS]
    if FILMS in unknown:
        raise click.UsageError(f"--protocol {FILMS} cannot be combined with other protocols.")
    if unknown:
        raise click.UsageError(
            f"Unknown protocol {unknown[0]!r}; choose from: {', '.join((*PROTOCOLS, FILMS))}."
        )
    features, recipe = _recipe(options)
    chosen = options.protocols or tuple(name for name, one in PROTOCOLS.items() if one.reported)
    with progress(notes=True) as on_step:
        training_data = build_training_data(
            read_data(options.data),
            features=features,
            work=options.work,
            on_step=on_step,
        )
        answers = cross_validate_default(
            training_data, protocols=chosen, recipe=recipe, work=options.work, on_step=on_step
        )
    for figure in figures(answers):
        click.echo(str(figure))


def cross_validate_films(options: CrossvalOptions, films: FilmOptions) -> None:
    """Cross-validates on films and prints the figures.

    Raises:
        click.UsageError: if a setting is invalid
        SubemoError: or a subclass, with a message for the user
    """
    features, recipe = _recipe(options)
    order = ordered_films(films, options.data, seed=options.film_seed)
    with progress(notes=True) as on_step:
        results = evaluate_folds(
            order,
            load_model(options.model),
            variants=chosen_variants(films),
            work=options.work,
            out=options.output,
            options=FoldOptions(recipe, features),
            on_step=on_step,
        )
    show_films(results, options.output or options.work)


def _recipe(options: CrossvalOptions) -> tuple[FrameFeatures, FrameRecipe]:
    """The features and the recipe."""
    pairs = dict(setting.partition("=")[::2] for setting in options.settings)
    try:
        features = _features(options, pairs.pop("layers", None), pairs.pop("compute_type", None))
        recipe = FrameRecipe().of_features(features).with_settings(pairs)
    except ValueError as error:
        raise click.UsageError(f"--set: {error}.") from error
    recipe = recipe.changed(epochs=options.epochs, batch_size=options.batch_size, seed=options.seed)
    return features, recipe


def _features(
    options: CrossvalOptions, layers: str | None, compute_type: str | None
) -> FrameFeatures:
    """The default frames, or those of one encoder if an option names anything of it."""
    if options.encoder is None and layers is None and compute_type is None:
        return DEFAULT_FRAMES
    return WhisperFrames.of_encoder(
        options.encoder,
        layers=None if layers is None else layers_of(layers),
        compute_type=None if compute_type is None else ComputeType(compute_type),
    )
