"""The effect of each rule of the policy, on the validation films (docs/research/rules-measured.md).

    subemo crossval --data DATA --protocol films --split choosing --films 6 --work WORK -o ANSWERS
    python -m benchmarks.run_policy ANSWERS/answers-default.csv WORK/films WORDS

WORDS is a text model not trained on the validation dialogues
(`python -m subemo.research.words`). Only the voice's posteriors of the predictions are used.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np

from subemo.core.emotions import EMOTIONS, UNMARKED, Emotion
from subemo.formats.registry import styled_text
from subemo.model.bundle import find_bundle, read_bundle
from subemo.model.decision import UNIFORM, DecisionParameters, Evidence, Witnesses, joint_posteriors
from subemo.research.films.answers import Answers, Array, read_answers
from subemo.research.films.evaluation import GroupBy, evaluate
from subemo.research.films.retagging import retagged
from subemo.sources.lookup import read_subtitles
from subemo.tagging.policy import LastForm, PolicyKind, TagPolicy
from subemo.tagging.runs import LEAST_PROBABILITY, pooled
from subemo.witness import WordsWitness
from subemo.witness.weights import read_weights

_OFF = 10_000
#: The changes of the policy, by printed name.
CHANGES: dict[str, dict[str, Any]] = {
    "the policy": {},
    "no veto": {"veto_ms": 0},
    "veto within 5 s": {"veto_ms": 5_000},
    "veto within 30 s": {"veto_ms": 30_000},
    "the same tag again at once": {"same_tag_ms": 0},
    "no caps against flicker": {
        "same_tag_ms": 0, "ms_per_tag": 0, "cues_per_tag": 1, "tags_per_minute": _OFF,
    },
    "fast cues take no tag": {"most_added": 0},
    "fast cues take 20 %": {"most_added": 0.2},
    "no shorter wording": {"last_form": LastForm.NONE},
    "an emoji last": {"last_form": LastForm.EMOJI},
    "a tag up to 4 s late": {"late_ms": 4_000},
    "extend": {"extend": True},
    "no limits of reading": {
        "chars_per_second": _OFF, "chars_per_line": _OFF, "max_lines": _OFF,
    },
    "strong": {"policy": PolicyKind.STRONG},
}  # fmt: skip
METRICS = (
    "right of shown tags", "emotional cues under a right tag", "false tags per 100 neutral cues",
)  # fmt: skip


def judged(
    answers: Answers, films: Path, witness: WordsWitness | None, parameters: DecisionParameters
) -> Answers:
    """The predictions with the posteriors of a text model, and joint ones."""
    joint, words = answers.voice.copy(), np.full_like(answers.voice, np.nan)
    for name in dict.fromkeys(answers.films.tolist()):
        rows = np.flatnonzero(answers.films == name)
        cues = read_subtitles(films / f"{name}.srt").document.cues
        if witness is not None:
            words[rows] = witness.posteriors([styled_text(cue.text, "srt").plain for cue in cues])
        evidence = Evidence(
            answers.voice[rows], UNIFORM,
            None if witness is None else words[rows], None if witness is None else witness.prior,
            [cue.start_ms for cue in cues], [cue.end_ms for cue in cues],
        )  # fmt: skip
        joint[rows] = joint_posteriors(evidence, parameters)
    return replace(answers, joint=joint, words=words)


def rows_of(answers: Answers, films: Path, policy: TagPolicy) -> Iterator[str]:
    """A line of figures for each of `CHANGES`."""
    for name, changes in CHANGES.items():
        found = retagged(answers, films, replace(policy, **changes))
        groups = evaluate(found, draws=0)
        mean = next(group for group in groups if group.by is GroupBy.MEAN)
        counts = groups[0].counts
        figures = [f"{mean.figures[metric].value:.3f}" for metric in METRICS]
        runs = [str(counts[key]) for key in counts if key.startswith("runs ")]
        yield f"| {' | '.join([name, str(counts['shown']), *figures, *runs])} |"


def pooling(answers: Answers, prior: Array) -> str:
    """How well pooled posteriors predict the emotion of the first cue of a run."""
    losses: dict[str, list[float]] = {"first cue": [], "mean of logs": [], "likelihoods": []}
    likeliest = answers.joint.argmax(axis=1)
    keys = zip(answers.films, likeliest, strict=True)
    place = 0
    for (_, emotion), group in groupby(keys):
        rows = np.arange(place, place := place + len(list(group)))
        if EMOTIONS[emotion] in UNMARKED or len(rows) < 2:
            continue
        posteriors = np.maximum(_captioned(answers.joint[rows]), LEAST_PROBABILITY)
        logs = np.log(posteriors).sum(axis=0)
        logs -= (len(rows) - 1) * np.log(np.maximum(prior, LEAST_PROBABILITY))
        product = np.exp(logs - logs.max())
        chances = {
            "first cue": posteriors[0],
            "mean of logs": np.array(pooled([tuple(row) for row in posteriors])),
            "likelihoods": product / product.sum(),
        }
        is_right = answers.truth[rows[0]] == emotion
        for name, chance in chances.items():
            p = float(np.clip(chance[emotion], LEAST_PROBABILITY, 1 - LEAST_PROBABILITY))
            losses[name].append(-math.log(p if is_right else 1 - p))
    shown = (f"{name} {np.mean(values):.2f}" for name, values in losses.items())
    return f"log loss of {len(losses['first cue'])} stretches: {', '.join(shown)}"


def _captioned(rows: Array) -> Array:
    """Merges calm with neutral, which captions do not distinguish."""
    neutral, calm = EMOTIONS.index(Emotion.NEUTRAL), EMOTIONS.index(Emotion.CALM)
    merged = rows.copy()
    merged[:, neutral] += merged[:, calm]
    merged[:, calm] = 0
    return merged


def main() -> None:
    """Prints a table for voice and words, and one for the voice alone."""
    path, films, words = map(Path, sys.argv[1:4])
    decision = read_bundle(find_bundle("subemo-crnn")).decision
    for kind, witness in (
        (Witnesses.VOICE_AND_WORDS, WordsWitness(read_weights(words), words.name)),
        (Witnesses.VOICE, None),
    ):
        parameters = decision[kind]
        answers = judged(read_answers(path), films, witness, parameters)
        print(f"{kind}: {pooling(answers, np.array(parameters.prior))}")
        print("| | tags | right | under | false | first | later | wrong | none |")
        print("|---|---|---|---|---|---|---|---|---|")
        for row in rows_of(answers, films, TagPolicy(min_confidence=parameters.threshold)):
            print(row, flush=True)


if __name__ == "__main__":
    main()
