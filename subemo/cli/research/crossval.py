"""`subemo crossval`."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..command import Options, command, option
from ..options import MODEL
from ..terminal import progress
from .films import (
    FILM_GROUP,
    FILMS,
    MEASURED,
    OTHER,
    FilmProtocolOptions,
    refuse_options,
    run_on_films,
)
from .train import BATCH_SIZE, DATA, ENCODER, EPOCHS, SEED, WORK

if TYPE_CHECKING:
    from ...features import FrameFeatures
    from ...research.training.frame_training import FrameRecipe

RECIPE = "Recipe"


class _FilmOptions(Options, group=FILM_GROUP):
    film_seed: int = option("Random seed of the films.", low=0, default=0)
    model: str = MODEL()
    output: Path | None = option(
        "Folder for predictions and figures.  [default: same as --work]", "-o", metavar="DIR"
    )


class _CrossvalOptions(FilmProtocolOptions, _FilmOptions, group=RECIPE):
    data: Path | None = DATA(group=MEASURED)
    protocols: tuple[str, ...] = option(
        "Protocol to run; may be repeated, except films.  "
        "[default: all reported protocols on clips]",
        "--protocol",
        metavar="NAME",
        group=MEASURED,
    )
    work: Path = WORK(default=Path("runs/default"), group=MEASURED)
    epochs: int | None = EPOCHS("Number of epochs.")
    batch_size: int | None = BATCH_SIZE()
    seed: int = SEED()
    encoder: Path | None = ENCODER()
    settings: tuple[str, ...] = option(
        "Change the recipe for an ablation; may be repeated. Examples: sampling.mixup=0, "
        "network.sees=summary, layers=2+3, compute_type=int8.",
        "--set",
        metavar="NAME=VALUE",
    )


@command(groups=(MEASURED, RECIPE, FILM_GROUP, OTHER), help_in=MEASURED)
def crossval(options: _CrossvalOptions) -> None:
    """Cross-validate the default recipe on unseen speakers.

    Each fold is saved when it is done; run the same command again to resume.

    With --protocol films, the folds are evaluated on films made from DATA. Corpora
    outside the training data of --model are evaluated with that model itself.
    """
    if options.data is None:
        raise click.UsageError("Give the folder of the corpora: --data DIR.")
    if options.protocols == (FILMS,):
        from ...research.films.folds import FoldOptions
        from ...research.films.protocol import evaluate_folds

        features, recipe = _recipe(options)
        run_on_films(
            partial(evaluate_folds, options=FoldOptions(recipe, features)),
            options,
            options.data,
            model=options.model,
            seed=options.film_seed,
            work=options.work,
            out=options.output,
            notes=True,
        )
    else:
        refuse_options([FILM_GROUP], f"needs --protocol {FILMS}")
        _on_clips(options, options.data)


def _on_clips(options: _CrossvalOptions, data: Path) -> None:
    """Cross-validates on clips and prints the figures."""
    from ...research.training.crossval import PROTOCOLS, cross_validate, figures, folds_of
    from ...research.training.training_data import build_training_data, read_data

    unknown = [name for name in options.protocols if name not in PROTOCOLS]
    if FILMS in unknown:
        raise click.UsageError(f"--protocol {FILMS} cannot be combined with other protocols.")
    if unknown:
        raise click.UsageError(
            f"Unknown protocol {unknown[0]!r}; choose from: {', '.join((*PROTOCOLS, FILMS))}."
        )
    features, recipe = _recipe(options)
    chosen = options.protocols or tuple(name for name, one in PROTOCOLS.items() if one.reported)
    work = options.work
    with progress(notes=True) as on_step:
        training_data = build_training_data(
            read_data(data), features=features, work=work, on_step=on_step
        )
        folds = [fold for name in chosen for fold in folds_of(name, training_data.table.clips)]
        answers = cross_validate(
            training_data, folds, recipe=recipe, work=work / "folds", on_step=on_step
        )
    click.echo("\n".join(map(str, figures(answers))))


def _recipe(options: _CrossvalOptions) -> tuple[FrameFeatures, FrameRecipe]:
    """The features and the recipe; a setting that is invalid is wrong usage."""
    from ...research.training.frame_training import FrameRecipe

    pairs = dict(setting.partition("=")[::2] for setting in options.settings)
    try:
        features = _features(options, pairs.pop("layers", None), pairs.pop("compute_type", None))
        recipe = FrameRecipe().of_features(features).with_settings(pairs)
    except ValueError as error:
        raise click.UsageError(f"--set: {error}.") from error
    recipe = recipe.changed(epochs=options.epochs, batch_size=options.batch_size, seed=options.seed)
    return features, recipe


def _features(
    options: _CrossvalOptions, layers: str | None, compute_type: str | None
) -> FrameFeatures:
    """The default frames, or those of one encoder if an option names anything of it."""
    from ...features import DEFAULT_FRAMES, WhisperFrames
    from ...features.encoder_graph import ComputeType
    from ...features.whisper import layers_of

    if options.encoder is None and layers is None and compute_type is None:
        return DEFAULT_FRAMES
    return WhisperFrames.of_encoder(
        options.encoder,
        layers=None if layers is None else layers_of(layers),
        compute_type=None if compute_type is None else ComputeType(compute_type),
    )
