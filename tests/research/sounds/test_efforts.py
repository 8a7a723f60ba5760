from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from subemo.core.sounds import EFFORTS, Effort
from subemo.research.corpora.ravdess import EMOBOX
from subemo.research.sounds.efforts import (
    EffortVoices,
    area,
    effort_figures,
    efforts_reached,
    fold_shares,
    judge_voices,
)
from subemo.research.sounds.table import LinearRecipe
from subemo.research.sounds.voices import Condition, Kind, Use

#: What is heard of each kind: its two numbers, on top of whose voice it is.
HEARD = {
    Kind.ORDINARY: (0.0, 0.0),
    Kind.SHOUT: (4.0, 0.0),
    Kind.WHISPER: (0.0, 4.0),
    Kind.OTHER: (-2.0, -2.0),
}
MOODS = {Kind.ORDINARY: ("neutral", "angry"), Kind.SHOUT: ("angry",), Kind.WHISPER: ("calm",)}


@pytest.fixture(scope="module")
def voices() -> EffortVoices:
    """24 speakers, each film of whom stands elsewhere; louder clips are the clean ones."""
    generator = np.random.default_rng(0)
    rows, heard = [], []
    for actor, kind, use in product(range(1, 25), MOODS, Use):
        fold = next(n for n, actors in enumerate(EMOBOX) if actor in actors)
        conditions = [Condition.CLEAN, Condition.BACKGROUND]
        if use is Use.REPORTING and kind is not Kind.WHISPER:
            conditions += [Condition.LOUDER, Condition.QUIETER]
        for mood, number, condition in product(MOODS[kind], range(3), conditions):
            name = f"{actor}-{kind}-{mood}-{number}"
            rows.append((name, f"ravdess-{actor:02}", "ravdess", kind, mood, use, condition, fold))
            noise = np.random.default_rng([actor, list(MOODS).index(kind), number])
            heard.append(np.array(HEARD[kind]) + 10 * fold + noise.normal(0, 0.3, 2))
    for number in range(60):
        rows.append((f"o{number}", f"o{number}", "deeply", Kind.OTHER, "", Use.TRAINING,
                     Condition.CLEAN, number % 6))  # fmt: skip
        heard.append(np.array(HEARD[Kind.OTHER]) + 10 * (number % 6) + generator.normal(0, 0.3, 2))
    *texts, folds = zip(*rows, strict=True)
    table = np.array(heard, np.float32)
    names, speakers, corpora, kinds, emotions, uses, heard_as = (
        np.array([str(one) for one in column]) for column in texts
    )
    return EffortVoices(
        names=names,
        speakers=speakers,
        corpora=corpora,
        kinds=kinds,
        emotions=emotions,
        uses=uses,
        conditions=heard_as,
        folds=np.array(folds),
        heard=table,
    )


@pytest.fixture(scope="module")
def shares(voices: EffortVoices) -> np.ndarray:
    pytest.importorskip("sklearn")
    return fold_shares(voices, LinearRecipe(strength=1.0))


def test_effort_is_told_against_a_film_that_was_never_heard(
    voices: EffortVoices, shares: np.ndarray
) -> None:
    judged = judge_voices(voices, shares)
    found, of = judged.found(Effort.SHOUT, Condition.CLEAN)
    assert (found > 0.9 * of) and of == 24 * 3
    assert judged.right(Effort.SHOUT, Condition.CLEAN)[0] == found
    found, of = judged.found(Effort.WHISPER, Condition.BACKGROUND)
    assert found > 0.6 * of
    assert efforts_reached(judged) == {Effort.SHOUT: True, Effort.WHISPER: False}
    assert judged.changed_by_level(Condition.LOUDER)[0] == 0
    assert "shout, clean: found 1.00" in effort_figures(judged)
    assert area(voices, shares, Condition.CLEAN) > 0.95
    assert area(voices, -shares, Condition.CLEAN) < 0.05


def test_every_voice_that_is_judged_has_a_share(voices: EffortVoices, shares: np.ndarray) -> None:
    ravdess = voices.corpora == "ravdess"
    assert np.isfinite(shares[ravdess]).all()
    assert shares.shape == (len(voices.folds), len(EFFORTS))


def test_noise_is_not_right_often_enough(voices: EffortVoices) -> None:
    chance = np.random.default_rng(1).uniform(size=(len(voices.folds), 2))
    assert not any(efforts_reached(judge_voices(voices, chance)).values())
