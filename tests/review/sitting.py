"""A film for a sitting whose predictions are given, so that no test depends on what a model hears."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from subemo.analysis.analyse import FilmAnalysis
from subemo.analysis.film import open_film
from subemo.analysis.predictions import CuePrediction
from subemo.api import load_model
from subemo.core.emotions import Emotion
from subemo.core.sounds import VocalProbabilities
from subemo.model.decision import Witnesses
from subemo.model.statistics import Adaptation
from subemo.review.judged import AnalysedFilm
from subemo.review.server import StudioServer
from subemo.review.session import Session
from subemo.review.studio import Studio
from subemo.sources.lookup import read_subtitles
from subemo.tagging.policy import TagPolicy
from subemo.tagging.vocabulary import Wording

from ..conftest import vocabulary_in, write_srt
from ..formats.build import sure


@dataclass(frozen=True)
class Line:
    """A cue: its words, how it sounds, how sure that is, and what else a voice does in it."""

    text: str
    emotion: Emotion = Emotion.NEUTRAL
    confidence: float = 0.9
    vocal: VocalProbabilities | None = None


def srt_of(folder: Path, lines: Sequence[Line], *, step_ms: int = 10_000) -> Path:
    cues = [(i * step_ms, i * step_ms + 3_000, line.text) for i, line in enumerate(lines)]
    return write_srt(folder / "film.srt", cues)


def heard_film(
    folder: Path,
    video: Path,
    lines: Sequence[Line],
    *,
    policy: TagPolicy | None = None,
    step_ms: int = 10_000,
) -> AnalysedFilm:
    """The film in *folder*, heard as *lines* say; nothing is analysed."""
    copy = folder / "film.mp4"
    if not copy.exists():
        shutil.copy(video, copy)
    track = read_subtitles(srt_of(folder, lines, step_ms=step_ms))
    bundle = load_model("subemo-crnn").bundle
    predictions = [
        CuePrediction(
            sure(line.emotion, line.confidence),
            3_000,
            voice_prediction=sure(line.emotion, line.confidence),
            vocal=line.vocal,
        )
        for line in lines
    ]
    found = FilmAnalysis(
        film=open_film(copy),
        cues=track.document.cues,
        predictions=tuple(predictions),
        model="a-model",
        threshold=bundle.decision[Witnesses.VOICE].threshold,
        adaptation=Adaptation.FILM,
    )
    return AnalysedFilm(
        track,
        found,
        bundle,
        None,
        policy or TagPolicy(cues_per_tag=1, ms_per_tag=0, same_tag_ms=0, tags_per_minute=60),
        Wording(),
        vocabulary_in("en"),
    )


@contextmanager
def served(session: Session, folder: Path) -> Iterator[StudioServer]:
    """A studio that predictions while the block runs."""
    studio = Studio(session, folder)
    with StudioServer(studio) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield server
        studio.end()
        server.shutdown()
        thread.join()
