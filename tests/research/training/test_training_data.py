from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from subemo.core.emotions import EMOTIONS, Emotion
from subemo.core.errors import CorpusError
from subemo.research.corpora import Clip
from subemo.research.datasets.features import FrameTable
from subemo.research.training.training_data import Batches, Sampling

SIZE = 6
PLAIN = Sampling(steps=10, batch_size=16, mixup=0.0, smoothing=0.0, silence=0.0)


def table(*, versions: int = 3, seed: int = 0) -> FrameTable:
    """Two corpora, one of which knows neither calm nor disgust; emotions that can be told apart."""
    generator = np.random.default_rng(seed)
    clips, frames = [], []
    for corpus, emotions in (
        ("ravdess", EMOTIONS),
        ("nemo", [e for e in EMOTIONS if e not in (Emotion.CALM, Emotion.DISGUST)]),
    ):
        for speaker in range(4):
            for emotion in emotions:
                for take in range(3):
                    name = f"{corpus}/{speaker}-{emotion.value}-{take}.wav"
                    clips.append(Clip(Path(name), emotion, f"{corpus}-{speaker:02}", None, corpus))
                    mean = np.zeros(SIZE)
                    mean[EMOTIONS.index(emotion) % SIZE] = (
                        3 if EMOTIONS.index(emotion) < SIZE else -3
                    )
                    length = int(generator.integers(4, 25))
                    frames.append(
                        tuple(
                            (mean + generator.standard_normal((length, SIZE))).astype(np.float16)
                            for _ in range(versions)
                        )
                    )
    return FrameTable(tuple(clips), tuple(frames))


def batches(sampling: Sampling, *, silent: list[np.ndarray] | None = None) -> Batches:
    whole = table()
    return Batches(whole, np.arange(len(whole.clips)), silent or [], sampling=sampling, seed=0)


def test_shapes_and_masks() -> None:
    some = batches(PLAIN)
    every = list(some.epoch(1))
    assert len(every) == some.per_epoch == len(table().clips) // 16
    for inputs, targets in every:
        assert inputs.shape == (16, 12, SIZE + 1)
        assert targets.shape == (16, 16)
        mask = inputs[..., -1]
        assert set(np.unique(mask)) <= {0, 1}
        assert (mask[:, -2:] == 0).all()
        assert (np.diff(mask[:, :10]) <= 0).all()
        assert (inputs[:, :10, :-1][mask[:, :10] == 0] == 0).all()


def test_a_class_that_the_corpus_lacks_is_masked() -> None:
    calm, disgust = EMOTIONS.index(Emotion.CALM), EMOTIONS.index(Emotion.DISGUST)
    rows = np.concatenate([targets for _, targets in batches(PLAIN).epoch(1)])
    wanted, allowed = rows[:, :8], rows[:, 8:]
    np.testing.assert_allclose(wanted.sum(axis=1), 1, rtol=1e-6)
    assert ((wanted > 0) <= (allowed > 0)).all()
    lacking = allowed[:, calm] == 0
    assert 0.2 < lacking.mean() < 0.8
    assert (allowed[lacking, disgust] == 0).all()


def test_smoothing_stays_within_the_corpus() -> None:
    for _, targets in batches(replace(PLAIN, smoothing=0.1)).epoch(1):
        wanted, allowed = targets[:, :8], targets[:, 8:]
        np.testing.assert_allclose(wanted.sum(axis=1), 1, rtol=1e-6)
        assert (wanted[allowed == 0] == 0).all()
        assert wanted.max() < 0.95


def test_mixed_rows_know_the_classes_of_both() -> None:
    for inputs, targets in batches(replace(PLAIN, mixup=0.5)).epoch(1):
        wanted, allowed = targets[:, :8], targets[:, 8:]
        np.testing.assert_allclose(wanted.sum(axis=1), 1, rtol=1e-6)
        assert (wanted[allowed == 0] == 0).all()
        assert np.isfinite(inputs).all()
        assert set(np.unique(inputs[..., -1])) <= {0, 1}


def test_sound_without_a_voice_is_no_class() -> None:
    silent = [np.zeros((8, SIZE), dtype=np.float16)]
    some = batches(replace(PLAIN, silence=1.0), silent=silent)
    for _, targets in some.epoch(1):
        np.testing.assert_allclose(targets[:, :8], 1 / 8)
        assert (targets[:, 8:] == 1).all()


def test_the_same_seed_and_epoch_are_the_same_batches() -> None:
    first, again = (next(batches(PLAIN).epoch(2)) for _ in range(2))
    np.testing.assert_array_equal(first[0], again[0])
    assert not np.array_equal(first[0], next(batches(PLAIN).epoch(3))[0])


def test_balance_draws_rare_classes_more_often() -> None:
    whole = table()
    chosen = np.array(
        [i for i, clip in enumerate(whole.clips) if clip.emotion is Emotion.SAD or i % 9 == 0]
    )
    drawn = []
    for balance in (0.0, 1.0):
        some = Batches(whole, chosen, [], sampling=replace(PLAIN, balance=balance), seed=0)
        rows = np.concatenate([t[:, :8] for number in range(1, 30) for _, t in some.epoch(number)])
        drawn.append(rows[:, EMOTIONS.index(Emotion.SAD)].mean())
    assert drawn[0] > drawn[1] + 0.1


@pytest.mark.parametrize("level", [0, 1, 2])
def test_standardised_as_a_film(level: int) -> None:
    """By everyone, by corpus or by speaker: over an epoch the frames are about standard."""
    chances = tuple(float(k == level) for k in range(3))
    some = batches(replace(PLAIN, own_statistics=chances, clean=1.0))  # type: ignore[arg-type]
    rows = np.concatenate([inputs for inputs, _ in some.epoch(1)])
    frames = rows[:, :10][rows[:, :10, -1] == 1][:, :-1]
    assert np.abs(frames.mean(axis=0)).max() < 0.3
    assert np.abs(frames.std(axis=0) - 1).max() < 0.3


def test_an_evaluation_corpus_is_refused() -> None:
    whole = table()
    clips = (replace(whole.clips[0], corpus="casia", speaker="casia-x"), *whole.clips[1:])
    heard = FrameTable(clips, whole.frames)
    with pytest.raises(CorpusError, match="casia is for evaluation only"):
        Batches(heard, np.arange(len(clips)), [], sampling=PLAIN, seed=0)
    Batches(heard, np.arange(1, len(clips)), [], sampling=PLAIN, seed=0)
