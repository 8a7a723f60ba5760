"""Makes a folder of weights, its card and the figures from the corpora."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from ...analysis.sound_cues import events
from ...api import load_model
from ...core.emotions import EMOTIONS, Emotion
from ...core.sounds import EFFORTS, SOUNDS, Sound
from ...features.base import FeatureSet
from ...model.bundle import find_bundle, read_bundle
from ...model.classifier import Classifier
from ...sounds.weights import (
    EFFORT_CLASSES,
    MUSIC_CLASSES,
    WINDOW_CLASSES,
    LinearLayer,
    SoundDetector,
)
from ...tagging.sounds import SoundCue
from . import efforts
from .efforts import (
    EffortVoices,
    area,
    build_voices,
    effort_figures,
    efforts_reached,
    fit_efforts,
    fold_shares,
    judge_voices,
)
from .efforts import choose_thresholds as choose_effort_thresholds
from .figures import choose_thresholds, figures, judge, reached, right_enough
from .gap_films import (
    GapFilm,
    choose_music_threshold,
    choosing_films,
    counted_music,
    reported_films,
    sound_figures,
    sound_films,
)
from .music import build_music_table, fit_music, fit_music_folds
from .sources import FOLDS, Sources, read_sources
from .stretches import learnt, more_backgrounds, reported
from .table import (
    LinearRecipe,
    StretchTable,
    build_table,
    fit_folds,
    fit_windows,
    fold_peaks,
    joined,
    window_recipe,
)
from .voices import Condition, voice_orders

#: The sounds that tell about an emotion, and which.
TELLING = {Sound.LAUGH: Emotion.HAPPY, Sound.SOB: Emotion.SAD, Sound.SCREAM: Emotion.FEAR}
#: How much likelier each is in its emotion than in any other, assumed; the decision's bound is 4.
RATIO = 2.0
#: The share of cues with such a sound in any other emotion; only ratios matter.
_SHARE = 0.01


def assumed_moods() -> dict[Sound, dict[Emotion, float]]:
    """P(detected sound | emotion), assumed; only the ratios matter.

    A detected sound is `RATIO` times as frequent in its emotion as in any other.

    >>> assumed_moods()[Sound.SOB][Emotion.SAD] / assumed_moods()[Sound.SOB][Emotion.HAPPY]
    2.0
    """
    return {
        sound: {emotion: _SHARE * (RATIO if emotion is of else 1) for emotion in EMOTIONS}
        for sound, of in TELLING.items()
    }


_CARD = """\
# sounds-{model}

Detects vocal sounds (laughs, sobs, screams, sighs, gasps, coughs, sneezes), shouts, whispers and music. It consists of
three linear models on the frames of Whisper's encoder, which `{model}` computes anyway: two on the mean and
standard deviation of windows of 0.96 s (vocal sounds, and music between cues), one on those of a whole cue, minus its
film's (shouts and whispers). `docs/research/sounds.md` describes
it and its evaluation. Read by `subemo.sounds.weights`, only for the frames named in `sounds.json`. Made,
including this page, with

    python -m subemo.research.sounds DATA --work WORK --out models

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


def make(
    data: Path,
    *,
    work: Path,
    out: Path | None,
    model: str,
    tell: Callable[[str], None],
) -> None:
    """Trains and evaluates both models, and writes the weights.

    Args:
        data: a folder with ``nonverbal``, ``backgrounds`` and the corpora
        work: folder of cached features, from which a second call resumes
        out: parent of the folder ``sounds-MODEL``, or None
        model: the model whose encoder is used
        tell: called with the figures

    Raises:
        CorpusError: if a corpus is missing
        BundleError: if the model does not exist
    """
    bundle = read_bundle(find_bundle(model))
    sources = read_sources(data)
    first = _learnt_table(sources, bundle.features, work)
    second = build_table(reported(sources), bundle.features, work, "reported")
    voices = build_voices(list(voice_orders(sources)), bundle.features, work)
    recipe = window_recipe(bundle.features)
    sound_part, sound_text = _sounds(first, second, recipe)
    effort_part, effort_text = _efforts(voices)
    music_part, music_text = _music(sources, first, work, load_model(model))
    text = f"== vocal sounds\n{sound_text}\n== vocal effort\n{effort_text}\n== music\n{music_text}"
    tell(text)
    if out is not None:
        weights = SoundDetector(
            features=_named(bundle.features),
            thresholds={**sound_part.pop("thresholds"), **effort_part.pop("thresholds")},
            reached={**sound_part.pop("reached"), **effort_part.pop("reached")},
            provenance={"training": _provenance(sources, recipe)},
            **sound_part,
            **effort_part,
            **music_part,
            moods=assumed_moods(),
        )
        counts = ", ".join(f"{count} {one}" for one, count in _counts(sources, "deeply").items())
        card = _CARD.format(model=bundle.name, figures=text, sounds=counts)
        weights.write(out / f"sounds-{bundle.name}", card=card)


def _sounds(
    first: StretchTable, second: StretchTable, recipe: LinearRecipe
) -> tuple[dict[str, Any], str]:
    heads = fit_folds(first, recipe)
    chosen_on = fold_peaks(first, heads)
    judged, _ = judge(fold_peaks(second, heads), chosen_on, first, second)
    every = np.ones(len(first.folds), bool)
    thresholds = choose_thresholds(chosen_on, first, every)
    is_reached = reached(judged)
    part = {
        "sounds": fit_windows(first, np.ones(len(first.labels), bool), recipe),
        "thresholds": dict(zip(SOUNDS, thresholds.tolist(), strict=True)),
        "reached": {one: right_enough(judged) for one in SOUNDS},
    }
    return part, f"{figures(judged)}\nthe reach is {'' if is_reached else 'not '}met"


