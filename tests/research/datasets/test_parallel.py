from __future__ import annotations

import math
from functools import partial

import pytest

from subemo.research.datasets.features import on_all_cores


@pytest.fixture(autouse=True, params=["1", "2"])
def cores(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOKY_MAX_CPU_COUNT", request.param)


def test_results_come_in_the_order_of_the_items() -> None:
    assert list(on_all_cores(partial(pow, 2), range(20), batch_size=3)) == [2**n for n in range(20)]


def test_a_failure_of_one_item_is_the_callers() -> None:
    with pytest.raises(ValueError, match=r"domain|nonnegative"):
        list(on_all_cores(math.sqrt, [1.0, -1.0]))
