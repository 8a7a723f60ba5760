"""What a release must pass on a stranger's machine: only Python, make and git, an empty home, no caches.

``python benchmarks/release_check.py`` (``make release-check``). It clones the
committed state into a new folder, runs README's commands there, builds sdist and
wheel, and annotates the sample from each way of installing subemo; all of them
must write the same captions as `make demo`. It needs nothing but the standard
library and the package registry, and takes about half an hour with `make test`.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[1]

#: How the machine reaches the package registry is no cache, and kept.
_NETWORK = re.compile(
    r"(?i).*_proxy|(pip|uv)_.*(index|links|cert|tls|timeout).*|.*(ssl|ca)_?(cert|bundle).*"
)

#: The demo's main job.
_ANNOTATE = ("annotate", "trailer.mp4", "trailer.srt", "--min-confidence", "0.4", "--overwrite")

_LINES_OF_A_LOG = 25


class FailedError(Exception):
    """A step that went wrong; its message says how."""


@dataclass
class Machine:
    """A machine that has nothing of subemo's.

    Attributes:
        folder: everything that is made lies in it
        python: the interpreter
        steps: what was tried, with the seconds it took and what went wrong, if anything
    """

    folder: Path
    python: str
    steps: list[tuple[str, float, str]] = field(default_factory=list)

    @property
    def clone(self) -> Path:
        """Where the clone lies."""
        return self.folder / "clone"

    def environment(self) -> dict[str, str]:
        """The variables that a command gets."""
        kept = {name: value for name, value in os.environ.items() if _NETWORK.fullmatch(name)}
        (self.folder / "home").mkdir(exist_ok=True)
        path = os.pathsep.join((str(Path(self.python).parent), "/usr/bin", "/bin"))
        return {**kept, "HOME": str(self.folder / "home"), "PATH": path, "LANG": "C.UTF-8"}

    def run(self, *command: str | Path, cwd: Path | None = None) -> str:
        """What a command prints.

        Raises:
            FailedError: if its exit code is not 0
        """
        words = list(map(str, command))
        done = subprocess.run(
            words, cwd=cwd or self.folder, env=self.environment(), stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
        )  # fmt: skip
        if done.returncode != 0:
            log = "\n".join(f"    {line}" for line in done.stdout.splitlines()[-_LINES_OF_A_LOG:])
            raise FailedError(f"exit code {done.returncode} of: {' '.join(words)}\n{log}")
        return done.stdout

    def step(self, name: str, action: Callable[[], object]) -> bool:
        """Runs a step, and says what came of it; whether it went well."""
        print(f"{name} …", flush=True)
        began, problem = time.monotonic(), ""
        try:
            action()
        except (FailedError, OSError) as error:
            problem = str(error)
        seconds = time.monotonic() - began
        self.steps.append((name, seconds, problem))
        said = f"FAILED after {seconds:.0f} s: {problem}" if problem else f"ok, {seconds:.0f} s"
        print(f"  {said}", flush=True)
        return not problem

    def environment_with(self, name: str, *requirements: str | Path) -> Path:
        """A new virtual environment's folder of programs, with packages in it."""
        folder = self.folder / name
        self.run(self.python, "-m", "venv", folder)
        programs = folder / ("Scripts" if os.name == "nt" else "bin")
        self.run(programs / "python", "-m", "pip", "install", "--quiet", *requirements)
        return programs


def annotates(machine: Machine, name: str, *command: str | Path) -> None:
    """The demo's main job by a command, away from the clone, and `subemo doctor`.

    Raises:
        FailedError: if either fails, or the captions are not those of `make demo`
    """
    work = machine.folder / f"{name}-work"
    work.mkdir()
    for suffix in (".mp4", ".srt"):
        shutil.copy(machine.clone / "samples" / f"trailer{suffix}", work)
    machine.run(*command, *_ANNOTATE, cwd=work)
    expected = (machine.clone / "tests/golden/trailer.srt").read_bytes()
    if (work / "trailer.emo.srt").read_bytes() != expected:
        raise FailedError("the captions are not those of tests/golden/trailer.srt")
    machine.run(*command, "doctor", cwd=work)


