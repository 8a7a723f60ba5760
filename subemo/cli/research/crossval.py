"""`subemo crossval`."""

from __future__ import annotations

from pathlib import Path

import click

from ..options import data_option, debug_option, encoder_option, training_options


@click.command()
@data_option
@click.option(
    "--protocol",
    "protocols",
    multiple=True,
    metavar="NAME",
    help="One of them; again for more.  [default: all that are reported]",
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
@debug_option
def crossval(
    data: Path | None,
    protocols: tuple[str, ...],
    work: Path,
    epochs: int | None,
    batch_size: int | None,
    seed: int,
    encoder: Path | None,
    settings: tuple[str, ...],
) -> None:
    """Measure the default model's recipe on voices and corpora that it has not heard.

    Each fold is kept when it is done, and the same command goes on from there.
    """
    from ...research.training.protocols import PROTOCOLS

    unknown = [name for name in protocols if name not in PROTOCOLS]
    if unknown:
        raise click.UsageError(
            f"No protocol is called {unknown[0]!r}; there are: {', '.join(PROTOCOLS)}."
        )
    pairs = dict(setting.partition("=")[::2] for setting in settings)
    if data is None:
        raise click.UsageError("Say where the corpora are: --data DIR.")
    from ...features import WhisperFrames
    from ...features.whisper import layers_of
    from ...research.training.crossval_figures import figures
    from ...research.training.frame_training import FrameRecipe
    from ...research.training.subemo_crnn import (
        LOUD,
        build_material,
        cross_validate_default,
        read_data,
    )
    from ..terminal import progress

    try:
        layers = layers_of(pairs.pop("layers")) if "layers" in pairs else None
        loud = int(pairs.pop("loud", LOUD))
        features = WhisperFrames.of_encoder(encoder, layers=layers)
        recipe = FrameRecipe().of_features(features).with_settings(pairs)
    except ValueError as error:
        raise click.UsageError(f"--set: {error}.") from error
    recipe = recipe.changed(epochs=epochs, batch_size=batch_size, seed=seed)
    chosen = protocols or tuple(name for name, one in PROTOCOLS.items() if one.reported)
    with progress(notes=True) as on_step:
        material = build_material(
            read_data(data),
            features=features,
            work=work,
            loud=loud,
            on_step=on_step,
        )
        answers = cross_validate_default(
            material,
            protocols=chosen,
            recipe=recipe,
            work=work,
            on_step=on_step,
        )
    for figure in figures(answers):
        click.echo(str(figure))
