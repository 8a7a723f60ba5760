"""The page of the default model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .card import CardText, figure_table, figures_of


def _values(description: Mapping[str, Any]) -> dict[str, object]:
    training = description["training"]
    parameters = description["features"]["parameters"]
    return {
        "layers": str(parameters["layers"]).replace("+", " and after "),
        "networks": training["recipe"]["networks"],
        "frame_ms": parameters["frame_ms"],
        "encoder": parameters["encoder_sha256"],
        "figures": figure_table(figures_of(description)),
        "temperature": description["calibration"]["temperature"],
        "distorted": training["distorted_versions_of_each_clip"],
        "heard": training["backgrounds"]["heard"],
        "voiceless": training["voiceless_cues"],
        "decision": _decision(description),
    }


def _decision(description: Mapping[str, Any]) -> str:
    """From which probability on a tag is shown, and what the probability is of."""
    threshold = description["calibration"]["threshold"]
    alone = (
        f"A cue that is judged by itself shows a tag from a probability of {threshold:.2f} on: there, "
        "on the three unheard\ncorpora, three answers of four are right."
    )
    decision = description.get("decision")
    if not decision:
        return alone
    shown = " or ".join(
        f"{numbers['threshold']:.2f} ({'the voice alone' if kind == 'voice' else 'voice and words'})"
        for kind, numbers in decision.items()
    )
    return (
        f"{alone}\n\nThe cues of a film are decided on together (`subemo model show` has the numbers, fitted by\n"
        f"`subemo calibrate`), and a tag is shown from {shown} on. How right those tags\n"
        "are on films, all eight classes in play, most lines neutral, is in `docs/films.md`: those are the\n"
        "figures to trust for captions; the table above is of clips, of the classes that a corpus has."
    )


#: The text; its fields are filled in from the bundle's own numbers.
SUBEMO_CRNN_CARD = CardText(
    intro="""\
subemo's default model: a convolution, a GRU in both directions and attention over frames of
Whisper's encoder, and beside it what the whole stretch comes to. The frames are means of
{frame_ms:.0f} ms of what the encoder holds after {layers} of its layers. Of {networks} networks each
sees one of those layers, by turns; the mean of their logits is the answer. Made by
`subemo train --recipe subemo-crnn`; this page is written by that command from the figures in
`model.json`.

The encoder is OpenAI's Whisper tiny.en (MIT licence), of which `models/encoder-tiny-en` has the
layers that are used; it stays as it is, and the model refuses another one (SHA-256
`{encoder}`).""",
    figures="""\
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

{decision}""",
    training="""\
Every clip as it is and in {distorted} distorted versions: speed, rooms, {heard} backgrounds, band
limits, codecs, levels. {voiceless} cues without a voice teach it to be unsure. Most of the corpora
are non-commercial or for research only (RAVDESS CC BY-NC-SA 4.0, TESS CC BY-NC-ND 4.0, nEMO
CC BY-NC-SA 4.0, SAVEE and EMOVO research use). The weights inherit their limits: **not for
commercial use**. The code of subemo is GPL-3.0-or-later.""",
    use="""\
To propose tags for captions of films, which a person reads before anyone else does. A tag says how
a voice sounds to a listener, not what a person feels. Do not judge people by it.""",
    limits="""\
- Learnt from {speakers} actors in studios, who read sentences in English, Italian and Polish. Real
  emotion is quieter than acted emotion, and the figures above are of acted speech.
- Only RAVDESS has "calm", and nEMO has no "disgust".
- A film of fewer than about 20 cues is hardly adapted to; one with a single mood may be adapted too
  far (`docs/model.md` has the figures).
- What the words say counts for English alone, and the picture not at all.""",
    values=_values,
)
