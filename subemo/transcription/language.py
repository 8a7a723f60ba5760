"""Which language is spoken."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from ..tagging.languages import two_letters

#: Stretches of a film by which its language is found, 28 s at most each.
DETECTED_ON = 5

#: Codes of Whisper's that are no BCP 47 codes, or older ones.
_WHISPERS = {"jv": "jw", "nb": "no", "fil": "tl"}
_BCP_47 = {"jw": "jv"}


def likeliest(stretches: Iterable[tuple[float, Mapping[str, float]]]) -> str | None:
    """The language that several stretches of sound hold, by the mean of what each says.

    Each stretch counts by its seconds.

    Args:
        stretches: of each stretch its seconds, and the probability of each language

    Returns:
        its code, or None where there are none

    >>> likeliest([(1.0, {"en": 0.9, "nn": 0.1}), (9.0, {"en": 0.2, "nn": 0.8})])
    'nn'
    """
    sums: defaultdict[str, float] = defaultdict(float)
    for seconds, probabilities in stretches:
        for language, probability in probabilities.items():
            sums[language] += seconds * probability
    return max(sums, key=lambda language: (sums[language], language), default=None)


def to_whisper(language: str) -> str:
    """What Whisper calls a language.

    Args:
        language: a BCP 47 code, or one of ISO 639

    >>> to_whisper("pt-BR"), to_whisper("ger"), to_whisper("jv")
    ('pt', 'de', 'jw')
    """
    base = two_letters(language).partition("-")[0]
    return _WHISPERS.get(base, base)


def from_whisper(language: str) -> str:
    """The BCP 47 code of a language of Whisper's.

    >>> from_whisper("jw"), from_whisper("pl")
    ('jv', 'pl')
    """
    return _BCP_47.get(language, language)
