"""What every feature set is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import numpy as np
import numpy.typing as npt

from ..media.audio import Samples

#: Features, in single precision or, where many are kept, in half.
Vector = npt.NDArray[np.float32 | np.float16]


class FeatureSet(Protocol):
    """A way to turn a stretch of sound into numbers of a fixed shape.

    To add one: write a module beside this one whose ``FEATURES`` has these
    members, and name the module in ``_MODULES`` of `subemo.features`.
    """

    @property
    def name(self) -> str:
        """What `model.json` calls it; a change of the numbers needs a new name."""
        ...

    @property
    def sample_rate(self) -> int:
        """Of the sound that it takes, in hertz."""
        ...

    @property
    def size(self) -> int:
        """How many numbers it gives, in all or in each frame."""
        ...

    @property
    def shape(self) -> tuple[int, ...]:
        """Of what they are standardised with, see `subemo.model.statistics.Statistics`."""
        ...

    @property
    def threads(self) -> int:
        """How many stretches at once are quicker than one: more than one where Python waits."""
        ...

    def configured(self, parameters: Mapping[str, float | str]) -> FeatureSet:
        """The feature set of a bundle with these parameters, or the nearest to it."""
        ...

    def parameters(self) -> Mapping[str, float | str]:
        """Every number that its values depend on; a bundle of others is refused."""
        ...

    def extract(self, samples: Samples) -> Vector:
        """The features of one trimmed stretch, shape (size,) or (frames, size)."""
        ...


def extracted_shape(features: FeatureSet) -> tuple[int | None, ...]:
    """Of what `FeatureSet.extract` gives; None for any number of frames."""
    return (features.size,) if len(features.shape) == 1 else (None, features.size)
