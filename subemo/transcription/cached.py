"""A film's words in the cache, so that another policy or format does not listen again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from ..core.cache import Array, Cache
from ..core.errors import OutputError
from ..core.progress import ignore
from .words import Transcript


@dataclass(frozen=True)
class CachedTranscript:
    """The place of a transcript in the cache.

    Attributes:
        cache: where
        key: the name of all that it depends on, the transcriber included
    """

    cache: Cache
    key: str

    def get(self, *, on_note: Callable[[str], None] = ignore) -> Transcript | None:
        """The transcript, or None where there is none, or a damaged one.

        Args:
            on_note: called with a line on one that is there, but damaged
        """
        array = self.cache.get(self.key, shape=(None,), fits=_is_transcript, on_note=on_note)
        return None if array is None else Transcript.of_bytes(array.tobytes())

    def put(self, transcript: Transcript) -> Iterator[str]:
        """Caches a transcript; a cache without room or leave costs the next run time alone.

        Yields:
            why it is not cached
        """
        try:
            self.cache.put(self.key, np.frombuffer(transcript.to_bytes(), dtype=np.uint8))
            self.cache.shrink()
        except (OSError, OutputError) as error:
            yield f"the words are not cached ({error})"


def _is_transcript(array: Array) -> bool:
    try:
        Transcript.of_bytes(array.tobytes())
    except ValueError:
        return False
    return array.dtype == np.uint8
