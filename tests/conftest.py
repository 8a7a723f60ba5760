from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import settings

from subemo.core.processes import GUARD
from subemo.media import ffmpeg_executable
from subemo.media.audio import Samples
from subemo.tagging.vocabulary import Vocabulary, vocabulary_of

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
SAMPLES = ROOT / "samples"


#: 51 bytes that onnxruntime leaves in TMPDIR when it is imported, one file for all runs.
ONNX_FILE = ".ses"

# A slow machine is no fault of the code that is tested. HYPOTHESIS_PROFILE=thorough is for `make fuzz`.
settings.register_profile("quick", deadline=None, max_examples=25)
settings.register_profile("thorough", deadline=None, max_examples=200)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))

# Each worker of pytest-xdist has a core. Clips are few here, and processes for them cost more than they save;
# `test_parallel` has two.
os.environ.setdefault("LOKY_MAX_CPU_COUNT", "1")


def pytest_configure() -> None:
    # A runner in the background may ignore signals, which children would inherit.
    for number, handler in (
        (signal.SIGINT, signal.default_int_handler),
        (signal.SIGTERM, signal.SIG_DFL),
        (signal.SIGHUP, signal.SIG_DFL),
    ):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, handler)


def needs(*modules: str) -> pytest.MarkDecorator:
    """Skips tests without some optional modules, which are not imported before a test runs."""
    missing = [name for name in modules if importlib.util.find_spec(name) is None]
    return pytest.mark.skipif(bool(missing), reason=f"needs {', '.join(missing)}")


def _shared(part: str) -> Path:
    folder = SHARED / part
    if not folder.is_dir():
        pytest.skip(f"needs ../shared/{part}, which only the makers' machines have")
    return folder


@pytest.fixture(autouse=True)
def _a_cache_of_its_own(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that no test is spared the work by another, and the user's cache is left alone."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))


@pytest.fixture(autouse=True, scope="session")
def _no_waiting_for_the_disk() -> Iterator[None]:
    """No file of a test must survive a power cut, and on some disks each wait takes milliseconds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _: None)
        yield


@pytest.fixture(scope="session")
def corpora() -> Path:
    return _shared("data")


@pytest.fixture(scope="session")
def peers() -> Path:
    return _shared("peers")


@pytest.fixture(scope="session")
def media() -> Path:
    return _shared("media")


@pytest.fixture(scope="session")
def trailer() -> tuple[Path, Path]:
    return SAMPLES / "trailer.mp4", SAMPLES / "trailer.srt"


def children() -> set[str]:
    """Processes that this one has started and not reaped."""
    threads = Path("/proc/self/task").glob("*/children")
    found: set[str] = set()
    for thread in threads:
        with suppress(OSError):  # a thread that has just ended
            found.update(thread.read_text().split())
    return found


def is_alive(process: int) -> bool:
    """Whether a process runs; one that has ended and waits to be reaped does not."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"


def processes_about(folder: Path) -> list[int]:
    """Processes whose command or environment names *folder*, and guards of processes that are gone."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            command = (place / "cmdline").read_bytes()
            about = bytes(folder) in command or bytes(folder) in (place / "environ").read_bytes()
        except OSError:  # it has just ended, or is somebody else's
            continue
        parts = command.split(b"\0")
        guards = GUARD.encode() in parts and not is_alive(int(parts[-2]))
        if (about or guards) and is_alive(int(place.name)) and int(place.name) != os.getpid():
            found.append(int(place.name))
    return found


def wait_until(holds: Callable[[], object], what: str, *, at_most_s: float = 60) -> None:
    """Waits for what must come in the end, however busy the machine is."""
    deadline = time.monotonic() + at_most_s
    while not holds():
        assert time.monotonic() < deadline, f"not within {at_most_s} s: {what}"
        time.sleep(0.01)


def speechlike(seconds: float, *, sample_rate: int = 22_050, seed: int = 0) -> Samples:
    """A buzz with moving formants and pauses: nobody's voice, but shaped like one."""
    generator = np.random.default_rng(seed)
    clock = np.arange(int(seconds * sample_rate)) / sample_rate
    pitch = 120 + 30 * np.sin(2 * np.pi * 0.7 * clock + seed)
    phase = 2 * np.pi * np.cumsum(pitch) / sample_rate
    buzz = sum(np.sin(k * phase) / k for k in range(1, 20))
    syllables = np.clip(np.sin(2 * np.pi * 3 * clock + seed), 0, 1) ** 0.5
    noise = 0.01 * generator.standard_normal(clock.size)
    return (0.2 * buzz * syllables + noise).astype(np.float32)


def tone(seconds: float, *, sample_rate: int = 22_050, hertz: float = 440.0) -> Samples:
    clock = np.arange(round(seconds * sample_rate)) / sample_rate
    return (0.3 * np.sin(2 * np.pi * hertz * clock)).astype(np.float32)


def silence(seconds: float, *, sample_rate: int = 22_050) -> Samples:
    return np.zeros(round(seconds * sample_rate), dtype=np.float32)


def run_ffmpeg(*arguments: str | Path) -> None:
    subprocess.run(
        [ffmpeg_executable(), "-y", "-nostdin", "-loglevel", "error", *map(str, arguments)],
        check=True,
    )


def write_wav(path: Path, samples: Samples, sample_rate: int = 22_050) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, samples, sample_rate, subtype="FLOAT")
    return path


def vocabulary_in(language: str) -> Vocabulary:
    found = vocabulary_of(language)
    assert found is not None
    return found


def write_srt(path: Path, cues: list[tuple[int, int, str]]) -> Path:
    from subemo.formats.srt import format_block

    blocks = [format_block(i, start, end, text) for i, (start, end, text) in enumerate(cues, 1)]
    path.write_text("\n".join(blocks), encoding="utf-8", newline="")
    return path


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Nine seconds with a picture: speech, silence from 4 s to 6 s, speech."""
    folder = tmp_path_factory.mktemp("film")
    sound = np.concatenate((speechlike(4), silence(2), speechlike(3, seed=1)))
    wav = write_wav(folder / "sound.wav", sound)
    film = folder / "film.mp4"
    run_ffmpeg(
        "-f", "lavfi", "-i", "color=s=64x36:r=5:d=9", "-i", wav, "-c:a", "aac", "-b:a", "192k", film
    )  # fmt: skip
    return film
