"""A model's predictions for cues of films, as arrays and as CSV."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ...core.emotions import EMOTIONS, UNMARKED, Emotion
from ...core.errors import CorpusError
from ...core.tables import cell_text, csv_table
from .building import BuiltFilm
from .disagreement import Agreement

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Names = npt.NDArray[np.str_]

#: The value for no tag.
NO_TAG = -1

#: The positions in `EMOTIONS` that can be tags, and those that cannot.
EMOTIONAL = np.array([i for i, one in enumerate(EMOTIONS) if one not in UNMARKED])
_NEUTRAL, _CALM = EMOTIONS.index(Emotion.NEUTRAL), EMOTIONS.index(Emotion.CALM)

_TEXTS = (
    "film", "corpus", "language", "dialogue", "person", "speaker", "clip", "line", "words_line"
)  # fmt: skip
_WITNESSES = ("voice", "words", "joint")
_COLUMNS = (
    *_TEXTS, "cue", "kind", "emotion", "words_emotion", "shown",
    *(f"{witness}_{emotion}" for witness in _WITNESSES for emotion in EMOTIONS),
)  # fmt: skip

#: Digits of probabilities in the CSV.
_DIGITS = 5


@dataclass(frozen=True)
class CueAnswer:
    """The predictions for a cue.

    Attributes:
        voice: the posterior of the voice, in the order of `EMOTIONS`, or None
            if it could not be classified
        words: the posterior of the words, or None without a text model
        joint: the joint posterior, which decides
        shown: the tag, or None
    """

    voice: Sequence[float] | None
    words: Sequence[float] | None
    joint: Sequence[float] | None
    shown: Emotion | None


@dataclass(frozen=True, eq=False)
class Answers:
    """The cues of films, in order, and their predictions.

    Attributes:
        texts: of each cue ``film``, ``corpus``, ``language``, ``dialogue``,
            ``person``, ``speaker``, ``clip``, ``line`` and ``words_line``, each
            of shape (cues,)
        cue: number of the cue in its film, shape (cues,)
        kind: relation of words and voice, shape (cues,)
        truth: the voice's emotion, positions in `EMOTIONS`, shape (cues,)
        words_truth: emotion of the words' source line, likewise
        shown: the shown tag, likewise, or `NO_TAG`
        voice: posterior of the voice, shape (cues, 8); NaN without a prediction
        words: posterior of the words, likewise
        joint: joint posterior, likewise
    """

    texts: Mapping[str, Names]
    cue: Index
    kind: Names
    truth: Index
    words_truth: Index
    shown: Index
    voice: Array
    words: Array
    joint: Array

    def __len__(self) -> int:
        return int(self.truth.size)

    @property
    def films(self) -> Names:
        """The film of each cue, shape (cues,)."""
        return self.texts["film"]

    @property
    def dialogues(self) -> Names:
        """The dialogue of each cue, shape (cues,); the films of two corpora may share it."""
        return self.texts["dialogue"]

    @cached_property
    def is_emotional(self) -> Mask:
        """Whether the voice is neither neutral nor calm, shape (cues,)."""
        return np.isin(self.truth, EMOTIONAL)

    @cached_property
    def predicted(self) -> Index:
        """The likeliest emotion, with calm as neutral; `NO_TAG` without a prediction."""
        return _likeliest(self.joint)

    @cached_property
    def voice_predicted(self) -> Index:
        """The same for the voice alone."""
        return _likeliest(self.voice)

    @cached_property
    def words_predicted(self) -> Index:
        """The same for the words alone."""
        return _likeliest(self.words)

    @cached_property
    def confidence(self) -> Array:
        """The largest probability of an emotion that is neither neutral nor calm, shape (cues,)."""
        return np.asarray(np.nan_to_num(self.joint[:, EMOTIONAL].max(axis=1), nan=0.0))

    @cached_property
    def emotional_predicted(self) -> Index:
        """The likeliest emotion that is neither neutral nor calm; `NO_TAG` without a prediction."""
        found = EMOTIONAL[np.nan_to_num(self.joint[:, EMOTIONAL], nan=-1.0).argmax(axis=1)]
        return np.where(np.isnan(self.joint).any(axis=1), NO_TAG, found)

    @cached_property
    def under_right_tag(self) -> Mask:
        """Whether a right tag is shown on a cue, or in force on it, shape (cues,).

        It is in force from an earlier cue of the same run: consecutive cues of one
        film, dialogue, speaker and emotion. Another tag ends it.
        """
        found = np.zeros(len(self), dtype=bool)
        in_force, before = NO_TAG, None
        for place in range(len(self)):
            run = (
                self.films[place],
                self.dialogues[place],
                self.texts["person"][place],
                self.truth[place],
            )
            if run != before:
                in_force, before = NO_TAG, run
            if self.shown[place] != NO_TAG:
                in_force = int(self.shown[place])
            found[place] = self.is_emotional[place] and in_force == self.truth[place]
        return found

    def take(self, rows: Index) -> Answers:
        """Selects cues; cached properties are recomputed.

        Args:
            rows: positions, or a mask of shape (cues,)
        """
        texts = {name: values[rows] for name, values in self.texts.items()}
        return Answers(
            texts,
            cue=self.cue[rows],
            kind=self.kind[rows],
            truth=self.truth[rows],
            words_truth=self.words_truth[rows],
            shown=self.shown[rows],
            voice=self.voice[rows],
            words=self.words[rows],
            joint=self.joint[rows],
        )


def answers_csv(films: Iterable[tuple[BuiltFilm, Sequence[CueAnswer]]]) -> str:
    """One row per cue: ids and numbers, no words; probabilities with five digits.

    The joint posterior is omitted where it equals the voice's.

    Args:
        films: each film and the predictions for its cues, in order

    Raises:
        ValueError: if the numbers of predictions and cues differ
    """
    rows = (
        [
            *(film.name, film.corpus, film.language, truth.dialogue, truth.person, truth.speaker),
            *(truth.clip, truth.line, truth.words_line, truth.cue, truth.kind.value),
            *(truth.emotion.value, truth.words_emotion.value),
            "" if answer.shown is None else answer.shown.value,
            *_cells(answer.voice),
            *_cells(answer.words),
            *_cells(None if answer.joint == answer.voice else answer.joint),
        ]
        for film, answers in films
        for truth, answer in zip(film.cues, answers, strict=True)
    )
    return csv_table([_COLUMNS, *rows])


def read_answers(path: Path) -> Answers:
    """Reads the output of `answers_csv`.

    Raises:
        CorpusError: if it is not such a file
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = [
                {name: cell_text(value) for name, value in row.items()}
                for row in csv.DictReader(file)
            ]
        return _of_rows(rows)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, csv.Error) as error:
        raise CorpusError("not a table of predictions for films", path=path) from error


