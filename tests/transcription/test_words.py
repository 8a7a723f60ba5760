from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from subemo.core.cache import Cache
from subemo.transcription.words import CachedTranscript, Transcript, Word

_WORDS = st.builds(
    lambda start, length, text: Word(start, start + length, text),
    st.integers(0, 10**9),
    st.integers(1, 10**6),
    st.text(max_size=20),
)
KEY = Cache.key(b"film", "tiny.en")


@given(st.lists(_WORDS, max_size=5), st.none() | st.just("pl"))
def test_what_is_kept_comes_back(words: list[Word], language: str | None) -> None:
    transcript = Transcript(tuple(words), language)
    assert Transcript.of_bytes(transcript.to_bytes()) == transcript


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\xff", b"[" * 100_000, b"[]", b"{}", b'{"words": 3, "language": null}',
        b'{"words": [], "language": 3}', b'{"words": [[0, 1]], "language": null}',
        b'{"words": [[1, 1, "a"]], "language": null}', b'{"words": [[-1, 1, "a"]], "language": null}',
        b'{"words": [[0, 1.5, "a"]], "language": null}', b'{"words": [[0, true, "a"]], "language": null}',
        b'{"words": [[0, 1, null]], "language": null}',
    ],
)  # fmt: skip
def test_what_is_no_transcript(content: bytes) -> None:
    with pytest.raises(ValueError):
        Transcript.of_bytes(content)


def test_the_cache(tmp_path: Path) -> None:
    cached = CachedTranscript(Cache(tmp_path), KEY)
    assert cached.get() is None
    said = Transcript((Word(0, 300, " Cześć 🙂"), Word(300, 301, "")), "pl")
    assert list(cached.put(said)) == []
    assert cached.get() == said
    assert CachedTranscript(Cache(tmp_path), Cache.key(b"film", "base")).get() is None


def test_nothing_said_is_kept_as_well(tmp_path: Path) -> None:
    cached = CachedTranscript(Cache(tmp_path), KEY)
    list(cached.put(Transcript(())))
    assert cached.get() == Transcript(())


@pytest.mark.parametrize(
    "array",
    [
        np.frombuffer(json.dumps({"words": [["a"]], "language": None}).encode(), np.uint8),
        np.frombuffer(Transcript(()).to_bytes().ljust(64), np.float64),
    ],
)
def test_a_damaged_entry_is_a_miss(tmp_path: Path, array: np.ndarray) -> None:
    cache = Cache(tmp_path)
    cache.put(KEY, array)
    notes: list[str] = []
    assert CachedTranscript(cache, KEY).get(on_note=notes.append) is None
    assert len(notes) == 1
    assert cache.size()[0] == 0


def test_a_cache_without_leave_costs_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file")
    said = Transcript((Word(0, 300, " Hi."),), "en")
    (why,) = CachedTranscript(Cache(tmp_path / "cache"), KEY).put(said)
    assert "could not cache" in why
