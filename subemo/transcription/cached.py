"""Caches a film's transcript for other policies and formats."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from ..core.cache import Array, Cache
from ..core.progress import ignore
from .words import Transcript


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
