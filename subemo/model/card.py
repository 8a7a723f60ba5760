"""The model card that a bundle carries, filled in from its own figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..evaluation.figures import Figure

_REPORT_CARD = """\
# {name}

The final model of the report that subemo grew from (Davies and Chen, 2024): four
convolutions and four GRUs, {parameters:,} parameters, over {size} hand-made features
averaged over a stretch of speech. Made by `subemo train`; this page is written by that
command from the figures in `model.json`.

## Figures

| protocol | metric | value | 95 % interval | clips | interval by |
|---|---|---|---|---|---|
{figures}

Under the report's protocol four versions of each clip (original, noise, time stretch,
pitch) are made first and {rows:,} rows are split at random afterwards, so copies of a
test clip, and every speaker, stand on both sides. **That figure is no accuracy on new
speakers.** The rows with speakers held out are: each original clip, judged by a model
that has never heard its speaker. All figures are of the last epoch. Chance is 12.5 %.

`predictions/*.csv` holds every judged row, so that the figures can be computed again.

## Training data and licences

{corpora}

RAVDESS is CC BY-NC-SA 4.0; SAVEE is for research use. The weights are derived from
both and inherit their limits: **not for commercial use**. The code of subemo is
GPL-3.0-or-later.

Features: {feature_name}, from mono sound at {sample_rate:,} Hz, silent ends trimmed at
{trim:.0f} dB below the loudest frame. Recipe: {recipe}.

## Intended use

To try the report's model, and as the baseline that better models are held against. A tag
says how a voice sounds to a listener, not what a person feels. Do not judge people by it.

## Limits

- Learnt from {speakers} actors in studios, two to fifteen sentences each, in North American
  and British English. On voices it has not heard it is right about one time in three;
  on film, with music and noise, less (the report found about 25 % of 24 clips).
- Its probabilities are not calibrated: it is often sure and wrong.
- Only RAVDESS has "calm".
"""


def report_card(description: Mapping[str, Any]) -> str:
    """The card of the report's model.

    Args:
        description: what the bundle's `model.json` says
    """
    from .architectures import REPORT_CRNN_PARAMETERS

    training = description["training"]
    corpora = training["corpora"]
    return _REPORT_CARD.format(
        name=description["name"],
        parameters=REPORT_CRNN_PARAMETERS,
        size=len(description["standardisation"]["mean"]),
        rows=training["rows"],
        figures="\n".join(_row(Figure(**figure)) for figure in description["figures"]),
        corpora="\n".join(
            f"- {name.upper()}: {counts['clips']:,} clips of {counts['speakers']} speakers"
            for name, counts in corpora.items()
        ),
        speakers=sum(counts["speakers"] for counts in corpora.values()),
        feature_name=description["features"]["name"],
        sample_rate=description["sample_rate"],
        trim=description["features"]["parameters"]["trim_top_db"],
        recipe=", ".join(f"{key} {value}" for key, value in training["recipe"].items()),
    )


def _row(figure: Figure) -> str:
    return (
        f"| {figure.protocol} | {figure.metric} | {100 * figure.value:.1f} % "
        f"| {100 * figure.low:.1f} to {100 * figure.high:.1f} % "
        f"| {figure.clips:,} | {figure.interval} |"
    )


def default_card(description: Mapping[str, Any]) -> str:
    """The card of the default model.

    Args:
        description: what the bundle's `model.json` says
    """
    return str(description["name"])
