"""A thin wrapper of LiteRT: one row of features in, eight probabilities out."""

from __future__ import annotations

from ..core.emotions import EMOTIONS
from ..core.errors import BundleError
from ..core.litert import Network
from ..core.prediction import are_probabilities
from ..features import FeatureSet, Vector
from .batching import SUMMARY


class LiteRT:
    """A network in LiteRT format, loaded.

    Args:
        weights: the content of a ``.tflite`` file: batch 1, one input of the
            shape (1, size, 1) or (1, steps + 2, size + 1), one output of the shape (1, 8)

    Raises:
        BundleError: if it is not such a network
    """

    def __init__(self, weights: bytes) -> None:
        self._network = Network(weights)
        try:
            (self._source,), (self._target,) = self._network.inputs, self._network.outputs
        except ValueError as error:
            raise BundleError(f"not a LiteRT network ({error})") from error
        self._shape = self._source.shape
        if self._target.shape != (1, len(EMOTIONS)):
            raise BundleError("this network does not output eight probabilities")
        if not (self._source.is_single and self._target.is_single):
            raise BundleError("this network is not in single precision")

    def check_fit(self, features: FeatureSet) -> None:
        """Checks that the network takes these features.

        Raises:
            BundleError: if its input shape differs from that of the features
        """
        size = features.size
        if len(features.shape) == 1:
            fits, wanted = self._shape == (1, size, 1), f"1 x {size} x 1"
        else:
            fits = len(self._shape) == 3 and self.steps > 0 and self._shape[2] == size + 1
            wanted = f"1 x frames x {size + 1}"
        if not fits:
            taken = " x ".join(map(str, self._shape))
            raise BundleError(
                f"its network takes {taken} values, but its features {features.name!r} have "
                f"{wanted}, so they do not belong to the same model",
                remedy="Get a fresh copy of the model.",
            )

    @property
    def size(self) -> int:
        """The number of features that the network takes."""
        return self._source.size

    @property
    def steps(self) -> int:
        """The number of frames that the network takes at once."""
        return self._shape[1] - SUMMARY

    def probabilities(self, row: Vector) -> Vector:
        """The probabilities of the eight emotions.

        Args:
            row: standardised features, shape (size,) or (steps + 2, size + 1)

        Returns:
            shape (8,), in the order of `EMOTIONS`, summing to 1

        Raises:
            BundleError: if the network fails, or its output is not a
                distribution
        """
        answer: Vector = self._network.run(row, self._source, self._target)
        if not are_probabilities(answer):
            raise BundleError(
                "this network's output is not a distribution", remedy="Use another model."
            )
        return answer
