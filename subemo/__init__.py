"""subemo adds the emotion of the voice to a film's subtitles."""

from __future__ import annotations

from .core.version import __version__

# Not `typing`'s, whose import Ctrl-C could fall into before anybody can catch it.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .align import SilencePolicy
    from .api import Annotation, annotate, classify
    from .core.emotions import Emotion
    from .core.errors import SubemoError
    from .core.prediction import Prediction
    from .model.classifier import Classifier
    from .subtitles.document import Cue
    from .tagging.annotation import AnnotatedCue
    from .tagging.policy import TagPolicy

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
    "__version__",
    "annotate",
    "classify",
]

# Names are fetched when they are first used, so that `subemo --help` does not
# wait for NumPy.
_HOMES = {
    "AnnotatedCue": "tagging.annotation",
    "Annotation": "api",
    "Classifier": "model.classifier",
    "Cue": "subtitles.document",
    "Emotion": "core.emotions",
    "Prediction": "core.prediction",
    "SilencePolicy": "align",
    "SubemoError": "core.errors",
    "TagPolicy": "tagging.policy",
    "annotate": "api",
    "classify": "api",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f".{_HOMES[name]}", __name__), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
