"""What the captioner's commands must not import, and what they must not print."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from subemo.cli import cli

HEAVY = {"tensorflow", "keras", "sklearn", "librosa", "numba", "matplotlib", "pandas", "moviepy"}


def imported_by(*arguments: str) -> set[str]:
    """The top-level modules that a command has imported when it ends."""
    code = (
        "import sys; from subemo.cli import main; code = main(sys.argv[1:]);"
        "print('MODULES', *{name.split('.')[0] for name in sys.modules}); sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    return set(done.stdout.splitlines()[-1].split()[1:])


def test_help_imports_nothing_heavy() -> None:
    assert not imported_by("--help") & (HEAVY | {"numpy", "scipy", "rich"})


@pytest.mark.parametrize("command", sorted(cli.commands))
def test_help_of_commands(command: str) -> None:
    assert not imported_by(command, "--help") & (HEAVY | {"numpy"})


def test_annotate_imports_nothing_heavy_and_is_quiet(
    trailer: tuple[Path, Path], tmp_path: Path
) -> None:
    video, subs = map(str, trailer)
    assert not imported_by("annotate", video, subs, "-o", str(tmp_path / "a.srt")) & HEAVY


def test_annotate_without_subtitles_imports_nothing_heavy(
    trailer: tuple[Path, Path], tmp_path: Path
) -> None:
    out = str(tmp_path / "a.srt")
    arguments = ["--subs", "none", "--no-transcribe", "-o", out, "--all"]
    assert not imported_by("annotate", str(trailer[0]), *arguments) & HEAVY


def test_classify_imports_nothing_heavy(film: Path) -> None:
    assert not imported_by("classify", str(film)) & HEAVY


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
