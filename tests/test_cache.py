from pathlib import Path

import numpy as np

from subemo.cache import Cache


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
