from __future__ import annotations

import numpy as np
import pytest

from subemo.analysis.features import SpillFile, Vectors

VECTORS = [
    np.random.default_rng(k).standard_normal((5 + k, 8)).astype(kind)
    for k, kind in enumerate([np.float16, np.float32, np.float16])
]


@pytest.mark.parametrize("in_memory", [1, 200, 1_000_000])
def test_what_is_put_aside_comes_back(in_memory: int) -> None:
    with SpillFile(in_memory=in_memory) as spill:
        vectors = Vectors([spill.put(vector) for vector in VECTORS])
        assert len(vectors) == 3
        for _ in range(2):  # as often as it is asked
            for found, vector in zip(vectors, VECTORS, strict=True):
                assert found.dtype == vector.dtype
                np.testing.assert_array_equal(found, vector)


def test_between_readings_more_can_be_put_aside() -> None:
    with SpillFile(in_memory=1) as spill:
        first = spill.put(VECTORS[0])
        np.testing.assert_array_equal(first(), VECTORS[0])
        second = spill.put(VECTORS[1])
        np.testing.assert_array_equal(first(), VECTORS[0])
        np.testing.assert_array_equal(second(), VECTORS[1])


def test_little_memory_is_used() -> None:
    with SpillFile(in_memory=1_000) as spill:
        readers = [spill.put(VECTORS[0]) for _ in range(100)]
        assert spill._file is not None
        on_disk = spill._file.seek(0, 2)
        assert on_disk > (len(readers) - 20) * VECTORS[0].nbytes


@pytest.mark.parametrize("written", [0, 7, None])
def test_a_disk_without_room(monkeypatch: pytest.MonkeyPatch, written: int | None) -> None:
    with SpillFile(in_memory=0) as spill:
        first = spill.put(VECTORS[0])

        class Full:
            def seek(self, _: int) -> None:
                pass

            def write(self, _: bytes) -> int:
                if written is None:
                    raise OSError(28, "No space left on device")
                return written

        whole = spill._file
        monkeypatch.setattr(spill, "_file", Full())
        others = [spill.put(vector) for vector in VECTORS[1:]]
        monkeypatch.setattr(spill, "_file", whole)
        for read, vector in zip([first, *others], VECTORS, strict=True):
            np.testing.assert_array_equal(read(), vector)


def test_a_disk_that_nobody_may_write_to(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(**_: object) -> None:
        raise PermissionError(13, "no")

    monkeypatch.setattr("tempfile.TemporaryFile", refused)
    with SpillFile(in_memory=0) as spill:
        np.testing.assert_array_equal(spill.put(VECTORS[0])(), VECTORS[0])


def test_closed_with_it() -> None:
    with SpillFile(in_memory=0) as spill:
        spill.put(VECTORS[0])
    assert spill._file is not None
    assert spill._file.closed
