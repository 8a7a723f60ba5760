"""Evaluates the detectors by folds, without writing weights."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from ...api import load_model
from ...core.errors import BundleError
from ...core.sounds import SCENE_WORDS, SOUNDS
from ...media.audio import load
from ...model.decision import Witnesses
from ...sounds.scene import LEAST_SCORE, SAMPLE_RATE, read_tagger
from ...sounds.weights import find_weights
from ...tagging.sound_cues import SoundCue
from ..corpora import read_clips
from ..films.answers import read_answers
from .figures import choose_thresholds
from .gap_films import GapFilm, counted, cues_of, gap_films, scene_cues_of
from .making import fit_music_part, learnt_table
from .moods import effects, mood_counts, read_moods
from .peer import yamnet
from .sources import FOLDS, read_sources
from .stretches import learnt
from .table import build_table
from .training import fit_folds, fold_peaks, window_recipe


def measure_gaps(
    data: Path, *, work: Path, peer: Path | None, model: str, tell: Callable[[str], None]
) -> None:
    """Evaluates sound cues between cues, by models not trained on the speakers of the sounds.

    Args:
        data: see `make`
        work: see `make`
        peer: see `make`; it changes the names of cached files
        model: see `make`
        tell: called with the figures

    Raises:
        CorpusError: if a corpus is missing
        BundleError: if there is no such model
    """
    classifier = load_model(model)
    features = classifier.features
    shipped = find_weights(
        model, {"name": features.name, "parameters": dict(features.parameters())}
    )
    if shipped is None:
        raise BundleError("no detector of vocal sounds for this model's frames", path=Path(model))
    sources = read_sources(data)
    asked = None if peer is None else yamnet(peer)
    first = learnt_table(sources, features, work, asked)
    heads = fit_folds(first, window_recipe(features))
    chosen_on = fold_peaks(first, heads)
    by_fold = [choose_thresholds(chosen_on, first, first.folds != fold) for fold in range(FOLDS)]

    def heard(with_sounds: bool) -> list[tuple[GapFilm, Sequence[SoundCue]]]:
        return [
            (
                film,
                cues_of(
                    film,
                    classifier,
                    replace(shipped, sounds=heads[film.fold]),
                    dict(zip(SOUNDS, by_fold[film.fold].tolist(), strict=True)),
                ),
            )
            for film in gap_films(sources, with_sounds=with_sounds)
        ]

    tell(str(counted(heard(True), heard(False))))


def measure_music(
    data: Path, *, work: Path, peer: Path | None, model: str, tell: Callable[[str], None]
) -> None:
    """Evaluates cues of music; see `measure_gaps`."""
    features = load_model(model).features
    sources = read_sources(data)
    asked = None if peer is None else yamnet(peer)
    voices = build_table(learnt(sources), features, work, "learnt", asked)
    tell(fit_music_part(sources, voices, work, model)[1])


def measure_moods(
    data: Path,
    answers: Path,
    *,
    work: Path,
    peer: Path | None,
    model: str,
    tell: Callable[[str], None],
) -> None:
    """Counts sounds detected in acted speech, and evaluates their effect on decisions.

    Args:
        data: see `make`
        answers: predictions for films by voice and words, as ``docs/films/answers-default.csv``
        work: see `make`
        peer: see `make`
        model: see `make`
        tell: called with the figures
    """
    classifier = load_model(model)
    sources = read_sources(data)
    first = learnt_table(sources, classifier.features, work, None if peer is None else yamnet(peer))
    heads = fit_folds(first, window_recipe(classifier.features))
    every = np.ones(len(first.folds), bool)
    thresholds = choose_thresholds(fold_peaks(first, heads), first, every)
    clips = list(read_clips({name: data / name for name in ("ravdess", "savee")}))
    found = read_moods(clips, classifier, work)
    tell(str(mood_counts(found, found.peaks(heads), thresholds)))
    decision = classifier.bundle.decision[Witnesses.VOICE_AND_WORDS]
    for effect in effects(read_answers(answers), decision.threshold):
        tell(str(effect))


def measure_scene(data: Path, *, peer: Path, tell: Callable[[str], None]) -> None:
    """Counts the sounds of the scene that a YAMNet shows in films of speech, and in ESC-10's noises.

    Args:
        data: see `make`
        peer: a folder with ``yamnet.tflite``
        tell: called with the figures
    """
    tagger, sources = read_tagger(peer / "yamnet.tflite"), read_sources(data)
    for with_sounds in (False, True):
        shown, minutes = Counter[str](), 0.0
        for film in gap_films(sources, with_sounds=with_sounds):
            shown.update(cue.sound.value for cue in scene_cues_of(film, tagger))
            minutes += film.samples.size / SAMPLE_RATE / 60
        name = "with vocal sounds" if with_sounds else "without vocal sounds"
        tell(f"films {name}, {minutes:.0f} min: {_counted(shown)}")
    by_kind: dict[str, Counter[str]] = {}
    for path in sorted((data / "backgrounds" / "noise").glob("*/*.ogg")):
        best = tagger.scores(load(path, sample_rate=SAMPLE_RATE)).max(axis=0)
        heard = [SCENE_WORDS[at].value for at in np.flatnonzero(best >= LEAST_SCORE)]
        by_kind.setdefault(path.parent.name, Counter()).update(heard or ["nothing"])
    for kind, counts in by_kind.items():
        tell(f"{kind}: {_counted(counts)}")


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items())) or "nothing"