def _of_rows(rows: Sequence[Mapping[str, str]]) -> Answers:
    def positions(name: str) -> Index:
        found = [
            EMOTIONS.index(Emotion(row[name])) if row[name] else NO_TAG for row in rows
        ]  # fmt: skip
        return np.array(found, dtype=np.int64)

    def posterior(witness: str) -> Array:
        names = [f"{witness}_{emotion}" for emotion in EMOTIONS]
        values = [[float(row[name] or "nan") for name in names] for row in rows]
        return np.array(values, dtype=np.float64).reshape(-1, len(EMOTIONS))

    voice, joint = posterior("voice"), posterior("joint")
    return Answers(
        texts={name: np.array([row[name] for row in rows], dtype=np.str_) for name in _TEXTS},
        cue=np.array([int(row["cue"]) for row in rows], dtype=np.int64),
        kind=np.array([Agreement(row["kind"]).value for row in rows], dtype=np.str_),
        truth=positions("emotion"),
        words_truth=positions("words_emotion"),
        shown=positions("shown"),
        voice=voice,
        words=posterior("words"),
        joint=np.where(np.isnan(joint), voice, joint),
    )


def _likeliest(posterior: Array) -> Index:
    missing = np.isnan(posterior).any(axis=1)
    found = np.nan_to_num(posterior, nan=-1.0).argmax(axis=1)
    found[found == _CALM] = _NEUTRAL
    found[missing] = NO_TAG
    return np.asarray(found, dtype=np.int64)


def _cells(posterior: Sequence[float] | None) -> list[object]:
    if posterior is None:
        return [""] * len(EMOTIONS)
    return [round(float(probability), _DIGITS) for probability in posterior]
