from __future__ import annotations

import numpy as np
import pytest

from subemo.model.learning import learned_emissions

#: What a voice says of thirty cues: fifteen of one kind, fifteen of another.
VOICE = np.array([[0.6, 0.3, 0.1]] * 15 + [[0.1, 0.3, 0.6]] * 15)
PRIOR = np.array([0.4, 0.3, 0.3])


def test_a_known_cue_is_certain() -> None:
    found = learned_emissions(VOICE, PRIOR, VOICE, {3: 1})
    assert found[3].tolist() == [0, 1, 0]
    assert found.max(axis=1).tolist() == pytest.approx([1] * 30)


def test_cues_that_sound_alike_learn_and_others_less() -> None:
    """Ten of the first kind were another emotion: so are the rest of them, likely."""
    found = learned_emissions(VOICE, PRIOR, VOICE, dict.fromkeys(range(10), 1))
    assert found[12].argmax() == 1
    assert found[20].argmax() == 2
    first, second = found[12, 1] / found[12, 0], found[20, 1] / found[20, 2]
    assert first / (0.3 / 0.6) > second / (0.3 / 0.6)


def test_agreement_makes_surer_and_turns_nothing_around() -> None:
    known = {row: int(VOICE[row].argmax()) for row in range(0, 30, 3)}
    found = learned_emissions(VOICE, PRIOR, VOICE, known)
    assert (found.argmax(axis=1) == VOICE.argmax(axis=1)).all()
    assert found[1, 1] < VOICE[1, 1] / VOICE[1, 0]


def test_cues_without_a_voice_learn_the_shift_alone() -> None:
    voice = VOICE.copy()
    voice[4] = np.nan
    emissions = VOICE.copy()
    emissions[4] = 1
    found = learned_emissions(emissions, PRIOR, voice, dict.fromkeys(range(20, 30), 1))
    assert np.isfinite(found).all()
    assert found[4].argmax() == 1


@pytest.mark.parametrize("count", [1, 30])
def test_any_number_of_judgements(count: int) -> None:
    generator = np.random.default_rng(count)
    known = {row: int(generator.integers(3)) for row in range(count)}
    assert np.isfinite(learned_emissions(VOICE, PRIOR, VOICE, known)).all()
