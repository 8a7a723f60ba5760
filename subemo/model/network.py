"""A network for eight emotions: its input of a fixed number of frames, its run, its calibrated output.

Input is padded, with a mask; the output is calibrated by temperature scaling (Guo et al., 2017).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..align.segments import windows
from ..core.emotions import EMOTIONS, are_probabilities
from ..core.errors import BundleError
from ..core.litert import Network
from ..features import FeatureSet, Vector

Row = npt.NDArray[np.float32]

#: Rows after the frames: the segment's mean and standard deviation over time.
SUMMARY = 2


def padded(frames: Vector, summary: Vector, steps: int) -> Row:
    """Builds one network input.

    Args:
        frames: standardised, at most *steps* of them, shape (frames, size)
        summary: of the whole segment, standardised, shape (2, size)
        steps: number of frames that the network takes

    Returns:
        shape (steps + 2, size + 1): the frames, zeros, the summary; the last
        column is 1 for a frame and 0 elsewhere
    """
    row = np.zeros((steps + SUMMARY, frames.shape[1] + 1), dtype=np.float32)
    row[: len(frames), :-1] = frames
    row[: len(frames), -1] = 1
    row[steps:, :-1] = summary
    return row


def rows_of(standardised: Vector, steps: int) -> list[tuple[Row, int]]:
    """Divides a segment into the fewest inputs of equal length, with their numbers of frames.

    Args:
        standardised: see `Statistics.standardise`, shape (2 + frames, size)
        steps: number of frames that the network takes
    """
    summary, frames = standardised[:SUMMARY], standardised[SUMMARY:]
    return [
        (padded(frames[start:end], summary, steps), end - start)
        for start, end in windows(0, len(frames), longest_ms=steps)
    ]


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


Array = npt.NDArray[np.float64]


def soften(logits: npt.ArrayLike, temperature: float = 1.0) -> Array:
    """The softmax of logits, or of log probabilities, with a temperature.

    Args:
        logits: shape (…, classes)
        temperature: above 1 makes them less confident
    """
    scaled = np.asarray(logits, dtype=np.float64) / temperature
    powers = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))
