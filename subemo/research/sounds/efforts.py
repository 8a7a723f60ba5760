"""Vocal effort, on voices in films of several speakers: training, thresholds chosen on folds, figures."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ...core.emotions import UNMARKED
from ...core.sounds import EFFORTS, Effort
from ...features.base import FeatureSet
from ...sounds.detection import effort_probabilities, film_baseline
from ...sounds.weights import EFFORT_CLASSES, ORDINARY, LinearLayer
from ..corpora.ravdess import EMOBOX
from ..datasets.features import saved_arrays
from .figures import shown, wilson
from .table import LinearRecipe, fit_linear
from .voices import SHOUTED, Condition, Kind, Use, VoiceOrder, hear

#: The hyperparameters, chosen on folds of speakers among C of 0.0003, 0.001 and 0.003.
RECIPE = LinearRecipe(strength=0.001, steps=100, evenness=0.0)
#: The number of draws of training films, and of speakers per film.
_DRAWS, _SPEAKERS = 2, 4
#: The number of non-speech sounds in each training film.
_OTHERS = 20
#: The number of orders per cache file.
_CHUNK = 700
_VERSION = 3

Index = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Shares = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class EffortVoices:
    """Voices as arrays.

    Attributes:
        names: names of the clips
        speakers: speakers of the clips
        corpora: corpora of the clips
        kinds: see `Kind`
        emotions: emotions of the clips, or empty
        uses: see `Use`
        conditions: see `Condition`
        folds: folds 0 to 5; those of RAVDESS are EmoBox's
        heard: features from the encoder, shape (voices, 2 * size)
    """

    names: npt.NDArray[np.str_]
    speakers: npt.NDArray[np.str_]
    corpora: npt.NDArray[np.str_]
    kinds: npt.NDArray[np.str_]
    emotions: npt.NDArray[np.str_]
    uses: npt.NDArray[np.str_]
    conditions: npt.NDArray[np.str_]
    folds: Index
    heard: npt.NDArray[np.float32]

    @property
    def speech(self) -> Mask:
        """Whether it is non-whispered speech, which films consist of."""
        return ~np.isin(self.kinds, [Kind.OTHER, Kind.WHISPER])


def build_voices(orders: Sequence[VoiceOrder], features: FeatureSet, work: Path) -> EffortVoices:
    """Extracts the features of all orders, cached in batches of some hundreds."""
    kept: list[VoiceOrder] = []
    heard = []
    for start in range(0, len(orders), _CHUNK):
        part = orders[start : start + _CHUNK]
        names = [(o.name, o.kind.value, o.use.value, o.condition.value) for o in part]
        make = partial(_chunk, part, features)
        identity = (features.name, sorted(features.parameters().items()), (_VERSION, names))
        arrays = saved_arrays(work, "voices", identity, make)
        kept += [part[number] for number in arrays["numbers"]]
        heard.append(arrays["heard"])
    names, speakers, corpora, kinds, emotions, uses, conditions = np.array(
        [(o.name, o.speaker, o.corpus, o.kind, o.emotion or "", o.use, o.condition) for o in kept]
    ).T
    folds = np.array([_fold(order) for order in kept])
    rows = np.concatenate(heard).astype(np.float32)
    return EffortVoices(names, speakers, corpora, kinds, emotions, uses, conditions, folds, rows)


def fit_efforts(
    voices: EffortVoices, among: Mask, recipe: LinearRecipe = RECIPE
) -> tuple[LinearLayer, npt.NDArray[np.float32]]:
    """Fits a model, and the median of ordinary speech."""
    known, rows = among & (voices.uses == Use.TRAINING), voices.heard
    ordinary = np.median(rows[known & (voices.kinds == Kind.ORDINARY)], axis=0)
    inputs, labels = [], []
    for film, own in _films(voices, known, np.random.default_rng(0)):
        inputs.append(rows[own] - film_baseline(rows[film], ordinary))
        labels.append(_labels(voices.kinds[own]))
    head = fit_linear(np.concatenate(inputs), np.concatenate(labels), recipe)
    return head, np.asarray(ordinary, np.float32)


def fold_shares(voices: EffortVoices, recipe: LinearRecipe = RECIPE) -> Shares:
    """The probabilities that each voice is shouted or whispered, by models not trained on its speaker.

    A fold's speakers of RAVDESS form one film per condition; each corpus not used in training
    forms another. Non-speech sounds are in the fold's film.

    Returns:
        shape (voices, 2); NaN for voices in no film
    """
    rows = voices.heard
    found = np.full((len(voices.folds), len(EFFORTS)), np.nan)
    for fold in sorted(set(voices.folds.tolist())):
        own = voices.folds == fold
        head, ordinary = fit_efforts(voices, ~own, recipe)
        for film, judged in _judged_films(voices, own):
            baseline = film_baseline(rows[film], ordinary)
            found[judged] = effort_probabilities(rows[judged], baseline, head)
    return found


def _films(
    voices: EffortVoices, known: Mask, generator: np.random.Generator
) -> Iterator[tuple[Index, Index]]:
    """Training films: the voices of each baseline, and those to train on.

    The share of each emotion in a film is drawn, so that films are not balanced.
    """
    others = np.flatnonzero(known & (voices.kinds == Kind.OTHER))
    ravdess = voices.corpora == "ravdess"
    speakers = np.unique(voices.speakers[known & ravdess])
    for _ in range(_DRAWS):
        for condition in (Condition.CLEAN, Condition.BACKGROUND):
            heard = known & (voices.conditions == condition)
            generator.shuffle(speakers)
            for start in range(0, len(speakers), _SPEAKERS):
                cast = np.isin(voices.speakers, speakers[start : start + _SPEAKERS])
                shares = {mood: generator.uniform() ** 2 for mood in np.unique(voices.emotions)}
                shares.update(neutral=1.0, calm=1.0)
                spoken = np.flatnonzero(heard & cast & voices.speech)
                drawn = [generator.random() < shares[voices.emotions[one]] for one in spoken]
                more = generator.choice(others, min(len(others), _OTHERS), replace=False)
                own = np.concatenate([np.flatnonzero(heard & cast), more])
                yield spoken[np.array(drawn, bool)], own
            for corpus in np.unique(voices.corpora[known & voices.speech & ~ravdess]):
                own = np.flatnonzero(heard & (voices.corpora == corpus))
                yield own[voices.speech[own]], own


def _judged_films(voices: EffortVoices, own: Mask) -> Iterator[tuple[Mask, Mask]]:
    """Evaluation films of a fold: the voices of each baseline, and those to evaluate."""
    ravdess = own & (voices.corpora == "ravdess")
    for use in Use:
        for condition in Condition:
            judged = ravdess & (voices.uses == use) & (voices.conditions == condition)
            over = condition is Condition.BACKGROUND
            usual = Condition.BACKGROUND if over else Condition.CLEAN
            film = ravdess & voices.speech & (voices.uses == use) & (voices.conditions == usual)
            if judged.any():
                yield film, judged
    clean = ravdess & voices.speech & (voices.uses == Use.REPORTING)
    clean &= voices.conditions == Condition.CLEAN
    yield clean, own & (voices.kinds == Kind.OTHER)
    unheard = (voices.uses == Use.REPORTING) & voices.speech & (voices.corpora != "ravdess")
    for corpus in np.unique(voices.corpora[unheard]):
        for condition in (Condition.CLEAN, Condition.BACKGROUND):
            film = unheard & (voices.corpora == corpus) & (voices.conditions == condition)
            yield film, film & own


def _labels(kinds: npt.NDArray[np.str_]) -> Index:
    classes = {Kind.SHOUT: Effort.SHOUT, Kind.WHISPER: Effort.WHISPER}
    return np.array([EFFORT_CLASSES.index(classes.get(Kind(kind), ORDINARY)) for kind in kinds])


def _fold(order: VoiceOrder) -> int:
    if order.corpus == "ravdess":
        actor = int(order.speaker.rpartition("-")[2])
        return next(number for number, fold in enumerate(EMOBOX) if actor in fold)
    return zlib.crc32(order.speaker.encode()) % len(EMOBOX)


def _chunk(orders: Sequence[VoiceOrder], features: FeatureSet) -> dict[str, npt.NDArray[Any]]:
    heard = {number: hear(order, features) for number, order in enumerate(orders)}
    found = {number: voice for number, voice in heard.items() if voice is not None}
    return {"numbers": np.array(list(found)), "heard": np.array(list(found.values()), np.float16)}


#: The targets for choosing a threshold: the precision of shown shouts among clips of the emotions
#: that RAVDESS has in both intensities, and the share of ordinary speech and of non-speech sounds
#: that may be shown as either.
LEAST_RIGHT, MOST_FALSE = 0.93, 0.002
#: Synthetic whispers are clearer than the soft voices of films, so their threshold is raised until
#: at most this many of them are found.
MOST_WHISPERS = 0.8

_KINDS = {Effort.SHOUT: Kind.SHOUT, Effort.WHISPER: Kind.WHISPER}


def choose_thresholds(voices: EffortVoices, shares: Shares, among: Mask) -> npt.NDArray[np.float64]:
    """Chooses the lowest thresholds that meet both limits on the training voices."""
    known = among & (voices.uses == Use.TRAINING) & np.isfinite(shares[:, 0])
    found = np.ones(len(EFFORTS))
    for effort, kind in _KINDS.items():
        column = EFFORTS.index(effort)
        own = known & (voices.kinds == kind)
        plain = known & _is_plain(voices)
        contrast = known & _is_contrast(voices)
        for candidate in np.linspace(0.05, 0.99, 95):
            over = shares[:, column] >= candidate
            right = over[own].sum() / max(1, over[own | contrast].sum())
            if over[plain].mean() <= MOST_FALSE and right >= LEAST_RIGHT:
                found[column] = candidate
                break
        if effort is Effort.WHISPER and own.any():
            found[column] = max(found[column], np.quantile(shares[own, column], 1 - MOST_WHISPERS))
    return found


@dataclass(frozen=True, eq=False)
class JudgedVoices:
    """The evaluated voices.

    Attributes:
        voices: all voices
        answers: the shown effort of each, a position in `EFFORTS`, or -1
    """

    voices: EffortVoices
    answers: npt.NDArray[np.int64]

    def mask(
        self,
        *,
        kind: Kind | None = None,
        condition: Condition | None = None,
        corpus: str | None = None,
        moods: frozenset[str] | None = None,
    ) -> Mask:
        """Selects voices for reporting."""
        voices = self.voices
        found = voices.uses == Use.REPORTING
        found &= (voices.kinds == kind) if kind is not None else voices.kinds != Kind.WHISPER
        if condition is not None:
            found &= voices.conditions == condition
        if corpus is not None:
            found &= voices.corpora == corpus
        if moods is not None:
            found &= np.isin(voices.emotions, list(moods))
        return np.asarray(found)

    def found(self, effort: Effort, condition: Condition) -> tuple[int, int]:
        """The number of detected shouts or whispers of RAVDESS, and of all."""
        own = self.mask(kind=_KINDS[effort], condition=condition, corpus="ravdess")
        return self.shown_as(effort, own)

    def right(self, effort: Effort, condition: Condition) -> tuple[int, int]:
        """The number of correct shown ones of RAVDESS, and of all shown.

        Shouts are evaluated among strong and normal anger, fear and happiness; whispers
        also among neutral and calm speech.
        """
        moods = SHOUTED if effort is Effort.SHOUT else SHOUTED | UNMARKED
        own = self.mask(kind=_KINDS[effort], condition=condition, corpus="ravdess")
        others = self.mask(condition=condition, corpus="ravdess", moods=frozenset(moods))
        count, _ = self.shown_as(effort, own)
        return count, self.shown_as(effort, own | others)[0]

    def changed_by_level(self, condition: Condition) -> tuple[int, int]:
        """The number of clips whose result changes with the level."""
        voices = self.voices
        clean = self.mask(condition=Condition.CLEAN, corpus="ravdess")
        by_name = dict(zip(voices.names[clean], self.answers[clean], strict=True))
        changed = self.mask(condition=condition, corpus="ravdess")
        pairs = zip(voices.names[changed], self.answers[changed], strict=True)
        differs = [by_name[name] != answer for name, answer in pairs if name in by_name]
        return sum(map(int, differs)), len(differs)

    def shown_as(self, effort: Effort, among: Mask) -> tuple[int, int]:
        """The number of some voices shown as shouted or whispered, and of all."""
        position = EFFORTS.index(effort)
        return int((self.answers[among] == position).sum()), int(among.sum())


def judge_voices(voices: EffortVoices, shares: Shares) -> JudgedVoices:
    """Evaluates the voices for reporting with thresholds of the other folds."""
    answers = np.full(len(voices.folds), -1)
    for fold in sorted(set(voices.folds.tolist())):
        own = (voices.folds == fold) & np.isfinite(shares[:, 0])
        thresholds = choose_thresholds(voices, shares, voices.folds != fold)
        answers[own] = shown(shares[own], thresholds)
    return JudgedVoices(voices, answers)


def effort_figures(judged: JudgedVoices) -> str:
    """A table of recall, precision and the effect of levels."""
    rows = []
    for effort in EFFORTS:
        for condition in (Condition.CLEAN, Condition.BACKGROUND):
            rows.append(
                f"{effort}, {condition}: found {wilson(*judged.found(effort, condition))}, "
                f"right of the shown {wilson(*judged.right(effort, condition))}"
            )
        calm = frozenset(UNMARKED)
        among = {
            "neutral and calm": judged.mask(corpus="ravdess", moods=calm),
            "no words": judged.mask(kind=Kind.OTHER),
            "casia": judged.mask(corpus="casia"),
            "ased": judged.mask(corpus="ased"),
        }
        of_each = [f"{name} {wilson(*judged.shown_as(effort, of))}" for name, of in among.items()]
        rows.append(f"{effort} shown of {', '.join(of_each)}")
    for condition in (Condition.LOUDER, Condition.QUIETER):
        rows.append(
            f"{condition}: {wilson(*judged.changed_by_level(condition))} show something else"
        )
    return "\n".join(rows)


def area(voices: EffortVoices, shares: Shares, condition: Condition) -> float:
    """The area under the ROC curve for strong against normal anger, fear and happiness.

    The probability that the strong one of two clips ranks higher (Hanley and McNeil, 1982).
    """
    from scipy.stats import mannwhitneyu

    asked = (voices.uses == Use.REPORTING) & (voices.conditions == condition)
    column = shares[:, EFFORTS.index(Effort.SHOUT)]
    strong = column[asked & (voices.kinds == Kind.SHOUT)]
    normal = column[asked & _is_contrast(voices)]
    return float(mannwhitneyu(strong, normal).statistic / (len(strong) * len(normal)))


def efforts_reached(judged: JudgedVoices) -> Mapping[Effort, bool]:
    """Whether precision is 0.9 and recall one half, clean and over backgrounds.

    Always False for whispers: figures for synthetic ones say nothing about real ones.
    """
    conditions = (Condition.CLEAN, Condition.BACKGROUND)
    return {
        effort: effort is not Effort.WHISPER
        and all(
            _share(judged.right(effort, condition)) >= 0.9
            and _share(judged.found(effort, condition)) >= 0.5
            for condition in conditions
        )
        for effort in EFFORTS
    }


def _share(counts: tuple[int, int]) -> float:
    return counts[0] / counts[1] if counts[1] else 0.0


def _is_plain(voices: EffortVoices) -> Mask:
    quiet = (voices.kinds == Kind.ORDINARY) & np.isin(voices.emotions, list(UNMARKED))
    return np.asarray(quiet | (voices.kinds == Kind.OTHER))


def _is_contrast(voices: EffortVoices) -> Mask:
    return np.asarray(
        (voices.kinds == Kind.ORDINARY)
        & (voices.corpora == "ravdess")
        & np.isin(voices.emotions, list(SHOUTED))
    )
