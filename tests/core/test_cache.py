from __future__ import annotations

import errno
import os
import shutil
import struct
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

import subemo
from subemo.analysis import predictions
from subemo.analysis.features import extract_features
from subemo.analysis.predictions import CachedPredictions
from subemo.cli import main
from subemo.core.cache import Cache, file_digest
from subemo.core.emotions import Prediction
from subemo.core.errors import OutputError
from subemo.tagging.policy import PolicyKind, TagPolicy

from ..conftest import write_srt


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
    (path,) = tmp_path.rglob("*.entry")
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
        monkeypatch.setattr(
            predictions,
            "extract_features",
            lambda *a, **k: calls.append(a) or extract_features(*a, **k),
        )
        return calls

    def test_a_known_film_is_not_heard_again(
        self, film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        subs = write_srt(
            tmp_path / "a.srt", [(0, 3_000, "One"), (6_000, 8_000, "Two"), (4_100, 4_200, "x")]
        )
        calls = self.heard(monkeypatch)
        cache = Cache(tmp_path / "cache")
        first = subemo.annotate(film, subs, options=subemo.AnalysisOptions(cache=cache))
        bbc = TagPolicy(policy=PolicyKind.EVERY, preset="bbc")
        again = subemo.annotate(film, subs, options=subemo.AnalysisOptions(cache=cache), policy=bbc)
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
        found = [
            subemo.annotate(film, subs, options=subemo.AnalysisOptions(cache=cache))
            for _ in range(2)
        ]
        assert len(calls) == 1
        assert "the encoding is guessed" in found[0].warnings[0]
        assert found[0] == found[1]

    @pytest.mark.parametrize("what", ["film", "cues", "adaptation", "model"])
    def test_what_is_new_is_heard(
        self, film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
    ) -> None:
        film = Path(shutil.copy(film, tmp_path / "film.mp4"))
        subs = write_srt(tmp_path / "a.srt", [(0, 3_000, "One")])
        calls = self.heard(monkeypatch)
        cache = Cache(tmp_path / "cache")
        subemo.annotate(film, subs, options=subemo.AnalysisOptions(cache=cache))
        options: dict[str, Any] = {"options": subemo.AnalysisOptions(cache=cache)}
        if what == "film":
            film.write_bytes(film.read_bytes() + b"\0")
        elif what == "cues":
            write_srt(subs, [(0, 3_001, "One")])
        elif what == "adaptation":
            options["options"] = subemo.AnalysisOptions(
                cache=cache, adaptation=subemo.Adaptation.NONE
            )
        else:
            options["model"] = "report-crnn"
        subemo.annotate(film, subs, **options)
        assert len(calls) == 2

    def test_the_command(
        self, film: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        subs = write_srt(tmp_path / "a.srt", [(0, 3_000, "One")])
        assert main(["annotate", str(film), str(subs), "--no-cache"]) == 0
        assert main(["cache", "info"]) == 0
        assert "films cached: 0" in capsys.readouterr().out
        assert main(["annotate", str(film), str(subs), "--overwrite"]) == 0
        assert main(["cache", "info"]) == 0
        assert "films cached: 1" in capsys.readouterr().out
        assert main(["cache", "clear"]) == 0
        assert "films deleted: 1" in capsys.readouterr().out


def _entry(cache: Cache, array: np.ndarray) -> tuple[str, Path]:
    key = Cache.key(b"content")
    cache.put(key, array)
    return key, cache._path(key)


def _forged(key: str, array: np.ndarray) -> bytes:
    """An entry whose checksum is right, whatever it holds."""
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        cache = Cache(Path(folder))
        cache.put(key, array)
        return cache._path(key).read_bytes()


class TestDamage:
    """Whatever lies in an entry's place, it is a miss, is told of, and makes room for a new one."""

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"subemo",
            b"\x93NUMPY\x01\x00",
            b"\0" * 500,
            b"subemo\x00\x01" + b"\0" * 32 + struct.pack("<BB4Q", 3, 1, 10**12, 0, 0, 0),
            b"subemo\x00\x01" + b"\0" * 32 + struct.pack("<BB4Q", 3, 2, 0, 2**63, 0, 0),
            b"subemo\x00\x01" + b"\0" * 32 + struct.pack("<BB4Q", 9, 1, 0, 0, 0, 0),
        ],
    )
    def test_content(self, tmp_path: Path, content: bytes) -> None:
        cache = Cache(tmp_path)
        key, path = _entry(cache, np.ones(5))
        path.write_bytes(content)
        notes: list[str] = []
        assert cache.get(key, on_note=notes.append) is None
        assert len(notes) == 1
        assert "ignored a damaged cache entry" in notes[0]
        assert not path.exists()
        assert cache.get(key, on_note=notes.append) is None
        assert len(notes) == 1  # what is not there is no damage

    @pytest.mark.parametrize("kind", ["pipe", "loop", "link", "folder", "full folder"])
    def test_what_is_no_file(self, tmp_path: Path, kind: str) -> None:
        cache = Cache(tmp_path / "cache")
        key, path = _entry(cache, np.ones(5))
        elsewhere = Path(shutil.move(path, tmp_path / "elsewhere"))
        if kind == "pipe":
            os.mkfifo(path)
        elif kind == "loop":
            path.symlink_to(path)
        elif kind == "link":
            path.symlink_to(elsewhere)
        else:
            path.mkdir()
            if kind == "full folder":
                (path / "file").write_text("x")
        assert cache.size()[0] == 1
        assert cache.get(key) is None
        assert not os.path.lexists(path)
        assert elsewhere.exists()
        cache.put(key, np.ones(5))
        assert cache.get(key) is not None

    @pytest.mark.parametrize("kind", ["pipe", "loop", "folder"])
    def test_all_of_it_can_be_cleared(self, tmp_path: Path, kind: str) -> None:
        cache = Cache(tmp_path)
        _, path = _entry(cache, np.ones(5))
        other = path.with_name("0" * 64 + ".entry")
        if kind == "pipe":
            os.mkfifo(other)
        elif kind == "loop":
            other.symlink_to(other)
        else:
            other.mkdir()
        assert cache.size()[0] == 2
        assert cache.shrink(0) == 2
        assert cache.size() == (0, 0)

    def test_every_wrong_byte_is_seen(self, tmp_path: Path) -> None:
        cache = Cache(tmp_path)
        key, path = _entry(cache, np.arange(4, dtype=np.float32))
        whole = path.read_bytes()
        for place in range(len(whole)):
            data = bytearray(whole)
            data[place] ^= 1
            path.write_bytes(data)
            assert cache.get(key) is None, place

    def test_a_copy_under_another_name(self, tmp_path: Path) -> None:
        cache = Cache(tmp_path)
        _, path = _entry(cache, np.ones(5))
        other = Cache.key(b"other")
        cache._path(other).parent.mkdir(exist_ok=True)
        shutil.copy(path, cache._path(other))
        assert cache.get(other) is None

    def test_another_shape_is_not_even_read(self, tmp_path: Path) -> None:
        cache = Cache(tmp_path)
        key, _ = _entry(cache, np.ones((3, 9)))
        assert cache.get(key, shape=(None, 9)) is not None
        assert cache.get(key, shape=(4, 9)) is None

    def test_a_file_of_absurd_size(self, tmp_path: Path) -> None:
        cache = Cache(tmp_path)
        key, path = _entry(cache, np.ones(5))
        with path.open("r+b") as file:
            file.truncate(1 << 40)  # takes no room on the disk
        assert cache.get(key) is None

    def test_what_is_too_large_is_not_kept(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("subemo.core.cache.LARGEST", 1_000)
        Cache(tmp_path).put("0" * 64, np.ones(500))
        assert Cache(tmp_path).size() == (0, 0)

    def test_entries_of_former_versions_are_counted_and_go(self, tmp_path: Path) -> None:
        cache = Cache(tmp_path)
        key, path = _entry(cache, np.ones(5))
        former = path.with_suffix(".npy")
        np.save(former, np.ones(5))
        os.utime(former, ns=(0, 0))
        assert cache.size()[0] == 2
        assert cache.shrink(path.stat().st_size) == 1
        assert not former.exists()
        assert cache.get(key) is not None

    def test_a_cache_that_is_a_file(self, tmp_path: Path) -> None:
        (tmp_path / "cache").write_text("x")
        cache = Cache(tmp_path / "cache")
        assert cache.get("0" * 64) is None
        with pytest.raises(OutputError, match="cannot create the cache folder"):
            cache.put("0" * 64, np.ones(5))

    def test_what_cannot_be_read_is_left_alone(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        cache = Cache(tmp_path)
        key, path = _entry(cache, np.ones(5))

        def fail(*_: object, **__: object) -> int:
            raise OSError(errno.EMFILE, "Too many open files")

        monkeypatch.setattr("subemo.core.cache.open_plain", fail)
        notes: list[str] = []
        assert cache.get(key, on_note=notes.append) is None
        assert "Too many open files" in notes[0]
        assert path.exists()

    @given(st.data())
    def test_any_bytes_in_any_place(self, data: st.DataObject) -> None:
        with tempfile.TemporaryDirectory() as folder:
            cache = Cache(Path(folder))
            key, path = _entry(cache, np.arange(6, dtype=np.float16).reshape(2, 3))
            whole = path.read_bytes()
            start = data.draw(st.integers(0, len(whole)))
            end = data.draw(st.integers(start, len(whole)))
            written = whole[:start] + data.draw(st.binary(max_size=100)) + whole[end:]
            path.write_bytes(written)
            assert (cache.get(key) is None) == (written != whole)

    @given(
        arrays(
            st.sampled_from([np.float16, np.float32, np.float64]),
            array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4),
        )
    )
    def test_any_array_comes_back(self, array: np.ndarray) -> None:
        with tempfile.TemporaryDirectory() as folder:
            cache = Cache(Path(folder))
            key, _ = _entry(cache, array)
            kept = cache.get(key, shape=array.shape)
            assert kept is not None
            assert (kept.dtype, kept.shape) == (array.dtype, array.shape)
            np.testing.assert_array_equal(kept, array)


GOOD = [0.3, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 500.0]


class TestAnswers:
    @pytest.mark.parametrize(
        "row",
        [
            [-5, 6, 0, 0, 0, 0, 0, 0, 500],
            [np.inf, *GOOD[1:]],
            [np.nan, *GOOD[1:]],
            [0.5, *GOOD[1:]],
            [2, *[0] * 7, 500],
            [*GOOD[:8], np.nan],
            [*GOOD[:8], np.inf],
            [*GOOD[:8], -1],
            [0] * 9,
        ],
    )
    def test_what_cannot_be_is_a_miss(self, tmp_path: Path, row: list[float]) -> None:
        kept = CachedPredictions(Cache(tmp_path), Cache.key(b"film"))
        kept.cache.put(kept.key, np.array([GOOD, row]))
        notes: list[str] = []
        assert kept.get(2, on_note=notes.append) is None
        assert "invalid values" in notes[0]

    def test_what_can_be_comes_back(self, tmp_path: Path) -> None:
        kept = CachedPredictions(Cache(tmp_path), Cache.key(b"film"))
        unknown = [*[np.nan] * 8, 0]
        kept.cache.put(kept.key, np.array([GOOD, unknown]))
        answers = kept.get(2)
        assert answers is not None
        assert answers[0].prediction == Prediction(tuple(GOOD[:8]))
        assert (answers[1].prediction, answers[1].audio_ms) == (None, 0)

    @pytest.mark.parametrize("damage", ["empty", "forged", "pipe"])
    def test_a_film_is_heard_again(self, film: Path, tmp_path: Path, damage: str) -> None:
        subs = write_srt(tmp_path / "a.srt", [(0, 3_000, "One")])
        cache = Cache(tmp_path / "cache")
        first = subemo.annotate(film, subs, options=subemo.AnalysisOptions(cache=cache))
        (path,) = cache.folder.rglob("*.entry")
        if damage == "empty":
            path.write_bytes(b"")
        elif damage == "forged":
            path.write_bytes(_forged(path.stem, np.array([[-5, 6, *[0.0] * 6, 500]])))
        else:
            path.unlink()
            os.mkfifo(path)
        notes: list[str] = []
        assert (
            subemo.annotate(
                film, subs, options=subemo.AnalysisOptions(cache=cache, on_note=notes.append)
            )
            == first
        )
        assert len(notes) == 1
        assert (
            subemo.annotate(
                film, subs, options=subemo.AnalysisOptions(cache=cache, on_note=notes.append)
            )
            == first
        )
        assert len(notes) == 1


def test_a_digest_of_a_file_that_was_replaced(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(b"one")
    before = path.stat()
    first = file_digest(path)
    (tmp_path / "new").write_bytes(b"two")
    (tmp_path / "new").replace(path)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert file_digest(path) != first


def test_what_lies_behind_a_link_is_left_alone(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "mine.entry").write_bytes(b"mine")
    cache = Cache(tmp_path / "cache")
    cache.folder.mkdir()
    (cache.folder / "bb").symlink_to(outside)
    assert cache.size() == (0, 0)
    assert cache.shrink(0) == 0
    assert (outside / "mine.entry").read_bytes() == b"mine"
