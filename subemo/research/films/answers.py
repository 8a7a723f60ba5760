"""A model's answers to films: annotating them in each variant, and the answers as arrays and as CSV."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from ...analysis.options import AnalysisOptions, WitnessChoice
from ...api import annotate
from ...core.cache import Cache
from ...core.emotions import EMOTIONS, UNMARKED, Emotion, Prediction
from ...core.errors import CorpusError
from ...core.files import write_atomically
from ...core.progress import OnStep, ignore
from ...core.tables import cell_text, csv_table
from ...model.classifier import Classifier
from ...model.statistics import Adaptation
from ...tagging.annotation import AnnotatedCue
from ...tagging.policy import TagPolicy
from .building import BuiltFilm
from .dialogues import Agreement

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


@dataclass(frozen=True, eq=False)
class FilmAnswers:
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
    def run_starts(self) -> Mask:
        """Whether a run begins at each cue, shape (cues,)."""
        keys = (self.films, self.dialogues, self.texts["person"], self.truth)
        found = np.ones(len(self), dtype=bool)
        found[1:] = np.any([values[1:] != values[:-1] for values in keys], axis=0)
        return found

    @cached_property
    def under_right_tag(self) -> Mask:
        """Whether a right tag is shown on a cue, or in force on it, shape (cues,).

        It is in force from an earlier cue of the same run: consecutive cues of one
        film, dialogue, speaker and emotion. Another tag ends it.
        """
        found = np.zeros(len(self), dtype=bool)
        in_force = NO_TAG
        for place, starts in enumerate(self.run_starts):
            if starts:
                in_force = NO_TAG
            if self.shown[place] != NO_TAG:
                in_force = int(self.shown[place])
            found[place] = self.is_emotional[place] and in_force == self.truth[place]
        return found


def answers_csv(films: Iterable[tuple[BuiltFilm, Sequence[AnnotatedCue]]]) -> str:
    """One row per cue: ids and numbers, no words; probabilities with five digits.

    The joint posterior is omitted where it equals the voice's.

    Raises:
        ValueError: if the numbers of predictions and cues differ
    """
    rows = (
        [
            *(film.name, film.corpus, film.language, truth.dialogue, truth.person, truth.speaker),
            *(truth.clip, truth.line, truth.words_line, truth.cue, truth.kind.value),
            *(truth.emotion.value, truth.words_emotion.value),
            cue.decision.tag.value if isinstance(cue.decision.tag, Emotion) else "",
            *_cells(voice := cue.voice_prediction or cue.prediction),
            *_cells(cue.text_prediction),
            *_cells(None if cue.prediction == voice else cue.prediction),
        ]
        for film, cues in films
        for truth, cue in zip(film.cues, cues, strict=True)
    )
    return csv_table([_COLUMNS, *rows])


def read_answers(path: Path) -> FilmAnswers:
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


def _of_rows(rows: Sequence[Mapping[str, str]]) -> FilmAnswers:
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
    return FilmAnswers(
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


def _cells(prediction: Prediction | None) -> list[object]:
    if prediction is None:
        return [""] * len(EMOTIONS)
    return [round(float(probability), _DIGITS) for probability in prediction.probabilities]


_NO_LIMIT = 10_000


class Variant(StrEnum):
    """A way to annotate films."""

    #: With the default options.
    DEFAULT = "default"
    #: The same without limits on density and readability.
    OPEN = "open"
    #: Voice and neighbouring cues only, as for a language without a text model.
    VOICE = "voice"
    #: The same without limits on density and readability.
    VOICE_OPEN = "voice-open"
    #: Features standardised on the training data, not on the film.
    NO_ADAPTATION = "adapt-none"


_OPEN = TagPolicy(
    cues_per_tag=1,
    ms_per_tag=0,
    same_tag_ms=0,
    tags_per_minute=_NO_LIMIT,
    veto_ms=0,
    chars_per_second=_NO_LIMIT,
    chars_per_line=_NO_LIMIT,
    max_lines=_NO_LIMIT,
)

#: The policy and the options of each variant.
SETTINGS: Mapping[Variant, tuple[TagPolicy, AnalysisOptions]] = MappingProxyType(
    {
        Variant.DEFAULT: (TagPolicy(), AnalysisOptions()),
        Variant.OPEN: (_OPEN, AnalysisOptions()),
        Variant.VOICE: (TagPolicy(), AnalysisOptions(witness=WitnessChoice.VOICE)),
        Variant.VOICE_OPEN: (_OPEN, AnalysisOptions(witness=WitnessChoice.VOICE)),
        Variant.NO_ADAPTATION: (TagPolicy(), AnalysisOptions(adaptation=Adaptation.NONE)),
    }
)


def check_held_out(corpus: str, trained_on: frozenset[str]) -> None:
    """Checks that a model is not evaluated on voices that it was trained on.

    Raises:
        CorpusError: if the model was trained on that corpus
    """
    if corpus in trained_on:
        raise CorpusError(
            f"the model was trained on voices of {corpus}, so it cannot be evaluated on its films",
            remedy="Evaluate a fold trained without that corpus.",
        )


def answer_film(
    film: BuiltFilm,
    model: Classifier,
    variant: Variant,
    *,
    cache: Cache | None = None,
    on_step: OnStep = ignore,
) -> Sequence[AnnotatedCue]:
    """Annotates each cue of a film.

    Raises:
        CorpusError: if the model was trained on voices of the film's corpus
    """
    check_held_out(film.corpus, model.bundle.training_corpora)
    policy, options = SETTINGS[variant]
    return annotate(
        film.sound,
        film.subtitles,
        model=model,
        policy=policy,
        options=replace(options, cache=cache),
        on_step=on_step,
    ).cues


def answer_films(
    films: Mapping[str, list[BuiltFilm]],
    models: Mapping[str, Classifier],
    variant: Variant,
    *,
    folder: Path,
    cache: Cache | None = None,
    on_step: OnStep = ignore,
) -> FilmAnswers:
    """Predicts all films in a variant, writes ``answers-VARIANT.csv`` and reads it back.

    Returns:
        the predictions as read from the file, so that figures are reproducible from it
    """
    pairs = [
        (film, answer_film(film, models[corpus], variant, cache=cache, on_step=on_step))
        for corpus, of_corpus in films.items()
        for film in of_corpus
    ]
    path = folder / f"answers-{variant}.csv"
    write_atomically(path, answers_csv(pairs).encode(), overwrite=True)
    return read_answers(path)
