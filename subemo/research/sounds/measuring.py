"""Evaluates the detectors by folds, without writing weights."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from ...api import load_model
from ...core.errors import BundleError
from ...core.sounds import SOUNDS
from ...sounds.weights import find_weights
from ...tagging.sound_cues import SoundCue
from .figures import choose_thresholds
from .gap_films import GapFilm, counted, cues_of, gap_films
from .making import learnt_table
from .peer import yamnet
from .sources import FOLDS, read_sources
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
