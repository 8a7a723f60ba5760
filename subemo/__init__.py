"""subemo adds the emotion of the voice to a film's subtitles."""

from __future__ import annotations

# Not `typing`'s, whose import Ctrl-C could fall into before anybody can catch it.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .align import SilencePolicy
    from .annotation import AnnotatedCue, Annotation
    from .captions.document import Cue
    from .captions.policy import TagPolicy
    from .emotions import Emotion
    from .errors import SubemoError
    from .model.classifier import Classifier
    from .pipeline import annotate, classify
    from .prediction import Prediction

__version__ = "0.1.0"

__all__ = [
    "AnnotatedCue",
    "Annotation",
    "Classifier",
    "Cue",
    "Emotion",
    "Prediction",
    "SilencePolicy",
    "SubemoError",
    "TagPolicy",
    "annotate",
    "classify",
]

# Names are fetched when they are first used, so that `subemo --help` does not
# wait for NumPy.
_HOMES = {
    "AnnotatedCue": "annotation",
    "Annotation": "annotation",
    "Classifier": "model.classifier",
    "Cue": "captions.document",
    "Emotion": "emotions",
    "Prediction": "prediction",
    "SilencePolicy": "align",
    "SubemoError": "errors",
    "TagPolicy": "captions.policy",
    "annotate": "pipeline",
    "classify": "pipeline",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f".{_HOMES[name]}", __name__), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
