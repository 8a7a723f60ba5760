"""Networks of strangers: they end in an answer or an error, whatever they do."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import subemo
from subemo.core import litert
from subemo.core.emotions import are_probabilities
from subemo.core.errors import BundleError
from subemo.core.litert import SHIPPED_NETWORKS, Network
from subemo.model.bundle import find_bundle, shipped_models
from subemo.model.network import LiteRT
from subemo.sounds.scene import SceneTagger

from ..conftest import processes_about, speechlike, wait_until, write_wav
from .networks import BOMBS, harmless, looping


def answer(weights: bytes) -> np.ndarray:
    network = LiteRT(weights)
    return network.probabilities(np.zeros(network.size, np.float32))


def bundle(folder: Path, weights: bytes) -> Path:
    """The report's model with other weights, and their SHA-256."""
    shutil.copytree(find_bundle("report-crnn"), folder)
    (folder / "model.tflite").write_bytes(weights)
    description = json.loads((folder / "model.json").read_text())
    description["weights"]["sha256"] = hashlib.sha256(weights).hexdigest()
    (folder / "model.json").write_text(json.dumps(description))
    return folder


def test_the_shipped_networks_are_known() -> None:
    """A model that is trained anew is listed, or it runs in a child process."""
    shipped = {
        name: hashlib.sha256((find_bundle(name) / "model.tflite").read_bytes()).hexdigest()
        for name in shipped_models()
    }
    assert shipped == SHIPPED_NETWORKS


def test_a_harmless_network_answers() -> None:
    assert are_probabilities(answer(harmless()))


@pytest.mark.parametrize("make", BOMBS.values(), ids=list(BOMBS))
def test_tensors_of_computed_size(make: Callable[[], bytes]) -> None:
    """They take 2 GB, which no shape in the file shows."""
    with pytest.raises(BundleError, match="this network"):
        answer(make())


def test_an_endless_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(litert, "ANSWER_S", 1.0)
    network = Network(looping())
    (source,), (target,) = network.inputs, network.outputs
    for _ in range(2):  # the second time in another process
        with pytest.raises(BundleError, match=r"was ended \(no answer within 1 s\)"):
            network.run(np.zeros(161), source, target)


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_ends_an_endless_loop(name: str, tmp_path: Path) -> None:
    model = bundle(tmp_path / "loop", looping())
    sound = write_wav(tmp_path / "sound.wav", speechlike(2))
    command = [sys.executable, "-m", "subemo", "classify", str(sound), "--model", str(model)]
    process = subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )  # fmt: skip
    wait_until(lambda: networks(tmp_path), "the loop")
    time.sleep(1)
    sent = time.monotonic()
    process.send_signal(getattr(signal, name))
    _, complaints = process.communicate(timeout=60)
    assert time.monotonic() - sent < litert.ANSWER_S / 2
    assert process.returncode == 128 + getattr(signal, name)
    assert len(complaints.strip().splitlines()) == 1, complaints
    wait_until(lambda: not networks(tmp_path), "the end of the loop")


def networks(folder: Path) -> list[int]:
    """The child processes for networks of a run with this ``TMPDIR``."""
    return [
        process
        for process in processes_about(folder)
        if b"in_child" in Path(f"/proc/{process}/cmdline").read_bytes()
    ]


def test_a_crash_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("subemo.core.litert._Elsewhere.HANDLER", f"{__name__}:crashing")
    with pytest.raises(BundleError, match=r"this network was ended \(SIGSEGV\)"):
        LiteRT(harmless())


def crashing() -> Callable[[bytes], bytes]:
    import faulthandler

    return lambda _: faulthandler._sigsegv() or b""  # type: ignore[attr-defined]


def test_a_model_of_sounds_with_a_loop(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="this network takes 161 values"):
        SceneTagger(looping(), tmp_path)


@pytest.mark.parametrize("name", ["report-crnn", "subemo-crnn"])
def test_wrong_bytes_anywhere(name: str, tmp_path: Path) -> None:
    """Weights with the SHA-256 to match, cut off or with wrong bytes."""
    weights = (find_bundle(name) / "model.tflite").read_bytes()
    for seed in range(8):
        chance, data = random.Random(seed), bytearray(weights)
        for _ in range(chance.choice([1, 3, 30])):
            ends = chance.randrange(20_000) * chance.choice([-1, 1])
            data[chance.choice([chance.randrange(len(data)), ends])] = chance.randrange(256)
        if seed % 4 == 0:
            del data[chance.randrange(len(data)) :]
        model = bundle(tmp_path / str(seed), bytes(data))
        try:
            found = subemo.classify(write_wav(tmp_path / "sound.wav", speechlike(1)), model=model)
            assert found is not None
            assert are_probabilities(np.array(found.probabilities))
        except BundleError as error:
            assert len(str(error).splitlines()) == 1, str(error)
