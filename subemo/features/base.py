"""The interface of a feature set."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from ..media.audio import Samples

#: Features, in single or half precision.
Vector = npt.NDArray[np.float32 | np.float16]


class FeatureSet(Protocol):
    """Turns a segment of sound into numbers of a fixed shape.

    To add one: write a class with these members in a module beside this one, and add it to
    ``_EVERY`` of `subemo.features`.
    """

    @property
    def name(self) -> str:
        """Its name in `model.json`; a change of the values needs a new name."""
        ...

    @property
    def sample_rate(self) -> int:
        """The sample rate of its input, in hertz."""
        ...

    @property
    def size(self) -> int:
        """The number of values, in all or per frame."""
        ...

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of its statistics, see `subemo.model.statistics.Statistics`."""
        ...

    @property
    def threads(self) -> int:
        """The best number of segments to extract in parallel; above 1 if Python only waits."""
        ...

    def configured(self, parameters: Mapping[str, float | str]) -> FeatureSet:
        """The feature set with a bundle's parameters, or the nearest to it."""
        ...

    def parameters(self) -> Mapping[str, float | str]:
        """All parameters that its values depend on; a bundle with others is refused."""
        ...

    def extract(self, samples: Samples) -> Vector:
        """The features of a trimmed segment, shape (size,) or (frames, size)."""
        ...


@runtime_checkable
class FrameFeatures(FeatureSet, Protocol):
    """A feature set whose result has frames, on which the default model is trained."""

    @property
    def widths(self) -> tuple[int, ...]:
        """The number of values in a frame from each layer of an encoder, in order."""
        ...


def extracted_shape(features: FeatureSet) -> tuple[int | None, ...]:
    """The shape of the result of `FeatureSet.extract`; None for any number of frames."""
    return (features.size,) if len(features.shape) == 1 else (None, features.size)
