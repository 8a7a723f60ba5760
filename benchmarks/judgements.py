"""How much a reviewer's judgements improve a film's other cues, on the film protocol.

``python -m benchmarks.judgements [voice]``: from the committed predictions for the
films for reporting (docs/films), prints how many unjudged cues are right without the
judgements of the others, and with them; calm counts as neutral. The judged cues are
those that the studio ranks highest, one after the other, or a random choice (three
draws). The table has no times, so neighbouring cues do not help here. Intervals are
95 % bootstrap intervals over dialogues.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from subemo.core.emotions import EMOTIONS, UNMARKED, Prediction
from subemo.model import DEFAULT_MODEL
from subemo.model.bundle import find_bundle, read_bundle
from subemo.model.decision import UNIFORM, DecisionParameters, Evidence, Witnesses, joint_posteriors
from subemo.research.films.answers import FilmAnswers, read_answers
from subemo.review.views import check_priority
from subemo.subtitles.document import Cue
from subemo.tagging.annotation import AnnotatedCue
from subemo.tagging.decisions import Decision, Reason
from subemo.text_model import find_text_model

ROOT = Path(__file__).parents[1]
COUNTS = (10, 20, 50)
DRAWS = 3
RESAMPLES = 2_000
_FAR_MS = 10**9

Index = npt.NDArray[np.int64]
Right = tuple[npt.NDArray[np.str_], npt.NDArray[np.bool_], npt.NDArray[np.bool_]]


def evidence_of(answers: FilmAnswers, rows: Index, kind: Witnesses) -> Evidence:
    """The evidence for a film's cues, with large gaps between them."""
    has_words = kind is Witnesses.VOICE_AND_WORDS
    text_model = find_text_model("en") if has_words else None
    starts = [place * _FAR_MS for place in range(len(rows))]
    return Evidence(
        voice=answers.voice[rows],
        voice_prior=UNIFORM,
        words=answers.words[rows] if has_words else None,
        words_prior=None if text_model is None else text_model.prior,
        start_ms=starts,
        end_ms=[start + 1 for start in starts],
    )


def likeliest(joint: npt.NDArray[np.float64]) -> Index:
    """Positions in `EMOTIONS`, with calm as neutral."""
    merged = joint.copy()
    merged[:, 0] += merged[:, 1]
    merged[:, 1] = 0
    return np.asarray(merged.argmax(axis=1))


def highest_priority(joint: npt.NDArray[np.float64], threshold: float, judged: set[int]) -> int:
    """The cue that the studio would suggest next."""

    def priority(place: int) -> float:
        prediction = Prediction.of(joint[place])
        is_shown = prediction.emotion not in UNMARKED and prediction.confidence >= threshold
        decision = Decision(
            prediction.emotion if is_shown else None,
            Reason.TAGGED if is_shown else Reason.UNSURE,
        )
        return check_priority(AnnotatedCue(Cue(place, 0, 1, ""), prediction, decision))

    free = [place for place in range(len(joint)) if place not in judged]
    return max(free, key=priority)


def sittings(
    answers: FilmAnswers,
    rows: Index,
    kind: Witnesses,
    parameters: DecisionParameters,
    draw: int | None,
) -> Iterator[tuple[int, Right]]:
    """Whether the unjudged cues of a film are right, without and with the judgements."""
    evidence, truth = evidence_of(answers, rows, kind), answers.truth[rows]
    before = joint = joint_posteriors(evidence, parameters)
    order = np.random.default_rng(draw).permutation(len(rows))
    known: dict[int, int] = {}
    for count in range(1, max(COUNTS) + 1):
        if draw is None:
            place = highest_priority(joint, parameters.threshold, set(known))
        else:
            place = int(order[count - 1])
        known[place] = int(truth[place])
        if draw is None or count in COUNTS:
            joint = joint_posteriors(evidence, parameters, known)
        if count in COUNTS:
            rest = np.setdiff1d(np.arange(len(rows)), list(known))
            dialogues = answers.dialogues[rows][rest]
            right = [likeliest(found)[rest] == truth[rest] for found in (before, joint)]
            yield count, (dialogues, right[0], right[1])


def line(found: Sequence[Right]) -> str:
    """The figures of all films, and the interval of their difference."""
    dialogues, before, after = (np.concatenate(parts) for parts in zip(*found, strict=True))
    names, of = np.unique(dialogues, return_inverse=True)
    cues = np.bincount(of)
    gained = np.bincount(of, after) - np.bincount(of, before)
    drawn = np.random.default_rng(0).integers(0, len(names), (RESAMPLES, len(names)))
    gains = 100 * gained[drawn].sum(axis=1) / cues[drawn].sum(axis=1)
    low, high = np.percentile(gains, [2.5, 97.5])
    gain = 100 * (after.mean() - before.mean())
    return (
        f"{100 * before.mean():.1f} % → {100 * after.mean():.1f} %: "
        f"{gain:+.1f} [{low:+.1f}, {high:+.1f}] points, {len(after)} cues"
    )


def main(arguments: Sequence[str]) -> int:
    """Measures and prints the results."""
    kind = Witnesses.VOICE if "voice" in arguments else Witnesses.VOICE_AND_WORDS
    name = "voice" if kind is Witnesses.VOICE else "default"
    answers = read_answers(ROOT / "docs" / "films" / f"answers-{name}.csv")
    parameters = read_bundle(find_bundle(DEFAULT_MODEL)).decision[kind]
    assert list(EMOTIONS[:2]) == sorted(UNMARKED, key=EMOTIONS.index)
    films = [np.flatnonzero(answers.films == film) for film in np.unique(answers.films)]
    for chosen, draws in (("studio", [None]), ("chance", list(range(DRAWS)))):
        found: dict[int, list[Right]] = {count: [] for count in COUNTS}
        for draw in draws:
            for rows in films:
                for count, right in sittings(answers, rows, kind, parameters, draw):
                    found[count].append(right)
        for count, rights in found.items():
            print(f"{kind.value}, {count} judged, by {chosen}: {line(rights)}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
