"""What the judgements of one film are worth in another of the same voices, on the film protocol.

``python -m benchmarks.series [voice]``: from the committed answers to the films for reporting
(docs/films), each film of a corpus is an episode, and begins with what a person judged in another of
the same corpus. Clips that were judged there are left out here. How many of its cues are right, of
which nobody judged one, without that and with it; calm counts as neutral. Intervals are 95 % by a
bootstrap over dialogues. Nothing is chosen here: the numbers of `subemo.model.learning` are those
that were chosen for judgements of the same film.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from itertools import permutations

import numpy as np

from subemo.model import DEFAULT_MODEL
from subemo.model.bundle import find_bundle, read_bundle
from subemo.model.decision import (
    Array,
    DecisionParameters,
    Witnesses,
    film_lesson,
    joint_posteriors,
)
from subemo.research.films.answers import FilmAnswers, read_answers

from .judgements import ROOT, Index, Right, evidence_of, highest_priority, likeliest, line

COUNTS = (20, 50)


def taught(
    answers: FilmAnswers, rows: Index, kind: Witnesses, parameters: DecisionParameters, count: int
) -> tuple[Array, set[str]]:
    """What so many judgements, chosen by the studio, teach; and the clips that were judged."""
    evidence, truth = evidence_of(answers, rows, kind), answers.truth[rows]
    known: dict[int, int] = {}
    for _ in range(min(count, len(rows))):
        joint = joint_posteriors(evidence, parameters, known)
        place = highest_priority(joint, parameters.threshold, set(known))
        known[place] = int(truth[place])
    clips = answers.texts["clip"][rows][list(known)]
    return film_lesson(evidence, parameters, known), set(clips.tolist())


def main(arguments: Sequence[str]) -> int:
    """Measures, and prints."""
    kind = Witnesses.VOICE if "voice" in arguments else Witnesses.VOICE_AND_WORDS
    name = "voice" if kind is Witnesses.VOICE else "default"
    answers = read_answers(ROOT / "docs" / "films" / f"answers-{name}.csv")
    parameters = read_bundle(find_bundle(DEFAULT_MODEL)).decision[kind]
    films = [np.flatnonzero(answers.films == film) for film in np.unique(answers.films)]
    corpora = [answers.texts["corpus"][rows[0]] for rows in films]
    for count in COUNTS:
        lessons = [taught(answers, rows, kind, parameters, count) for rows in films]
        found: dict[str, list[Right]] = {}
        for one, other in permutations(range(len(films)), 2):
            if corpora[one] != corpora[other]:
                continue
            start, clips = lessons[one]
            rows = films[other]
            evidence = evidence_of(answers, rows, kind)
            is_new = ~np.isin(answers.texts["clip"][rows], list(clips))
            right = [
                (likeliest(joint_posteriors(evidence, parameters, start=with_))
                 == answers.truth[rows])[is_new]
                for with_ in (None, start)
            ]  # fmt: skip
            found.setdefault(str(corpora[one]), []).append(
                (answers.dialogues[rows][is_new], right[0], right[1])
            )
        every = [pair for pairs in found.values() for pair in pairs]
        print(f"{kind.value}, {count} judged in another film: {line(every)}", flush=True)
        for corpus, pairs in found.items():
            print(f"  {corpus}: {line(pairs)}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
