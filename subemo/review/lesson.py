"""What the judgements of one film teach, as its file keeps it for the next film of the same voices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ..core.printable import plain
from ..model.decision import LESSON

if TYPE_CHECKING:
    from ..model.bundle import Bundle
    from ..witness import WordsWitness

#: Numbers of a correction of log likelihoods are no larger than this.
_LARGEST = 50.0
_DIGITS = 5


@dataclass(frozen=True)
class Lesson:
    """What was learned; see `subemo.model.decision.film_lesson`.

    Attributes:
        model: the name and the SHA-256 of the model of the voice that it corrects
        witness: the name of the model of the words that decided with it, or None
        cues: from how many judged cues
        numbers: of shape `LESSON`

    Raises:
        ValueError: at numbers that cannot be such a correction
    """

    model: tuple[str, str]
    witness: str | None
    cues: int
    numbers: tuple[tuple[float, ...], ...]

    def __post_init__(self) -> None:
        array = np.array(self.numbers, dtype=np.float64)
        # Not a number is not smaller than anything.
        if array.shape != LESSON or not (np.abs(array) <= _LARGEST).all() or self.cues < 1:
            raise ValueError("no lesson")

    @classmethod
    def of(
        cls,
        array: npt.NDArray[np.float64],
        bundle: Bundle,
        witness: WordsWitness | None,
        cues: int,
    ) -> Lesson:
        """What *cues* judged cues of a film taught."""
        rows = array.clip(-_LARGEST, _LARGEST).round(_DIGITS).tolist()
        name = None if witness is None else witness.name
        return cls((bundle.name, bundle.digest), name, cues, tuple(map(tuple, rows)))

    @property
    def array(self) -> npt.NDArray[np.float64]:
        """The numbers, shape `LESSON`."""
        return np.array(self.numbers, dtype=np.float64)

    def is_for(self, bundle: Bundle, witness: WordsWitness | None) -> bool:
        """Whether it corrects what these models say."""
        name = None if witness is None else witness.name
        return self.model == (bundle.name, bundle.digest) and self.witness == name

    def content(self) -> dict[str, Any]:
        """What a file has of it."""
        name, digest = self.model
        return {
            "model": {"name": name, "sha256": digest},
            "witness": self.witness,
            "cues": self.cues,
            "numbers": [list(row) for row in self.numbers],
        }


@dataclass(frozen=True)
class Start:
    """What another film of the same voices taught, where a film's decision begins.

    Attributes:
        film: the name of that film
        lesson: what was learned of it
    """

    film: str
    lesson: Lesson

    @property
    def said(self) -> str:
        """A sentence for a reviewer."""
        count = self.lesson.cues
        cues = "1 cue" if count == 1 else f"{count} cues"
        return f"This film begins with what {cues} judged in {plain(self.film)} taught about its voices."

    def content(self) -> dict[str, Any]:
        """What a file has of it."""
        return {"film": self.film, "lesson": self.lesson.content()}


def start_of(content: Mapping[str, Any]) -> Start:
    """The start that a file's content is.

    Raises:
        ValueError, KeyError, TypeError: if it is none
    """
    return Start(str(content["film"]), lesson_of(content["lesson"]))


def lesson_of(content: Mapping[str, Any]) -> Lesson:
    """The lesson that a file's content is.

    Raises:
        ValueError, KeyError, TypeError: if it is none
    """
    witness, cues = content["witness"], content["cues"]
    if not isinstance(witness, str | None) or not isinstance(cues, int):
        raise ValueError("no lesson")
    numbers = tuple(tuple(float(one) for one in row) for row in content["numbers"])
    model = content["model"]
    return Lesson((str(model["name"]), str(model["sha256"])), witness, cues, numbers)
