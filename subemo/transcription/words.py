"""Transcripts: words with their times, and the language."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.cache import Array, Cache
from ..core.progress import ignore


@dataclass(frozen=True)
class Word:
    """A word of a transcript, with its times.

    Attributes:
        start_ms: start time
        end_ms: end time
        text: with the preceding space, if the language has one

    Example:
        >>> Word(0, 300, " Hi.").text
        ' Hi.'
    """

    start_ms: int
    end_ms: int
    text: str


@dataclass(frozen=True)
class Transcript:
    """All words of a film.

    Attributes:
        words: in order
        language: the spoken language, a BCP 47 code, given or detected; None if unknown

    Example:
        >>> Transcript.of_bytes(Transcript((Word(0, 300, " Hi."),), "en").to_bytes())
        Transcript(words=(Word(start_ms=0, end_ms=300, text=' Hi.'),), language='en')
    """

    words: tuple[Word, ...]
    language: str | None = None

    def to_bytes(self) -> bytes:
        """JSON, in UTF-8."""
        words = [[word.start_ms, word.end_ms, word.text] for word in self.words]
        return json.dumps({"language": self.language, "words": words}).encode()

    @classmethod
    def of_bytes(cls, data: bytes) -> Transcript:
        """The inverse of `to_bytes`.

        Raises:
            ValueError: if it is not a transcript
        """
        try:
            content: Any = json.loads(data)
            words = tuple(_word(*row) for row in content["words"])
            language = content["language"]
        except (KeyError, TypeError, RecursionError) as error:
            raise ValueError(f"not a transcript ({error})") from error
        if not (language is None or isinstance(language, str)):
            raise ValueError(f"invalid language {language!r}")
        return cls(words, language)


def _word(start_ms: object, end_ms: object, text: object) -> Word:
    if type(start_ms) is not int or type(end_ms) is not int or not isinstance(text, str):
        raise ValueError("not a word")
    if not 0 <= start_ms < end_ms:
        raise ValueError(f"a word from {start_ms} to {end_ms} ms")
    return Word(start_ms, end_ms, text)


@dataclass(frozen=True)
class CachedTranscript:
    """The cache entry of a transcript.

    Attributes:
        cache: the cache
        key: the hash of everything that it depends on, including the transcriber
    """

    cache: Cache
    key: str

    def get(self, *, on_note: Callable[[str], None] = ignore) -> Transcript | None:
        """The cached transcript, or None if it is missing or damaged.

        Args:
            on_note: called with a message if the entry is damaged
        """
        array = self.cache.get(self.key, shape=(None,), fits=_is_transcript, on_note=on_note)
        return None if array is None else Transcript.of_bytes(array.tobytes())

    def put(self, transcript: Transcript) -> Iterator[str]:
        """Caches a transcript; a failure is only reported.

        Yields:
            a message if it could not be cached
        """
        array = np.frombuffer(transcript.to_bytes(), dtype=np.uint8)
        return self.cache.try_put(self.key, array, name="the transcript")


def _is_transcript(array: Array) -> bool:
    try:
        Transcript.of_bytes(array.tobytes())
    except ValueError:
        return False
    return array.dtype == np.uint8