def _music(
    sources: Sources, voices: StretchTable, work: Path, classifier: Classifier
) -> tuple[dict[str, Any], str]:
    """The detector of music, its threshold, and the figures.

    The threshold is chosen on films of the folds' tracks, each by the model that is not
    trained on them; the figures are those of films of held-out tracks.
    """
    features = classifier.features
    table = build_music_table(sources, features, work)
    heads = fit_music_folds(table, voices)
    every, every_voice = np.ones(len(table.folds), bool), np.ones(len(voices.labels), bool)
    head = fit_music(table, voices, every, every_voice)
    blank = _blank(features)
    chosen_on = [
        (film, film.analysed(classifier, replace(blank, music=heads[film.fold])))
        for film in choosing_films(sources)
    ]
    threshold = choose_music_threshold(chosen_on)
    reported_on = [
        (film, film.analysed(classifier, replace(blank, music=head)))
        for film in reported_films(sources)
    ]
    text = (
        f"chosen at {threshold:.2f} on {len(chosen_on)} films of the folds:\n"
        f"{counted_music(chosen_on, threshold)}\nreported:\n{counted_music(reported_on, threshold)}"
    )
    return {"music": head, "music_threshold": threshold}, text


def _named(features: FeatureSet) -> dict[str, Any]:
    return {"name": features.name, "parameters": dict(features.parameters())}


def _blank(features: FeatureSet) -> SoundDetector:
    """A detector of nothing, to be given a part."""
    size = 2 * features.size

    def nothing(classes: int) -> LinearLayer:
        return LinearLayer(np.zeros((size, classes), np.float32), np.zeros(classes, np.float32))

    return SoundDetector(
        features=_named(features),
        sounds=nothing(len(WINDOW_CLASSES)),
        efforts=nothing(len(EFFORT_CLASSES)),
        baseline=np.zeros(size, np.float32),
        music=nothing(len(MUSIC_CLASSES)),
        music_threshold=1.0,
        thresholds={},
        reached={},
    )


def _learnt_table(sources: Sources, features: FeatureSet, work: Path) -> StretchTable:
    """The segments on which the detector of vocal sounds is trained."""
    return joined(
        build_table(learnt(sources), features, work, "learnt"),
        build_table(more_backgrounds(sources), features, work, "backgrounds"),
    )


def _efforts(voices: EffortVoices) -> tuple[dict[str, Any], str]:
    shares = fold_shares(voices)
    judged = judge_voices(voices, shares)
    every = np.ones(len(voices.folds), bool)
    head, ordinary = fit_efforts(voices, every)
    thresholds = choose_effort_thresholds(voices, shares, every)
    part = {
        "efforts": head,
        "baseline": ordinary,
        "thresholds": dict(zip(EFFORTS, thresholds.tolist(), strict=True)),
        "reached": efforts_reached(judged),
    }
    areas = [
        f"strong told from normal, {condition}: area under the curve {area(voices, shares, condition):.3f}"
        for condition in (Condition.CLEAN, Condition.BACKGROUND)
    ]
    return part, "\n".join([effort_figures(judged), *areas])


def _provenance(sources: Sources, recipe: LinearRecipe) -> dict[str, Any]:
    return {
        "sounds": {corpus: _counts(sources, corpus) for corpus in ("deeply", "esc")},
        "speech": sorted({clip.corpus for clip in sources.speech}),
        "licences": "Deeply CC BY-NC-ND 4.0, ESC-10 CC BY 3.0, RAVDESS CC BY-NC-SA 4.0, "
        "TESS CC BY-NC-ND 4.0, nEMO CC BY-NC-SA 4.0, SAVEE and EMOVO research use, music free with credit",
        "recipes": {"sounds": repr(recipe), "efforts": repr(efforts.RECIPE)},
    }


def _counts(sources: Sources, corpus: str) -> dict[str, int]:
    """The number of training clips of each sound in a corpus."""
    of_corpus = [clip.sound for clip in sources.sounds if clip.corpus == corpus]
    return {one.value: of_corpus.count(one) for one in SOUNDS if one in of_corpus}


def measure_gaps(data: Path, *, work: Path, model: str, tell: Callable[[str], None]) -> None:
    """Evaluates sound cues between cues, by models not trained on the speakers of the sounds.

    Raises:
        CorpusError: if a corpus is missing
        BundleError: if there is no such model
    """
    classifier, sources = load_model(model), read_sources(data)
    features = classifier.features
    first = _learnt_table(sources, features, work)
    heads = fit_folds(first, window_recipe(features))
    chosen_on = fold_peaks(first, heads)
    by_fold = [choose_thresholds(chosen_on, first, first.folds != fold) for fold in range(FOLDS)]
    blank = _blank(features)

    def heard(with_sounds: bool) -> Iterator[tuple[GapFilm, Sequence[SoundCue]]]:
        for film in sound_films(sources, with_sounds=with_sounds):
            rows = film.analysed(classifier, replace(blank, sounds=heads[film.fold]))
            thresholds = dict(zip(SOUNDS, by_fold[film.fold].tolist(), strict=True))
            yield film, film.sound_cues(events(rows), thresholds)

    tell(sound_figures(list(heard(True)), list(heard(False))))