def demo(machine: Machine) -> None:
    """`make demo`, as README has it."""
    out = machine.run("make", "demo", f"PYTHON={machine.python}", cwd=machine.clone)
    captions = machine.clone / "samples/trailer.emo.srt"
    if "[sadly]" not in out or not captions.is_file():
        raise FailedError("it does not print and write what README says")


def build(machine: Machine) -> None:
    """An sdist of the clone, and a wheel of the sdist."""
    machine.run(machine.clone / ".venv/bin/uv", "build", "--quiet", cwd=machine.clone)
    built(machine, "*.tar.gz")
    built(machine, "*.whl")


def built(machine: Machine, pattern: str) -> Path:
    """The one file that was built with such a name.

    Raises:
        FailedError: if there is none, or more
    """
    found = list((machine.clone / "dist").glob(pattern))
    if len(found) != 1:
        raise FailedError(f"not one {pattern} in dist: {', '.join(map(str, found)) or 'none'}")
    return found[0]


def from_file(machine: Machine, name: str, pattern: str) -> None:
    """`pip install` of what was built."""
    programs = machine.environment_with(name, built(machine, pattern))
    annotates(machine, name, programs / "subemo")


def from_pipx(machine: Machine) -> None:
    """`pipx install .`, in an environment of pipx's."""
    programs = machine.environment_with("pipx", "pipx")
    machine.run(programs / "pipx", "install", "--quiet", machine.clone)
    annotates(machine, "pipx", machine.folder / "home/.local/bin/subemo")


def from_uvx(machine: Machine) -> None:
    """`uvx --from . subemo`, which installs into a cache."""
    uvx = machine.clone / ".venv/bin/uvx"
    annotates(
        machine,
        "uvx",
        uvx,
        "--quiet",
        "--python",
        machine.python,
        "--from",
        machine.clone,
        "subemo",
    )


def has_target(makefile: Path, name: str) -> bool:
    """Whether a makefile has a target."""
    return re.search(rf"^{name}:", makefile.read_text(encoding="utf-8"), re.MULTILINE) is not None


def check(machine: Machine, *, with_tests: bool) -> None:
    """All steps; one that fails ends none but those that need it."""
    clone = ("git", "clone", "--quiet", "--no-hardlinks", ROOT, machine.clone)
    if not machine.step("git clone", lambda: machine.run(*clone)):
        return
    if machine.step("make demo", lambda: demo(machine)):
        if machine.step("sdist, and the wheel of it", lambda: build(machine)):
            machine.step("pip install WHEEL", lambda: from_file(machine, "wheel", "*.whl"))
            machine.step("pip install SDIST", lambda: from_file(machine, "sdist", "*.tar.gz"))
        machine.step("uvx --from . subemo", lambda: from_uvx(machine))
    machine.step("pipx install .", lambda: from_pipx(machine))
    for target in targets(machine.clone / "Makefile", with_tests=with_tests):
        machine.step(
            f"make {target}",
            lambda target=target: machine.run(  # type: ignore[misc]
                "make", target, f"PYTHON={machine.python}", cwd=machine.clone
            ),
        )


def targets(makefile: Path, *, with_tests: bool) -> Iterator[str]:
    """What else is made in the clone."""
    if has_target(makefile, "docs"):
        yield "docs"
    if with_tests:
        yield "test"


def main(arguments: Sequence[str] | None = None) -> int:
    """Checks the committed state; 1 if a step fails."""
    parser = argparse.ArgumentParser(description="Check a release as a stranger gets it.")
    parser.add_argument("--no-tests", action="store_true", help="leave out make test")
    parser.add_argument(
        "--keep", action="store_true", help="keep the folder with all that was made"
    )
    options = parser.parse_args(arguments)
    status = ("git", "-C", str(ROOT), "status", "--porcelain")
    if subprocess.run(status, capture_output=True, text=True).stdout:
        print("Note: what is not committed is not checked.")
    folder = Path(tempfile.mkdtemp(prefix="subemo-release-"))
    # Not a virtual environment's, nor a shim's that looks into the user's home.
    machine = Machine(folder, os.path.realpath(sys.executable))
    try:
        check(machine, with_tests=not options.no_tests)
    finally:
        if options.keep:
            print(f"Kept: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    failed = [name for name, _, problem in machine.steps if problem]
    print(f"Failed: {', '.join(failed)}" if failed else f"All {len(machine.steps)} steps are well.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
