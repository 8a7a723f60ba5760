"""`subemo completion`: what it prints works in the shells, and what it writes harms nobody's file."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from subemo.cli import main

PLACES = {
    "bash": "data/bash-completion/completions/subemo",
    "zsh": "data/zsh/site-functions/_subemo",
    "fish": "config/fish/completions/subemo.fish",
}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("BASH_COMPLETION_USER_DIR", raising=False)
    program = tmp_path / "bin" / "subemo"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m subemo "$@"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    return tmp_path


def shell(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def run(*command: str | Path) -> list[str]:
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return done.stdout.splitlines()


def installed(name: str, home: Path) -> Path:
    assert main(["completion", name, "--install"]) == 0
    return home / PLACES[name]


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        (("ann",), ["annotate"]),
        (("annotate", "--pres"), ["--preset"]),
        (("annotate", "--policy", ""), ["sparse", "strong", "every"]),
        (("model", "sh"), ["show"]),
        (("completion", "f"), ["fish"]),
        (("nothing-like-it",), []),
    ],
)
def test_bash_completes(home: Path, typed: tuple[str, ...], offered: list[str]) -> None:
    code = (
        'source "$1"; shift; COMP_WORDS=(subemo "$@"); COMP_CWORD=$#;'
        "_subemo_completion subemo; printf '%s\\n' ${COMPREPLY[@]+\"${COMPREPLY[@]}\"}"
    )
    lines = run(shell("bash"), "--norc", "-c", code, "bash", installed("bash", home), *typed)
    assert [line for line in lines if line] == offered


def test_bash_knows_the_command(home: Path) -> None:
    code = 'source "$1"; complete -p subemo'
    (line,) = run(shell("bash"), "--norc", "-c", code, "bash", installed("bash", home))
    assert "-F _subemo_completion subemo" in line


def test_zsh_finds_it(home: Path) -> None:
    folder = installed("zsh", home).parent
    code = 'fpath=("$1" $fpath); autoload -Uz compinit; compinit -u -d "$2"; print $_comps[subemo]'
    assert run(shell("zsh"), "-f", "-c", code, "zsh", folder, home / "dump") == ["_subemo"]


def test_fish_completes(home: Path) -> None:
    installed("fish", home)
    lines = run(shell("fish"), "-c", "complete -C 'subemo ann'")
    assert [line.split()[0] for line in lines] == ["annotate"]


@pytest.mark.parametrize("name", PLACES)
def test_what_is_printed_is_what_is_written(
    name: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["completion", name]) == 0
    printed = capsys.readouterr().out
    assert f"{name}_complete" in printed
    path = installed(name, home)
    told = capsys.readouterr().out
    assert f"Written: {path}\n" in told
    assert "shell" in told.splitlines()[1]
    script, mark, digest = path.read_text().partition("# Written by subemo")
    assert (script, bool(mark), len(digest.split()[-1])) == (printed, True, 64)


@pytest.mark.parametrize("name", PLACES)
def test_a_file_of_somebody_elses_stays(
    name: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = installed(name, home)
    ours = path.read_bytes()
    assert main(["completion", name, "--install"]) == 0  # its own is replaced
    for foreign in (b"mine\n", ours + b"# mine\n", ours.replace(b"subemo", b"other", 1), b""):
        path.write_bytes(foreign)
        assert main(["completion", name, "--install"]) == 1
        assert (
            "not written by subemo, or was changed. Replace it with --overwrite"
            in capsys.readouterr().err
        )
        assert path.read_bytes() == foreign
    assert main(["completion", name, "--install", "--overwrite"]) == 0
    assert path.read_bytes() == ours


def test_a_place_that_cannot_be_written(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "data").write_text("no folder")
    assert main(["completion", "bash", "--install"]) == 1
    assert "cannot create this folder" in capsys.readouterr().err


def test_another_place_of_bash(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BASH_COMPLETION_USER_DIR", str(home / "own"))
    assert main(["completion", "bash", "--install"]) == 0
    assert (home / "own" / "completions" / "subemo").is_file()


def test_overwriting_is_for_installing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", "bash", "--overwrite"]) == 2
    assert "--overwrite needs --install" in capsys.readouterr().err
