"""How right shown shouts and whispers are: thresholds, chosen on folds, and figures."""

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

#: What a threshold is chosen for: the share of shown shouts that are ones, among clips of the moods
#: that RAVDESS has in both intensities; and the share of ordinary speech and of sounds without
#: words that may be shown as either.
LEAST_RIGHT, MOST_FALSE = 0.93, 0.002
#: Synthetic whispers are clearer than the soft voices of films: their threshold is raised until no
#: more than so many of them are found.
MOST_WHISPERS = 0.8

_KINDS = {Effort.SHOUT: Kind.SHOUT, Effort.WHISPER: Kind.WHISPER}


def choose_thresholds(voices: Voices, shares: Shares, among: Mask) -> npt.NDArray[np.float64]:
    """The lowest thresholds with which both limits hold on the voices of training.

    Args:
        voices: all voices
        shares: by heads that have not heard them, see `fold_shares`
        among: those to choose by
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
    """What is shown of voices.

    Attributes:
        voices: all voices
        answers: a position in `EFFORTS`, or -1, of each
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
        """Which voices of reporting are meant."""
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
        """How many shouts or whispers of RAVDESS are shown as that, and how many there are."""
        own = self.mask(kind=_KINDS[effort], condition=condition, corpus="ravdess")
        return self._count(effort, own)

    def right(self, effort: Effort, condition: Condition) -> tuple[int, int]:
        """How many of the shown are right, and how many are shown, of RAVDESS.

        Of shouts among strong and normal anger, fear and happiness; of whispers
        among those and neutral and calm speech.
        """
        moods = SHOUTED if effort is Effort.SHOUT else SHOUTED | UNMARKED
        own = self.mask(kind=_KINDS[effort], condition=condition, corpus="ravdess")
        others = self.mask(condition=condition, corpus="ravdess", moods=frozenset(moods))
        count, _ = self._count(effort, own)
        return count, self._count(effort, own | others)[0]

    def shown_as(self, effort: Effort, among: Mask) -> tuple[int, int]:
        """How many of some voices are shown as shouted or whispered."""
        return self._count(effort, among)

    def changed_by_level(self, condition: Condition) -> tuple[int, int]:
        """How many clips show something else when they are louder or quieter."""
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
    """What is shown of the voices of reporting, by thresholds of the other folds."""
    answers = np.full(len(voices.folds), -1)
    for fold in sorted(set(voices.folds.tolist())):
        own = (voices.folds == fold) & np.isfinite(shares[:, 0])
        thresholds = choose_thresholds(voices, shares, voices.folds != fold)
        over = np.where(shares[own] >= thresholds, shares[own], -1)
        answers[own] = np.where(over.max(axis=1) >= 0, over.argmax(axis=1), -1)
    return JudgedVoices(voices, answers)


def effort_figures(judged: JudgedVoices) -> str:
    """A table of what is found, how right what is shown is, and what levels change."""
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
    """How well strong is told from normal anger, fear and happiness: the area under the ROC curve.

    The chance that of two clips the strong one is the likelier to be shouted (Hanley and McNeil, 1982).
    """
    from scipy.stats import mannwhitneyu

    asked = (voices.uses == Use.REPORTING) & (voices.conditions == condition)
    column = shares[:, EFFORTS.index(Effort.SHOUT)]
    strong = column[asked & (voices.kinds == Kind.SHOUT)]
    normal = column[asked & _is_contrast(voices)]
    return float(mannwhitneyu(strong, normal).statistic / (len(strong) * len(normal)))


def efforts_reached(judged: JudgedVoices) -> Mapping[Effort, bool]:
    """Whether 0.9 of the shown are right and half are found, clean and over backgrounds.

    Never of whispers: figures of synthetic ones say nothing of real ones.
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
