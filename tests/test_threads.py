"""Threads, tasks and processes get the predictions of one thread, bit for bit."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

import subemo
from subemo.align.voice_activity import speech_probabilities
from subemo.core.native import one_blas_thread
from subemo.model import DEFAULT_MODEL
from subemo.model.bundle import find_bundle
from subemo.model.classifier import Classifier
from subemo.model.network import LiteRT
from subemo.tagging.policy import SoundsShown
from subemo.transcription.whisper import Transcriber

from .conftest import speechlike, write_wav

THREADS, CALLS = 8, 48

#: A film and its subtitles, or None to classify it as a whole.
Task = tuple[Path, Path | None, str]


def predicted(task: Task) -> list[object]:
    """Everything that is predicted for a task."""
    path, subtitles, model = task
    if subtitles is None:
        return [subemo.classify(path, model=model)]
    found = subemo.annotate(
        path, subtitles, model=model, policy=subemo.TagPolicy(sounds=SoundsShown.VOICE),
        options=subemo.AnalysisOptions(sound_cues=True),
    )  # fmt: skip
    return [
        *(
            (cue.prediction, cue.voice_prediction, cue.text_prediction, cue.vocal)
            for cue in found.cues
        ),
        found.sound_cues,
    ]


@pytest.fixture(scope="module")
def tasks(tmp_path_factory: pytest.TempPathFactory, film: Path) -> list[Task]:
    folder = tmp_path_factory.mktemp("threads")
    found: list[Task] = []
    for number in range(4):
        sound = write_wav(folder / f"{number}.wav", speechlike(3, seed=number))
        subtitles = folder / f"{number}.srt"
        subtitles.write_text(
            "1\n00:00:00,100 --> 00:00:01,400\nHello, who are you?\n\n"
            f"2\n00:00:01,500 --> 00:00:02,900\nGet out, number {number}!\n"
        )
        found += [(sound, subtitles, DEFAULT_MODEL), (sound, None, DEFAULT_MODEL)]
        found += [(sound, None, "report-crnn")]
    return found


@pytest.fixture(scope="module")
def expected(tasks: list[Task]) -> list[list[object]]:
    return [predicted(task) for task in tasks]


def test_threads(tasks: list[Task], expected: list[list[object]]) -> None:
    switching = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        with ThreadPoolExecutor(THREADS) as pool:
            assert list(pool.map(predicted, tasks * 3)) == expected * 3
    finally:
        sys.setswitchinterval(switching)


def test_asyncio(tasks: list[Task], expected: list[list[object]]) -> None:
    async def all_at_once() -> list[list[object]]:
        return await asyncio.gather(*(asyncio.to_thread(predicted, task) for task in tasks))

    assert asyncio.run(all_at_once()) == expected


@pytest.mark.parametrize("way", multiprocessing.get_all_start_methods())
def test_processes(way: str, tasks: list[Task], expected: list[list[object]]) -> None:
    """Also such as inherit loaded models, in threads of their own."""
    context = multiprocessing.get_context(way)
    with ProcessPoolExecutor(2, mp_context=context) as pool:
        assert list(pool.map(predicted, tasks)) == expected


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no forks here")
def test_a_fork_while_models_are_in_use(tasks: list[Task], expected: list[list[object]]) -> None:
    """Its copies of their locks are held by threads that it does not have."""
    with ThreadPoolExecutor(THREADS) as pool:
        running = [pool.submit(predicted, task) for task in tasks * 2]
        with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("fork")) as forks:
            found = [forks.submit(predicted, tasks[0]) for _ in range(2)]
            assert [one.result(timeout=120) for one in found] == [expected[0]] * 2
        assert [one.result() for one in running] == expected * 2


@pytest.mark.parametrize("name", ["report-crnn", DEFAULT_MODEL])
@pytest.mark.parametrize("is_strangers", [False, True])
def test_a_network(name: str, is_strangers: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if is_strangers:
        monkeypatch.setattr("subemo.core.litert.SHIPPED_NETWORKS", {})
    network = LiteRT((find_bundle(name) / "model.tflite").read_bytes())
    rows = np.random.default_rng(0).normal(size=(CALLS, network.size)).astype(np.float32)
    alone = [network.probabilities(row) for row in rows]
    with ThreadPoolExecutor(THREADS) as pool:
        together = list(pool.map(network.probabilities, rows))
    np.testing.assert_array_equal(together, alone)


def test_models_are_loaded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[object] = []
    load = Classifier.from_bundle.__func__  # type: ignore[attr-defined]

    def counted(cls: type[Classifier], folder: Path) -> Classifier:
        loaded.append(folder)
        found: Classifier = load(cls, folder)
        return found

    monkeypatch.setattr(Classifier, "from_bundle", classmethod(counted))
    subemo.api._load.forget()
    with ThreadPoolExecutor(THREADS) as pool:
        found = set(pool.map(subemo.load_model, ["report-crnn"] * THREADS))
    assert (len(found), len(loaded)) == (1, 1)
    subemo.api._load.forget()


def test_speech() -> None:
    sounds = [speechlike(4, sample_rate=16_000, seed=seed) for seed in range(6)]

    def probabilities(number: int) -> list[float]:
        return list(speech_probabilities([sounds[number]]))

    alone = [probabilities(number) for number in range(6)]
    with ThreadPoolExecutor(THREADS) as pool:
        assert list(pool.map(probabilities, list(range(6)) * 3)) == alone * 3


def test_whisper(trailer: tuple[Path, Path]) -> None:
    def heard(transcriber: Transcriber) -> list[str]:
        options = subemo.AnalysisOptions(transcriber=transcriber)
        return [cue.cue.text for cue in subemo.annotate(trailer[0], options=options).cues]

    shared = Transcriber(language="en")
    alone = heard(shared)
    assert any(alone)
    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(heard, [shared] * 3)) == [alone] * 3


def blas_threads() -> Iterator[int]:
    from threadpoolctl import threadpool_info

    yield from (one["num_threads"] for one in threadpool_info() if one["user_api"] == "blas")


def test_the_number_of_blas_threads_is_restored_by_the_last() -> None:
    before = list(blas_threads())
    first, second = one_blas_thread(), one_blas_thread()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert set(blas_threads()) == {1}  # the second still needs it
    second.__exit__(None, None, None)
    assert list(blas_threads()) == before
