"""subemo adds the emotion of the voice to a film's subtitles."""

from __future__ import annotations

from .core.version import __version__

# Not `typing`'s: Ctrl-C during that import could not be caught yet.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .align import SilencePolicy
    from .analysis.analyse import FilmAnalysis, analyse
    from .analysis.film import Film, open_film
    from .analysis.options import AnalysisOptions
    from .annotation import Annotation, tag
    from .api import annotate, classify, load_model, write
    from .core.emotions import Emotion
    from .core.errors import SubemoError
    from .core.prediction import Prediction
    from .model.classifier import Classifier
    from .model.statistics import Adaptation
    from .sources.lookup import SubtitleTrack, read_subtitles
    from .subtitles.document import Cue
    from .tagging.annotation import AnnotatedCue
    from .tagging.policy import Audience, PolicyKind, TagPolicy
    from .tagging.vocabulary import Wording

__all__ = [
    "Adaptation",
    "AnalysisOptions",
    "AnnotatedCue",
    "Annotation",
    "Audience",
    "Classifier",
    "Cue",
    "Emotion",
    "Film",
    "FilmAnalysis",
    "PolicyKind",
    "Prediction",
    "SilencePolicy",
    "SubemoError",
    "SubtitleTrack",
    "TagPolicy",
    "Wording",
    "__version__",
    "analyse",
    "annotate",
    "classify",
    "load_model",
    "open_film",
    "read_subtitles",
    "tag",
    "write",
]

# Names are imported on first use, so that `subemo --help` does not load
# NumPy.
_HOMES = {
    "Adaptation": "model.statistics",
    "AnalysisOptions": "analysis.options",
    "AnnotatedCue": "tagging.annotation",
    "Annotation": "annotation",
    "Audience": "tagging.policy",
    "Classifier": "model.classifier",
    "Cue": "subtitles.document",
    "Emotion": "core.emotions",
    "Film": "analysis.film",
    "FilmAnalysis": "analysis.analyse",
    "PolicyKind": "tagging.policy",
    "Prediction": "core.prediction",
    "SilencePolicy": "align",
    "SubemoError": "core.errors",
    "SubtitleTrack": "sources.lookup",
    "TagPolicy": "tagging.policy",
    "Wording": "tagging.vocabulary",
    "analyse": "analysis.analyse",
    "annotate": "api",
    "classify": "api",
    "load_model": "api",
    "open_film": "analysis.film",
    "read_subtitles": "sources.lookup",
    "tag": "annotation",
    "write": "api",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f".{_HOMES[name]}", __name__), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
