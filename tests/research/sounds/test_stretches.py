from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pytest
import soundfile

from subemo.core.sounds import SOUNDS, Sound
from subemo.research.sounds.sources import FOLDS, Sources, fold_of, read_sources
from subemo.research.sounds.stretches import (
    BACKGROUND,
    SPEECH,
    UNASKED,
    Conditions,
    Form,
    learnt,
    of_speech,
    reported,
    seeded,
    with_sound,
)
from subemo.research.sounds.table import window_labels

RATE = 16_000
QUIET = Conditions(None, distorted=False)
LAUGH = SOUNDS.index(Sound.LAUGH)


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """A second of a low tone, and one of a high tone."""
    times = np.arange(RATE) / RATE
    for name, hertz in (("sound", 200), ("speech", 2000)):
        soundfile.write(tmp_path / f"{name}.wav", 0.2 * np.sin(2 * np.pi * hertz * times), RATE)
    return tmp_path / "sound.wav", tmp_path / "speech.wav"


def test_labels_say_what_is_heard_when(files: tuple[Path, Path]) -> None:
    sound, speech = files
    made = with_sound(sound, LAUGH, Form.BESIDE, [speech], QUIET, seeded("a"))
    steps = made.samples[: len(made.samples) // 160 * 160].reshape(-1, 160)
    crossings = (np.diff(np.sign(steps), axis=1) != 0).sum(axis=1)
    labels = made.labels[: len(crossings)]
    assert set(labels.tolist()) <= {LAUGH, SPEECH, UNASKED}
    # 2,000 Hz cross zero 40 times in 10 ms, 200 Hz four times.
    assert np.median(crossings[labels == LAUGH]) < 10 < np.median(crossings[labels == SPEECH])
    assert (labels == LAUGH).sum() == pytest.approx(100, abs=4)


def test_a_sound_over_speech_is_asked_for_where_it_is_louder(files: tuple[Path, Path]) -> None:
    sound, speech = files
    made = with_sound(sound, LAUGH, Form.OVER, [speech], QUIET, seeded("b"))
    assert made.samples.size == pytest.approx(RATE, abs=1600)
    assert SPEECH not in made.labels[10:90] or LAUGH not in made.labels[10:90]


def test_speech_holds_nothing_but_speech(files: tuple[Path, Path]) -> None:
    made = of_speech([files[1], files[1]], QUIET, seeded("c"))
    assert set(made.labels.tolist()) <= {SPEECH, UNASKED}


def test_the_same_name_gives_the_same_stretch(files: tuple[Path, Path]) -> None:
    make = partial(with_sound, files[0], LAUGH, Form.BESIDE, [files[1]], Conditions(None))
    assert (make(seeded("d")).samples == make(seeded("d")).samples).all()
    assert make(seeded("d")).samples.size != make(seeded("e")).samples.size


def test_a_window_holds_the_sound_that_is_heard_in_enough_of_it() -> None:
    labels = np.full(96, SPEECH, np.int8)
    assert window_labels(labels, 120, 8).tolist() == [SPEECH]
    labels[:10] = LAUGH
    assert window_labels(labels, 120, 8).tolist() == [UNASKED]
    labels[:30] = LAUGH
    assert window_labels(labels, 120, 8).tolist() == [LAUGH]
    assert window_labels(np.full(96, BACKGROUND, np.int8), 120, 8).tolist() == [BACKGROUND]


@pytest.fixture(scope="module")
def sources(corpora: Path) -> Sources:
    return read_sources(corpora)


def test_no_fold_hears_a_speaker_or_a_background_of_another(sources: Sources) -> None:
    of_group: dict[str, set[int]] = {}
    for order in learnt(sources):
        of_group.setdefault(order.group, set()).add(order.fold)
    assert all(len(folds) == 1 for folds in of_group.values())
    assert {fold for folds in of_group.values() for fold in folds} == set(range(FOLDS))


def test_reports_have_every_clip_and_no_speech_of_training(sources: Sources) -> None:
    orders = list(reported(sources))
    clips = [order for order in orders if order.sound and order.form == Form.ALONE]
    assert len(clips) == 297 + len(sources.held_sounds)
    speakers = {str(clip.speaker) for clip in sources.speech}
    assert not speakers & {order.group for order in orders if order.form == "speech"}
    # The fold of a reported sound is that of its speaker, whom that fold's head has not heard.
    assert all(order.fold == fold_of(order.group) for order in orders if order.sound)
    assert not set(sources.backgrounds.files) & set(sources.held_backgrounds.files)
