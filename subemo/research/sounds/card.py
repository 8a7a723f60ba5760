"""The card of the weights."""

from __future__ import annotations

_CARD = """\
# sounds-{model}

What a voice does beside speaking (laughs, sobs, screams, sighs, gasps, coughs, sneezes), and whether it
shouts or whispers. Two linear functions of the frames of Whisper's encoder that `{model}` computes anyway: one
of the mean and deviation of windows of 0.96 s, one of a whole cue's, less its film's. What is in it and how it
was tested is in `docs/sounds.md`. Read by `subemo.sounds.weights`; weights for other frames than
`sounds.json` names are not used. Made, this page too, by

    python -m subemo.research.sounds DATA --work WORK --out models --peer PEER

## Figures

As that command prints them; shares with Wilson's 95 % intervals.

```
{figures}
```

## Training data and licences

- Deeply's nonverbal vocalisations, the public sample (CC BY-NC-ND 4.0): {sounds}; moaning is no class here.
- ESC-10's baby cries and sneezes, four of its five folds; its other classes are backgrounds (CC BY 3.0).
- Speech of RAVDESS (CC BY-NC-SA 4.0), SAVEE (research use), TESS (CC BY-NC-ND 4.0), EMOVO (research use) and
  nEMO (CC BY-NC-SA 4.0), and whispers made of it by linear prediction with noise.
- Ten tracks of music, each free to use with credit.

No recording is in the weights. Most of the data are non-commercial or for research only, and the weights
inherit that: **not for commercial use**. The code of subemo is GPL-3.0-or-later.

## Limits

- About 25 people laugh and 25 cry in the training, asked to do so. Laughs and sobs that come by themselves vary
  more.
- A sound under somebody's speech is found more rarely than one before or after it.
- Shouts are learnt of 24 actors who say two sentences with normal and strong anger, fear and happiness.
- Whispers are synthetic, in training and in the test; nobody really whispered.
- No animals, machines or crowds: applause is no class.
"""


def card(model: str, figures: str, sounds: dict[str, int]) -> str:
    """What the folder's README.md says.

    Args:
        model: whose encoder is listened to
        figures: as the command prints them
        sounds: how many clips of each sound there are
    """
    counts = ", ".join(f"{count} {name}" for name, count in sounds.items())
    return _CARD.format(model=model, figures=figures, sounds=counts)
