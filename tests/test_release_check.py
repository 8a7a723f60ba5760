"""The release check itself: what its commands are given, and what it says of a failure."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from benchmarks.release_check import FailedError, Machine, built, has_target, targets

from .conftest import ROOT


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path, sys.executable)


def test_commands_have_an_empty_home_and_the_network(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTPS_PROXY", "PIP_INDEX_URL", "UV_DEFAULT_INDEX", "SSL_CERT_FILE"):
        monkeypatch.setenv(name, "kept")
    for name in ("PYTHONPATH", "XDG_CACHE_HOME", "UV_CACHE_DIR", "PIP_CACHE_DIR", "SUBEMO_FFMPEG"):
        monkeypatch.setenv(name, "mine")
    environment = machine.environment()
    assert {"HTTPS_PROXY", "PIP_INDEX_URL", "UV_DEFAULT_INDEX", "SSL_CERT_FILE"} <= set(environment)
    assert "mine" not in environment.values()
    assert list(Path(environment["HOME"]).iterdir()) == []


def test_a_failure_says_what_was_run_and_printed(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    code = "import sys; print('the reason'); sys.exit(3)"
    assert not machine.step("a step", lambda: machine.run(sys.executable, "-c", code))
    assert machine.step("another", lambda: machine.run(sys.executable, "-c", ""))
    out = capsys.readouterr().out
    assert "FAILED after 0 s: exit code 3 of: " in out and "    the reason\n" in out
    assert [(name, bool(problem)) for name, _, problem in machine.steps] == [
        ("a step", True),
        ("another", False),
    ]


def test_a_program_that_is_not_there_is_a_failure(machine: Machine) -> None:
    assert not machine.step("a step", lambda: machine.run("no-such-program"))


def test_nothing_was_built(machine: Machine) -> None:
    with pytest.raises(FailedError, match=r"not one \*\.whl in dist: none"):
        built(machine, "*.whl")


def test_targets(tmp_path: Path) -> None:
    assert has_target(ROOT / "Makefile", "test") and has_target(ROOT / "Makefile", "demo")
    makefile = tmp_path / "Makefile"
    makefile.write_text("demo: x\n\tmake docs:\n\ntest:\n")
    assert not has_target(makefile, "docs")
    assert list(targets(makefile, with_tests=True)) == ["test"]
    makefile.write_text("docs: x\n\ntest:\n")
    assert list(targets(makefile, with_tests=False)) == ["docs"]
