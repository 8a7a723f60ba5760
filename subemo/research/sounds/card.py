"""The model card of the weights."""

from __future__ import annotations

_CARD = """\
# sounds-{model}

Detects vocal sounds (laughs, sobs, screams, sighs, gasps, coughs, sneezes), shouts, whispers and music. It consists of
three linear models on the frames of Whisper's encoder, which `{model}` computes anyway: two on the mean and
standard deviation of windows of 0.96 s (vocal sounds, and music between cues), one on those of a whole cue, minus its
film's (shouts and whispers). `docs/research/sounds.md` describes
it and its evaluation. Read by `subemo.sounds.weights`, only for the frames named in `sounds.json`. Made,
including this page, with

    python -m subemo.research.sounds DATA --work WORK --out models --peer PEER

## Figures

As printed by that command; shares have Wilson's 95 % intervals.

```
{figures}
```

## Training data and licences

- Deeply's nonverbal vocalisations, the public sample (CC BY-NC-ND 4.0): {sounds}; moaning is not a class.
- ESC-10's baby cries and sneezes, four of its five folds; its other classes are backgrounds (CC BY 3.0).
- Speech of RAVDESS (CC BY-NC-SA 4.0), SAVEE (research use), TESS (CC BY-NC-ND 4.0), EMOVO (research use) and
  nEMO (CC BY-NC-SA 4.0), and whispers synthesised from it by linear prediction with noise.
- Ten tracks of music, each free to use with credit; five others are for the figures alone.

The weights contain no recordings. Most of the data are non-commercial or for research only, and the weights
inherit that: **not for commercial use**. The code of subemo is GPL-3.0-or-later.

## Limits

- About 25 people laugh and 25 cry in the training data, on request. Spontaneous laughs and sobs vary more.
- A sound during speech is detected less often than one before or after it.
- Shouts are trained on 24 actors who say two sentences with normal and strong anger, fear and happiness.
- Whispers are synthetic, in training and in the test; there are no real whispers.
- No animals, machines or crowds: applause is not a class.
- Ten tracks are little music: songs and unusual instruments may be taken for voices or noise.
"""


def card(model: str, figures: str, sounds: dict[str, int]) -> str:
    """Fills in the model card.

    Args:
        model: the model whose encoder is used
        figures: the figures as printed by the command
        sounds: number of clips of each sound
    """
    counts = ", ".join(f"{count} {name}" for name, count in sounds.items())
    return _CARD.format(model=model, figures=figures, sounds=counts)
