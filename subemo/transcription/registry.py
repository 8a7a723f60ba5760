"""Which Whispers there are, and which of them writes a film down."""

from __future__ import annotations

from collections.abc import Sequence

from ..core.errors import BundleError, MissingExtraError
from . import base, tiny_en
from .weights import WhisperWeights

#: The first that is installed and knows the language is taken.
WHISPERS: tuple[WhisperWeights, ...] = (base.WEIGHTS, tiny_en.WEIGHTS)


def choose(language: str | None, whispers: Sequence[WhisperWeights] = WHISPERS) -> WhisperWeights:
    """The Whisper that transcribes a language.

    Args:
        language: by Whisper's code; None if it is unknown
        whispers: those that there are

    Raises:
        MissingExtraError: if one that is not installed knows it
        BundleError: if none does, or none is installed
    """
    fitting = [one for one in whispers if one.knows(language)]
    for one in fitting:
        if one.is_installed:
            return one
    if not fitting:
        raise BundleError(
            f"no Whisper here knows the language {language!r}",
            remedy="Name another with --whisper, or leave the words out with --no-transcribe.",
        )
    wanted = fitting[0]
    here = [one.name for one in whispers if one.is_installed]
    if not here or wanted.extra is None:
        raise BundleError(f"{wanted.name} is not installed", remedy=wanted.remedy)
    raise MissingExtraError(
        f"{' and '.join(here)} does not know the language {language!r}, but {wanted.name} does",
        remedy=f"Install it with: pip install 'subemo[{wanted.extra}]'; or name another with "
        "--whisper, or leave the words out with --no-transcribe.",
    )
