"""Makes a folder of weights, its card and the figures from the corpora."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from ...api import load_model
from ...core.sounds import EFFORTS, SOUNDS
from ...features.base import FeatureSet
from ...model.bundle import find_bundle, read_bundle
from ...sounds.weights import EFFORT_CLASSES, WINDOW_CLASSES, LinearLayer, SoundDetector
from . import efforts
from .card import card
from .effort_figures import (
    area,
    effort_figures,
    efforts_reached,
    judge_voices,
)
from .effort_figures import (
    choose_thresholds as choose_effort_thresholds,
)
from .efforts import Voices, build_voices, fit_efforts, fold_shares
from .figures import choose_thresholds, figures, judge, reached, right_enough
from .moods import assumed_moods
from .music import build_music_table, fit_music, fit_music_folds
from .music_films import (
    analysed,
    choose_music_threshold,
    choosing_films,
    counted_music,
    reported_films,
)
from .peer import yamnet
from .sources import Sources, read_sources
from .stretches import learnt, more_backgrounds, reported
from .table import Peer, Table, build_table, joined
from .training import Recipe, fit_folds, fit_windows, fold_peaks, window_recipe
from .voices import Condition, voice_orders


def make(
    data: Path,
    *,
    work: Path,
    out: Path | None,
    peer: Path | None,
    model: str,
    tell: Callable[[str], None],
) -> None:
    """Trains and evaluates both models, and writes the weights.

    Args:
        data: a folder with ``nonverbal``, ``backgrounds`` and the corpora
        work: folder of cached features, from which a second call resumes
        out: parent of the folder ``sounds-MODEL``, or None
        peer: a folder with YAMNet, or None
        model: the model whose encoder is used
        tell: called with the figures

    Raises:
        CorpusError: if a corpus is missing
        BundleError: if the model does not exist
    """
    bundle = read_bundle(find_bundle(model))
    sources = read_sources(data)
    asked = None if peer is None else yamnet(peer)
    first = learnt_table(sources, bundle.features, work, asked)
    second = build_table(reported(sources), bundle.features, work, "reported", asked)
    voices = build_voices(list(voice_orders(sources)), bundle.features, work)
    recipe = window_recipe(bundle.features)
    sound_part, sound_text = _sounds(first, second, recipe)
    effort_part, effort_text = _efforts(voices)
    music_part, music_text = fit_music_part(sources, first, work, model)
    texts = [f"== vocal sounds\n{sound_text}"]
    if asked is not None:
        theirs, _ = judge(second.peer, first.peer, first, second)
        texts.append(f"== YAMNet, on the same stretches\n{figures(theirs)}")
    texts += [f"== vocal effort\n{effort_text}", f"== music\n{music_text}"]
    tell("\n".join(texts))
    if out is not None:
        weights = SoundDetector(
            features={
                "name": bundle.features.name,
                "parameters": dict(bundle.features.parameters()),
            },
            thresholds={**sound_part.pop("thresholds"), **effort_part.pop("thresholds")},
            reached={**sound_part.pop("reached"), **effort_part.pop("reached")},
            provenance={"training": _provenance(sources, recipe)},
            **sound_part,
            **effort_part,
            **music_part,
            moods=assumed_moods(),
        )
        counts = _counts(sources, "deeply")
        text = card(bundle.name, "\n".join(texts), counts)
        weights.write(out / f"sounds-{bundle.name}", card=text)


def _sounds(first: Table, second: Table, recipe: Recipe) -> tuple[dict[str, Any], str]:
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


def fit_music_part(
    sources: Sources, voices: Table, work: Path, model: str
) -> tuple[dict[str, Any], str]:
    """The detector of music, its threshold, and the figures.

    The threshold is chosen on films of the folds' tracks, each by the model that is not
    trained on them; the figures are those of films of held-out tracks.
    """
    classifier = load_model(model)
    features = classifier.features
    table = build_music_table(sources, features, work)
    heads = fit_music_folds(table, voices)
    every, every_voice = np.ones(len(table.folds), bool), np.ones(len(voices.labels), bool)
    head = fit_music(table, voices, every, every_voice)
    blank = _blank(features, heads[0])
    chosen_on = [
        analysed(film, classifier, replace(blank, music=heads[film.fold]))
        for film in choosing_films(sources)
    ]
    threshold = choose_music_threshold(chosen_on)
    reported_on = [
        analysed(film, classifier, replace(blank, music=head)) for film in reported_films(sources)
    ]
    text = (
        f"chosen at {threshold:.2f} on {len(chosen_on)} films of the folds:\n"
        f"{counted_music(chosen_on, threshold)}\nreported:\n{counted_music(reported_on, threshold)}"
    )
    return {"music": head, "music_threshold": threshold}, text


def _blank(features: FeatureSet, music: LinearLayer) -> SoundDetector:
    """SoundDetector that detect music alone."""
    size = 2 * features.size

    def nothing(classes: int) -> LinearLayer:
        return LinearLayer(np.zeros((size, classes), np.float32), np.zeros(classes, np.float32))

    return SoundDetector(
        features={"name": features.name, "parameters": dict(features.parameters())},
        sounds=nothing(len(WINDOW_CLASSES)),
        efforts=nothing(len(EFFORT_CLASSES)),
        baseline=np.zeros(size, np.float32),
        music=music,
        music_threshold=1.0,
        thresholds={},
        reached={},
    )


def learnt_table(sources: Sources, features: FeatureSet, work: Path, peer: Peer | None) -> Table:
    """The segments on which the detector of vocal sounds is trained."""
    return joined(
        build_table(learnt(sources), features, work, "learnt", peer),
        build_table(more_backgrounds(sources), features, work, "backgrounds", peer),
    )


def _efforts(voices: Voices) -> tuple[dict[str, Any], str]:
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


def _provenance(sources: Sources, recipe: Recipe) -> dict[str, Any]:
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
