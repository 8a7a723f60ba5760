"""What the captioner's commands may import, and what they must not print."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from subemo.cli import cli
from subemo.cli.lazy import LazyCommand

HEAVY = {"tensorflow", "keras", "sklearn", "librosa", "numba", "matplotlib", "pandas", "moviepy"}


#: What no captioner's command imports, whatever it does.
RESEARCH = ("subemo.research", "subemo.cli.research")

#: The packages of which `annotate` may import modules; it is not to load what other commands need.
OF_ANNOTATE = {
    "align", "analysis", "annotation", "api", "batch", "captions", "cli", "core", "features",
    "formats", "media", "model", "proof", "render", "sounds", "sources", "subtitles", "tagging",
    "transcription", "text_model",
}  # fmt: skip


def modules_of(*arguments: str, is_quiet: bool = True) -> set[str]:
    """The full names of all modules that a command has imported when it ends."""
    code = (
        "import sys; from subemo.cli import main; code = main(sys.argv[1:]);"
        "print(); print('MODULES', *sys.modules); sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True
    )
    assert not is_quiet or done.stderr == ""
    return set(done.stdout.splitlines()[-1].split()[1:])


def top_level(modules: Iterable[str]) -> set[str]:
    return {name.partition(".")[0] for name in modules}


def of_research(modules: Iterable[str]) -> set[str]:
    return {name for name in modules if f"{name}.".startswith(tuple(f"{r}." for r in RESEARCH))}


def imported_by(*arguments: str) -> set[str]:
    """The top-level modules that a command has imported when it ends."""
    return top_level(modules_of(*arguments))


def test_modules_of_research_are_told_apart() -> None:
    found = {"subemo.research", "subemo.cli.research.train", "subemo.researcher", "subemo.cli"}
    assert of_research(found) == {"subemo.research", "subemo.cli.research.train"}


def test_help_imports_nothing_heavy() -> None:
    assert not imported_by("--help") & (HEAVY | {"numpy", "scipy", "rich"})


@pytest.mark.parametrize("command", sorted(cli.commands))
def test_help_of_commands(command: str) -> None:
    modules = modules_of(command, "--help")
    assert not top_level(modules) & (HEAVY | {"numpy"})
    entry = cli.commands[command]
    assert isinstance(entry, LazyCommand)
    if entry.module.startswith(".captioning."):
        assert of_research(modules) == set()
    else:
        assert f"subemo.cli{entry.module}" in of_research(modules)


def test_annotate_imports_nothing_heavy_and_is_quiet(
    trailer: tuple[Path, Path], tmp_path: Path
) -> None:
    video, subs = map(str, trailer)
    modules = modules_of("annotate", video, subs, "-o", str(tmp_path / "a.srt"))
    assert not top_level(modules) & (HEAVY | {"faster_whisper", "joblib"})
    assert of_research(modules) == set()
    packages = {name.split(".")[1] for name in modules if name.startswith("subemo.")}
    assert packages <= OF_ANNOTATE


@pytest.mark.parametrize(
    "command",
    ["batch", "review", "check", "strip", "classify", "model", "mux", "convert", "doctor"],
)
def test_captioners_commands_import_nothing_of_research(
    command: str, trailer: tuple[Path, Path], film: Path, tmp_path: Path
) -> None:
    video, subs = map(str, trailer)
    films = tmp_path / "films"
    films.mkdir()
    for path in trailer:
        shutil.copy(path, films)
    tagged = tmp_path / "tagged.vtt"
    tagged.write_text("WEBVTT\n\n00:01.000 --> 00:02.000\nWords.\n")
    arguments = {
        "batch": [str(films), "-o", str(tmp_path / "captions"), "--jobs", "1"],
        "review": [video, subs, "-o", str(tmp_path / "page.html")],
        "check": [subs],
        "mux": [video, subs, "-o", str(tmp_path / "film.mkv")],
        "convert": [subs, "-o", str(tmp_path / "film.vtt")],
        "strip": [str(tagged), "-o", str(tmp_path / "a.vtt")],
        "classify": [str(film)],
        "model": ["show"],
        "doctor": [],
    }[command]
    # The batch tells on standard error which film is done.
    modules = modules_of(command, *arguments, is_quiet=command != "batch")
    assert not top_level(modules) & HEAVY
    assert of_research(modules) == set()


def test_annotate_without_subtitles_imports_nothing_heavy(
    trailer: tuple[Path, Path], tmp_path: Path
) -> None:
    out = str(tmp_path / "a.srt")
    arguments = ["--subs", "none", "--no-transcribe", "-o", out, "--all"]
    modules = modules_of("annotate", str(trailer[0]), *arguments)
    assert not top_level(modules) & HEAVY
    assert of_research(modules) == set()


def test_evaluation_needs_no_tensorflow(film: Path, tmp_path: Path) -> None:
    labels = tmp_path / "labels.csv"
    labels.write_text("start,end,emotion\n0.5,2.5,happy\n6.5,8.5,angry\n")
    arguments = ["evaluate", str(film), "--labels", str(labels), "-o", str(tmp_path / "out")]
    assert not imported_by(*arguments) & {"tensorflow", "keras", "librosa", "numba"}


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux's /proc")
def test_annotate_stays_below_500_megabytes(trailer: tuple[Path, Path], tmp_path: Path) -> None:
    # Not getrusage: that counts what this process held when it forked.
    code = (
        "import sys; from subemo.cli import main; code = main(sys.argv[1:]);"
        "print(open('/proc/self/status').read()); sys.exit(code)"
    )
    arguments = ["annotate", *map(str, trailer), "-o", str(tmp_path / "a.srt")]
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True
    )
    (peak,) = re.findall(r"VmHWM:\s+(\d+) kB", done.stdout)
    assert int(peak) < 500_000
