"""Thresholds of shouts and whispers, chosen on folds, and figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...core.emotions import UNMARKED
from ...core.sounds import EFFORTS, Effort
from .efforts import Mask, Shares, Voices
from .figures import wilson
from .voices import SHOUTED, Condition, Kind, Use

#: The targets for choosing a threshold: the precision of shown shouts among clips of the emotions
#: that RAVDESS has in both intensities, and the share of ordinary speech and of non-speech sounds
#: that may be shown as either.
LEAST_RIGHT, MOST_FALSE = 0.93, 0.002
#: Synthetic whispers are clearer than the soft voices of films, so their threshold is raised until
#: at most this many of them are found.
MOST_WHISPERS = 0.8

_KINDS = {Effort.SHOUT: Kind.SHOUT, Effort.WHISPER: Kind.WHISPER}


def choose_thresholds(voices: Voices, shares: Shares, among: Mask) -> npt.NDArray[np.float64]:
    """Chooses the lowest thresholds that meet both limits on the training voices.

    Args:
        voices: all voices
        shares: by models not trained on them, see `fold_shares`
        among: the voices to choose on
    """
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

    voices: Voices
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
        return self._count(effort, own)

    def right(self, effort: Effort, condition: Condition) -> tuple[int, int]:
        """The number of correct shown ones of RAVDESS, and of all shown.

        Shouts are evaluated among strong and normal anger, fear and happiness; whispers
        also among neutral and calm speech.
        """
        moods = SHOUTED if effort is Effort.SHOUT else SHOUTED | UNMARKED
        own = self.mask(kind=_KINDS[effort], condition=condition, corpus="ravdess")
        others = self.mask(condition=condition, corpus="ravdess", moods=frozenset(moods))
        count, _ = self._count(effort, own)
        return count, self._count(effort, own | others)[0]

    def shown_as(self, effort: Effort, among: Mask) -> tuple[int, int]:
        """The number of some voices shown as shouted or whispered."""
        return self._count(effort, among)

    def changed_by_level(self, condition: Condition) -> tuple[int, int]:
        """The number of clips whose result changes with the level."""
        voices = self.voices
        clean = self.mask(condition=Condition.CLEAN, corpus="ravdess")
        by_name = dict(zip(voices.names[clean], self.answers[clean], strict=True))
        changed = self.mask(condition=condition, corpus="ravdess")
        pairs = zip(voices.names[changed], self.answers[changed], strict=True)
        differs = [by_name[name] != answer for name, answer in pairs if name in by_name]
        return sum(map(int, differs)), len(differs)

    def _count(self, effort: Effort, among: Mask) -> tuple[int, int]:
        position = EFFORTS.index(effort)
        return int((self.answers[among] == position).sum()), int(among.sum())


def judge_voices(voices: Voices, shares: Shares) -> JudgedVoices:
    """Evaluates the voices for reporting with thresholds of the other folds."""
    answers = np.full(len(voices.folds), -1)
    for fold in sorted(set(voices.folds.tolist())):
        own = (voices.folds == fold) & np.isfinite(shares[:, 0])
        thresholds = choose_thresholds(voices, shares, voices.folds != fold)
        over = np.where(shares[own] >= thresholds, shares[own], -1)
        answers[own] = np.where(over.max(axis=1) >= 0, over.argmax(axis=1), -1)
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
        shown = ", ".join(
            f"{name} {wilson(*judged.shown_as(effort, of))}" for name, of in among.items()
        )
        rows.append(f"{effort} shown of {shown}")
    for condition in (Condition.LOUDER, Condition.QUIETER):
        rows.append(
            f"{condition}: {wilson(*judged.changed_by_level(condition))} show something else"
        )
    return "\n".join(rows)


def area(voices: Voices, shares: Shares, condition: Condition) -> float:
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


def _is_plain(voices: Voices) -> Mask:
    quiet = (voices.kinds == Kind.ORDINARY) & np.isin(voices.emotions, list(UNMARKED))
    return np.asarray(quiet | (voices.kinds == Kind.OTHER))


def _is_contrast(voices: Voices) -> Mask:
    return np.asarray(
        (voices.kinds == Kind.ORDINARY)
        & (voices.corpora == "ravdess")
        & np.isin(voices.emotions, list(SHOUTED))
    )
