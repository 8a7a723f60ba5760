"""Language detection."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from ..tagging.languages import two_letters

#: The number of segments used to detect a film's language, each at most 28 s.
DETECTED_ON = 5

#: Whisper's codes that are not BCP 47 codes, or outdated ones.
_WHISPERS = {"jv": "jw", "nb": "no", "fil": "tl"}
_BCP_47 = {"jw": "jv"}


def likeliest(stretches: Iterable[tuple[float, Mapping[str, float]]]) -> str | None:
    """The language of several segments of sound, by their mean probabilities.

    Each segment is weighted by its duration.

    Args:
        stretches: duration in seconds and language probabilities of each segment

    Returns:
        its code, or None if there are no segments

    >>> likeliest([(1.0, {"en": 0.9, "nn": 0.1}), (9.0, {"en": 0.2, "nn": 0.8})])
    'nn'
    """
    sums: defaultdict[str, float] = defaultdict(float)
    for seconds, probabilities in stretches:
        for language, probability in probabilities.items():
            sums[language] += seconds * probability
    return max(sums, key=lambda language: (sums[language], language), default=None)


def to_whisper(language: str) -> str:
    """Whisper's code of a language.

    Args:
        language: a BCP 47 code, or one of ISO 639

    >>> to_whisper("pt-BR"), to_whisper("ger"), to_whisper("jv")
    ('pt', 'de', 'jw')
    """
    base = two_letters(language).partition("-")[0]
    return _WHISPERS.get(base, base)


def from_whisper(language: str) -> str:
    """The BCP 47 code of a Whisper language.

    >>> from_whisper("jw"), from_whisper("pl")
    ('jv', 'pl')
    """
    return _BCP_47.get(language, language)
