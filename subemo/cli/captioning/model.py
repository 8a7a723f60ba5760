"""`subemo model`."""

from __future__ import annotations

import click

from ..command import Options, command
from ..options import MODEL


@click.group()
def model() -> None:
    """Show what a model contains."""


class _ShowOptions(Options):
    model: str = MODEL()


@command()
def show(options: _ShowOptions) -> None:
    """Print a model's features, training data, calibration and decision parameters."""
    from ...core.emotions import EMOTIONS
    from ...model.bundle import find_bundle, read_bundle

    folder = find_bundle(options.model)
    bundle = read_bundle(folder)
    training = ", ".join(sorted(bundle.training_corpora)) or "unknown"
    rows = {
        "name": bundle.name,
        "folder": str(folder),
        "SHA-256": bundle.digest,
        "features": f"{bundle.features.name}, {bundle.features.sample_rate} Hz",
        "trained on": training,
        "adaptation": bundle.adaptation,
        "temperature": f"{bundle.temperature:.4g}",
        "threshold": f"{bundle.threshold:.4g}",
    }
    for kind, numbers in bundle.decision.items():
        for name, value in numbers.description().items():
            if name == "prior":
                pairs = zip(EMOTIONS, numbers.prior, strict=True)
                text = ", ".join(f"{emotion} {share:.3f}" for emotion, share in pairs)
            else:
                text = f"{value:.4g}"
            rows[f"decision by {kind}: {name}"] = text
    width = max(map(len, rows))
    for name, text in rows.items():
        click.echo(f"{name:<{width}}  {text}")


model.add_command(show)
