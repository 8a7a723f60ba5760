"""The decision of a film, by hand and by Hypothesis."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from subemo.core.emotions import EMOTIONS, Emotion
from subemo.core.errors import SettingsError
from subemo.model.decision import (
    MOST_BY_SOUND,
    UNIFORM,
    DecisionParameters,
    Evidence,
    joint_posteriors,
)

Array = npt.NDArray[np.float64]

PRIOR = (0.6, 0.0, 0.1, 0.1, 0.1, 0.04, 0.03, 0.03)
PLAIN = DecisionParameters(1.0, 1.0, PRIOR, 0.0, 1000.0, 0.5)
HAPPY, SAD = EMOTIONS.index(Emotion.HAPPY), EMOTIONS.index(Emotion.SAD)
NEUTRAL, CALM = EMOTIONS.index(Emotion.NEUTRAL), EMOTIONS.index(Emotion.CALM)


def row(**shares: float) -> Array:
    """A posterior: what is named, the rest shared evenly."""
    found = np.full(len(EMOTIONS), (1 - sum(shares.values())) / (len(EMOTIONS) - len(shares)))
    for name, share in shares.items():
        found[EMOTIONS.index(Emotion(name))] = share
    return found


def evidence(voice: list[Array], words: list[Array] | None = None, gap_ms: int = 0) -> Evidence:
    starts = [index * (1000 + gap_ms) for index in range(len(voice))]
    return Evidence(
        np.array(voice).reshape(-1, 8),
        UNIFORM,
        None if words is None else np.array(words),
        None if words is None else UNIFORM,
        starts,
        [start + 1000 for start in starts],
    )


def test_bayes_by_hand() -> None:
    """One cue: voice / uniform x words / uniform x prior."""
    voice, words = row(happy=0.5), row(happy=0.4, sad=0.3)
    merged = np.array(PRIOR) * voice * words
    merged[NEUTRAL] = PRIOR[NEUTRAL] * (voice[NEUTRAL] + voice[CALM]) / 2 * words[NEUTRAL]
    expected = merged / merged.sum()
    found = joint_posteriors(evidence([voice], [words]), PLAIN)[0]
    assert found[HAPPY] == pytest.approx(expected[HAPPY])
    assert found[SAD] == pytest.approx(expected[SAD])
    assert found[NEUTRAL] + found[CALM] == pytest.approx(expected[NEUTRAL])


def sounds(count: int, **of: float) -> Array:
    """P(sound given the emotion) in the last cue: what is named, the rest 0.01."""
    found = np.ones((count, len(EMOTIONS)))
    found[-1] = [of.get(emotion.value, 0.01) for emotion in EMOTIONS]
    return found


def test_a_laugh_agrees_with_a_happy_voice_and_a_sob_contradicts_it() -> None:
    heard = evidence([row(happy=0.5)])
    alone = joint_posteriors(heard, PLAIN)[0]
    laugh = joint_posteriors(replace(heard, sounds=sounds(1, happy=0.03)), PLAIN)[0]
    sob = joint_posteriors(replace(heard, sounds=sounds(1, sad=0.03)), PLAIN)[0]
    assert sob[HAPPY] < alone[HAPPY] < laugh[HAPPY]
    assert laugh[SAD] < alone[SAD] < sob[SAD]
    # By Bayes' theorem: three times the odds.
    odds = alone[HAPPY] / (1 - alone[HAPPY])
    assert laugh[HAPPY] / (1 - laugh[HAPPY]) == pytest.approx(3 * odds)


def test_a_sob_in_a_happy_run_speaks_against_all_of_it() -> None:
    chained = replace(PLAIN, persistence=0.6, decay_ms=10_000.0)
    heard = evidence([row(happy=0.5)] * 3)
    alone = joint_posteriors(heard, chained)
    sob = joint_posteriors(replace(heard, sounds=sounds(3, sad=0.04)), chained)
    assert (sob[:, HAPPY] < alone[:, HAPPY]).all()


def test_a_sound_says_nothing_beyond_its_bound() -> None:
    heard = evidence([row(happy=0.5)])
    most, more = (
        joint_posteriors(replace(heard, sounds=sounds(1, happy=share)), PLAIN)
        for share in (0.01 * MOST_BY_SOUND, 0.9)
    )
    np.testing.assert_allclose(most, more)
    certain = evidence([row(happy=0.98)])
    sob = joint_posteriors(replace(certain, sounds=sounds(1, sad=0.9)), PLAIN)[0]
    assert sob[HAPPY] == sob.max()


def test_no_sound_says_nothing() -> None:
    heard = evidence([row(happy=0.5), row(sad=0.4)])
    silent = replace(heard, sounds=np.ones((2, len(EMOTIONS))))
    np.testing.assert_allclose(joint_posteriors(silent, PLAIN), joint_posteriors(heard, PLAIN))


def test_no_evidence_is_the_prior() -> None:
    found = joint_posteriors(evidence([UNIFORM], [UNIFORM]), PLAIN)[0]
    assert found[NEUTRAL] + found[CALM] == pytest.approx(0.6)
    assert found[HAPPY] == pytest.approx(0.1)


def test_calm_is_the_voices_share_of_what_is_not_told() -> None:
    found = joint_posteriors(evidence([row(neutral=0.2, calm=0.6)]), PLAIN)[0]
    assert found[CALM] == pytest.approx(3 * found[NEUTRAL])


def test_a_voice_that_was_not_judged_says_nothing() -> None:
    unknown = np.full(8, np.nan)
    found = joint_posteriors(evidence([unknown], [row(happy=0.8)]), PLAIN)[0]
    assert np.isfinite(found).all()
    assert found[HAPPY] > 0.3


def test_words_of_no_weight_say_nothing() -> None:
    voice = [row(happy=0.5), row(sad=0.5)]
    alone = joint_posteriors(evidence(voice), PLAIN)
    both = joint_posteriors(
        evidence(voice, [row(angry=0.9), row(angry=0.9)]), replace(PLAIN, words_weight=0.0)
    )
    assert both == pytest.approx(alone)


def test_a_neighbour_in_the_same_mood_helps_and_a_distant_one_does_not() -> None:
    voice = [row(sad=0.5), row(sad=0.9)]
    persists = replace(PLAIN, persistence=0.5)
    alone = joint_posteriors(evidence(voice), PLAIN)[0, SAD]
    near = joint_posteriors(evidence(voice), persists)[0, SAD]
    far = joint_posteriors(evidence(voice, gap_ms=100_000), persists)[0, SAD]
    assert near > alone
    assert far == pytest.approx(alone)


def test_forward_backward_is_the_sum_over_all_paths() -> None:
    rng = np.random.default_rng(0)
    voice = list(rng.dirichlet(np.ones(8), size=3))
    parameters = replace(PLAIN, persistence=0.3, decay_ms=1e9, prior=(0.3, 0, *[0.7 / 6] * 6))
    states = [i for i in range(8) if i != CALM]
    prior = np.array(parameters.prior)[states]
    likelihoods = np.array(voice)[:, states] * 8
    likelihoods[:, 0] = (np.array(voice)[:, NEUTRAL] + np.array(voice)[:, CALM]) * 4
    total = np.zeros((3, 7))
    for path in np.ndindex(7, 7, 7):
        weight = prior[path[0]] * likelihoods[0, path[0]]
        for t in (1, 2):
            stay = 0.3 * (path[t] == path[t - 1]) + 0.7 * prior[path[t]]
            weight *= stay * likelihoods[t, path[t]]
        for t in range(3):
            total[t, path[t]] += weight
    total /= total.sum(axis=1, keepdims=True)
    found = joint_posteriors(evidence(voice), parameters)
    assert found[:, states[1:]] == pytest.approx(total[:, 1:], abs=1e-6)


@given(
    st.lists(st.lists(st.floats(0, 1), min_size=8, max_size=8), max_size=12),
    st.floats(0, 5), st.floats(0, 1),
)  # fmt: skip
def test_rows_are_probabilities(raw: list[list[float]], weight: float, stay: float) -> None:
    voice = [(np.array(one) + 1e-9) / (sum(one) + 8e-9) for one in raw]
    parameters = replace(PLAIN, words_weight=weight, persistence=stay)
    found = joint_posteriors(evidence(voice, voice or None), parameters)
    assert found.shape == (len(voice), 8)
    assert np.isfinite(found).all()
    assert found.sum(axis=1) == pytest.approx(1)
    assert (found >= 0).all()


@pytest.mark.parametrize(
    "change",
    [{"threshold": 1.5}, {"persistence": -0.1}, {"prior": (0.5, 0.5)}, {"voice_weight": float("nan")},
     {"prior": (0.9, 0.0, 0.1, 0.1, 0.1, 0.04, 0.03, 0.03)}, {"decay_ms": -1.0}],
)  # fmt: skip
def test_numbers_that_cannot_be_are_refused(change: dict[str, object]) -> None:
    with pytest.raises(SettingsError):
        replace(PLAIN, **change)  # type: ignore[arg-type]


def test_described_and_read_again() -> None:
    assert DecisionParameters.of(PLAIN.description()) == PLAIN
