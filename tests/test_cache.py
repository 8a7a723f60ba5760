from __future__ import annotations

import os
import shutil
from pathlib import Path

import numpy as np
import pytest

import subemo
from subemo import pipeline
from subemo.cache import Cache
from subemo.captions.policy import TagPolicy
from subemo.cli import main

from .conftest import write_srt


def test_what_was_put_comes_back(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    key = cache.key(b"content", "features", 1)
    assert cache.get(key) is None
    cache.put(key, np.arange(3, dtype=np.float32))
    kept = cache.get(key)
    assert kept is not None
    assert kept.tolist() == [0, 1, 2]


def test_keys_differ_by_content_and_by_parameters() -> None:
    keys = {Cache.key(b"a", 1), Cache.key(b"b", 1), Cache.key(b"a", 2), Cache.key(b"a", 1, 1)}
    assert len(keys) == 4


def test_a_cut_off_array_is_computed_again(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    key = cache.key(b"content")
    cache.put(key, np.arange(300, dtype=np.float32))
    (path,) = tmp_path.rglob("*.npy")
    path.write_bytes(path.read_bytes()[:100])
    assert cache.get(key) is None


def test_the_oldest_goes_first(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    keys = [Cache.key(bytes([n])) for n in range(4)]
    for n, key in enumerate(keys):
        cache.put(key, np.zeros(1_000, dtype=np.float32))
        os.utime(cache._path(key), ns=(n, n))
    assert cache.size()[0] == 4
    assert cache.get(keys[0]) is not None  # and so it was used last
    assert cache.shrink(limit=9_000) == 2
    assert [cache.get(key) is not None for key in keys] == [True, False, False, True]
    assert cache.shrink(0) == 2
    assert cache.size() == (0, 0)


class TestFilms:
    def heard(self, monkeypatch: pytest.MonkeyPatch) -> list[object]:
        calls: list[object] = []
        real = pipeline.listen
        monkeypatch.setattr(pipeline, "listen", lambda *a, **k: calls.append(a) or real(*a, **k))
        return calls

    def test_a_known_film_is_not_heard_again(
        self, film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        subs = write_srt(
            tmp_path / "a.srt", [(0, 3_000, "One"), (6_000, 8_000, "Two"), (4_100, 4_200, "x")]
        )
        calls = self.heard(monkeypatch)
        cache = Cache(tmp_path / "cache")
        first = subemo.annotate(film, subs, cache=cache)
        bbc = TagPolicy(policy="every", preset="bbc")
        again = subemo.annotate(film, subs, cache=cache, policy=bbc)
        assert len(calls) == 1
        fresh = subemo.annotate(film, subs, policy=bbc)
        assert again == fresh
        assert again.render("json") == fresh.render("json")
        assert first.adapted_on == again.adapted_on

    def test_a_guessed_encoding_is_no_reason_to_listen_again(
        self, film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        subs = tmp_path / "a.srt"
        subs.write_bytes("1\n00:00:01,000 --> 00:00:03,000\nÇa va, Zoë ?\n".encode("cp1252"))
        calls = self.heard(monkeypatch)
        cache = Cache(tmp_path / "cache")
        found = [subemo.annotate(film, subs, cache=cache) for _ in range(2)]
        assert len(calls) == 1
        assert "which is a guess" in found[0].warnings[0]
        assert found[0] == found[1]

    @pytest.mark.parametrize("what", ["film", "cues", "adaptation", "model"])
    def test_what_is_new_is_heard(
        self, film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
    ) -> None:
        film = Path(shutil.copy(film, tmp_path / "film.mp4"))
        subs = write_srt(tmp_path / "a.srt", [(0, 3_000, "One")])
        calls = self.heard(monkeypatch)
        cache = Cache(tmp_path / "cache")
        subemo.annotate(film, subs, cache=cache)
        options: dict[str, str] = {}
        if what == "film":
            film.write_bytes(film.read_bytes() + b"\0")
        elif what == "cues":
            write_srt(subs, [(0, 3_001, "One")])
        elif what == "adaptation":
            options["adaptation"] = "none"
        else:
            options["model"] = "report-crnn"
        subemo.annotate(film, subs, cache=cache, **options)
        assert len(calls) == 2

    def test_the_command(
        self, film: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        subs = write_srt(tmp_path / "a.srt", [(0, 3_000, "One")])
        assert main(["annotate", str(film), str(subs), "--no-cache"]) == 0
        assert main(["cache", "info"]) == 0
        assert "films kept: 0" in capsys.readouterr().out
        assert main(["annotate", str(film), str(subs), "--overwrite"]) == 0
        assert main(["cache", "info"]) == 0
        assert "films kept: 1" in capsys.readouterr().out
        assert main(["cache", "clear"]) == 0
        assert "films deleted: 1" in capsys.readouterr().out
