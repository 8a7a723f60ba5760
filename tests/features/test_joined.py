from __future__ import annotations

import numpy as np
import pytest

from subemo.core.errors import BundleError
from subemo.features import FEATURE_SETS, JoinedFrames
from subemo.features.base import extracted_shape
from subemo.features.whisper import ENCODER_VARIABLE

from ..conftest import speechlike


def test_each_part_sees_the_same_sound() -> None:
    features = JoinedFrames()
    samples = speechlike(1.5, sample_rate=features.sample_rate)
    found = features.extract(samples)
    assert found.shape == (13, 896) and extracted_shape(features) == (None, 896)
    assert found.dtype == np.float16 and np.isfinite(found).all()
    parts = [part.extract(samples) for part in features.parts]
    np.testing.assert_array_equal(found, np.concatenate(parts, axis=1))
    assert features.widths == (384, 512)


def test_a_model_is_read_with_the_frames_that_it_names() -> None:
    features = JoinedFrames()
    parameters = features.parameters()
    assert features.configured(parameters) == features == FEATURE_SETS[features.name]
    one = JoinedFrames(features.parts[1:])
    assert features.configured(one.parameters()) == one
    assert one.size == 512


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"encoders": 0}, "number of encoders: 0"),
        ({"encoders": 5}, "number of encoders: 5"),
        ({"frame_ms": 50}, "frame length: 50 ms"),
        ({"size": 768}, "768 values per frame, of 896"),
        ({"2.size": 384}, "384 values per frame for 1 layers"),
        ({"1.compute_type": "int4"}, "int4"),
    ],
)
def test_frames_that_are_none(changed: dict[str, float | str], message: str) -> None:
    parameters = JoinedFrames().parameters() | changed
    with pytest.raises(ValueError, match=message):
        JoinedFrames().configured(parameters)


def test_an_encoder_that_is_not_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ENCODER_VARIABLE, raising=False)
    parameters = JoinedFrames().parameters() | {"2.layers": "2"}
    with pytest.raises(BundleError, match="another Whisper encoder"):
        JoinedFrames().configured(parameters)
    del parameters["2.size"]
    with pytest.raises(KeyError):
        JoinedFrames().configured(parameters)
