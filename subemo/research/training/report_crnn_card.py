"""The model card of `report-crnn`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .architectures import REPORT_CRNN_PARAMETERS
from .card import CardText, rows_of_figures

#: The licence of each corpus.
_LICENCES = {
    "ravdess": "RAVDESS is CC BY-NC-SA 4.0.",
    "savee": "SAVEE is for research use.",
}


def _values(description: Mapping[str, Any]) -> dict[str, object]:
    training = description["training"]
    return {
        "parameters": REPORT_CRNN_PARAMETERS,
        "size": len(description["standardisation"]["mean"]),
        "rows": training["rows"],
        "figures": rows_of_figures(description),
        "feature_name": description["features"]["name"],
        "sample_rate": description["sample_rate"],
        "trim": description["features"]["parameters"]["trim_top_db"],
        "recipe": ", ".join(f"{key} {value}" for key, value in training["recipe"].items()),
        "licences": " ".join(_LICENCES[corpus] for corpus in training["corpora"]),
    }


#: The text; its fields are filled from the bundle.
REPORT_CRNN_CARD = CardText(
    intro="""\
The final network of the 2024 report (Davies and Chen) on which subemo is based: four
convolutions and four GRUs, {parameters:,} parameters, over {size} hand-crafted features
averaged over a segment of speech. Made by `subemo train --recipe report-crnn`, which also
writes this page from the figures in `model.json`.""",
    figures="""\
| protocol | metric | value | 95 % interval | clips | interval by |
|---|---|---|---|---|---|
{figures}

Under the protocol `report`, four versions of each clip (original, noise, time stretch,
pitch) are made first and {rows:,} rows are split at random afterwards, so copies of a
test clip, and every speaker, are on both sides. **That figure does not show accuracy on
unseen speakers.** With speakers held out, each original clip is classified by a
model not trained on its speaker. All figures are for the last epoch. Chance is 12.5 %.

`predictions/*.csv` has every test row, so that the figures can be recomputed.""",
    training="""\
{licences} The weights are derived from these
clips and inherit their limits: **not for commercial use**. The code of subemo is
GPL-3.0-or-later.

Features: {feature_name}, from mono sound at {sample_rate:,} Hz, with silent ends trimmed at
{trim:.0f} dB below the loudest frame. Recipe: {recipe}.""",
    use="""\
For comparison, as the baseline for better models. A tag says
how a voice sounds to a listener, not what a person feels. Do not judge people by it.""",
    limits="""\
- Trained on {speakers} actors in studios, who read English sentences. On film, with music
  and noise, fewer predictions are right than with speakers held out (the 2024 report
  found about 25 % of 24 clips).
- Its probabilities are not calibrated: it is often confident and wrong.
- Only RAVDESS has "calm".""",
    values=_values,
)
