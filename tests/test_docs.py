"""The documentation is true: its links lead somewhere, its commands and its Python run or say why not.

A block of commands (``sh``, ``console``, ``python``, or indented) is run on the sample, in a folder
of its own for each page. A block that is not run has the reason in front: ``<!-- not run: reason -->``.
A ``console`` block also says what its commands print; with ``SUBEMO_UPDATE_DOCS=1`` this test writes
that anew. A block with a ``title`` is a file for those after it.
"""

from __future__ import annotations

import contextlib
import importlib.util
import io
import os
import re
import runpy
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import click
import pytest

import subemo
from subemo.cli import cli, main
from subemo.cli.lazy import LazyCommand
from subemo.media import ffmpeg_executable
from subemo.tagging.decisions import Reason

ROOT = Path(__file__).parents[1]
DOCS = sorted((ROOT / "docs").rglob("*.md"))
CARDS = sorted((ROOT / "models").rglob("*.md"))
PAGES = [
    *(ROOT / name for name in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md")),
    ROOT / "samples" / "README.md",
    *DOCS,
    *CARDS,
]
UPDATE = os.environ.get("SUBEMO_UPDATE_DOCS") == "1"
_LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)(?:#[^)]*)?\)")
_FENCE = re.compile(r"^```(\w*)(?: title=\"([^\"]+)\")?\s*$")
_REASON = re.compile(r"^<!-- not run: (\S.*\S) -->$")
_RUNS = re.compile(r"^(?:\$ )?(?:subemo|make|python -m) ")
_INLINE = re.compile(r"`(subemo|make|python -m) ([^`]+)`")
#: What differs from run to run.
_SPEED = re.compile(r"^seconds +[\d.]+ \(\d+ × real time\)$", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A block of code on a page: its first line's index, and why it is not run."""

    start: int
    language: str
    title: str
    lines: tuple[str, ...]
    reason: str | None

    @property
    def commands(self) -> list[str]:
        found = [line.removeprefix("$ ") for line in self.lines if _RUNS.match(line)]
        return [re.split(r"\s{2,}#", line)[0].strip() for line in found]


def blocks(page: Path) -> Iterator[Block]:
    lines = page.read_text(encoding="utf-8").splitlines()
    at, said = 0, ""
    while at < len(lines):
        fence, line = _FENCE.match(lines[at]), lines[at]
        if fence is not None:
            end = lines.index("```", at + 1)
            body, language, title, first = lines[at + 1 : end], fence[1], fence[2] or "", at + 1
        elif line.startswith("    ") and _RUNS.match(line.strip()):
            end = at
            while end < len(lines) and lines[end].startswith("    "):
                end += 1
            body, language, title, first = [one[4:] for one in lines[at:end]], "sh", "", at
            end -= 1
        else:
            said, at = (line.strip() or said), at + 1
            continue
        reason = _REASON.match(said)
        # A page that `subemo train` or a trainer writes has no room for reasons.
        why = "made from the corpora" if page in CARDS else reason[1] if reason else None
        yield Block(first, language, title, tuple(body), why)
        at, said = end + 1, ""


def named(page: Path) -> list[str]:
    """The commands of subemo that a page names anywhere, without ``subemo``."""
    inline = [m[2] for m in _INLINE.finditer(page.read_text("utf-8")) if m[1] == "subemo"]
    shown = chain.from_iterable(block.commands for block in blocks(page))
    return [*inline, *(one.removeprefix("subemo ") for one in shown if one.startswith("subemo "))]


def ids(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_links_lead_somewhere(page: Path) -> None:
    links = _LINK.findall(page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def _anchors(page: Path) -> set[str]:
    """The anchors of a page's headings."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    plain = (re.sub(r"[^\w\s-]", "", heading).strip().lower() for heading in headings)
    return {re.sub(r"[-\s]+", "-", one) for one in plain}


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_links_lead_to_headings(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#\s]*)#([^)]+)\)", page.read_text(encoding="utf-8"))
    pages = [(page.parent / name if name else page, anchor) for name, anchor in links]
    lost = [(at.name, a) for at, a in pages if at.suffix == ".md" and a not in _anchors(at)]
    assert lost == []


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_commands_and_their_options_exist(page: Path) -> None:
    wrong = []
    for line in named(page):
        context = click.Context(cli)
        command: click.Command = cli
        # Options of the program itself come before a command, such as `subemo --help`.
        options = {"--help", "--version"}
        for word in shlex.split(line.replace("…", "").replace("|", " ")):
            name = word.partition("=")[0]
            if name.startswith("--"):
                if name not in options:
                    wrong.append(f"{line}: no {name}")
            elif isinstance(command, click.Group):
                found = command.get_command(context, name)
                if found is None:
                    wrong.append(f"{line}: no command {name}")
                    break
                command = found.load() if isinstance(found, LazyCommand) else found
                parameters = command.params
                options = {one for p in parameters for one in (*p.opts, *p.secondary_opts)}
                options |= {"--help", "--debug"}
    assert wrong == []


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_commands_that_are_not_run_can_be_parsed(page: Path) -> None:
    """Their options have values, and they have no argument too many."""
    lines = [one for b in blocks(page) if b.reason is not None for one in b.commands]
    for line in lines:
        words = shlex.split(line)
        if words[0] != "subemo":
            continue
        command: click.Command = cli
        words = words[1:]
        while isinstance(command, click.Group) and words and words[0][0] != "-":
            found = command.get_command(click.Context(cli), words.pop(0))
            assert found is not None, line
            command = found.load() if isinstance(found, LazyCommand) else found
        _, left, _ = command.make_parser(click.Context(command)).parse_args(words)
        assert left == [], line


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_targets_and_modules_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    lines = [f"{m[1]} {m[2]}" for m in _INLINE.finditer(text) if m[1] != "subemo"]
    lines += [one for block in blocks(page) for one in block.commands if one[:7] != "subemo "]
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    for line in lines:
        words = line.split()
        if words[0] == "make":
            assert words[1] in targets, line
        else:
            assert importlib.util.find_spec(words[2]) is not None, line


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_commands_stand_in_blocks_that_are_run(page: Path) -> None:
    """None hides in a block of another language, and make sets machines up, which no test does."""
    for block in blocks(page):
        if block.commands and block.reason is None:
            assert block.language in ("sh", "console"), block
            assert [one for one in block.commands if one.startswith("make ")] == [], block


def test_there_are_commands_to_check() -> None:
    assert len(named(ROOT / "README.md")) >= 8
    run = [b for page in PAGES for b in blocks(page) if b.reason is None]
    assert sum(len(block.commands) for block in run) >= 40
    assert sum(block.language == "python" for block in run) >= 5


def test_readme_sets_everything_up_with_two_commands() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    assert re.findall(r"^    (make \w+)", text, re.MULTILINE) == ["make demo", "make test"]
    assert len(text.splitlines()) <= 90


def test_the_api_pages_have_every_public_name_once() -> None:
    text = "\n".join(page.read_text("utf-8") for page in (ROOT / "docs" / "api").glob("*.md"))
    shown = re.findall(r"^::: subemo\.(\S+)$", text, re.MULTILINE)
    assert sorted(shown) == sorted({*subemo.__all__} - {"__version__"})


def test_every_reason_for_no_tag_is_explained() -> None:
    text = (ROOT / "docs" / "captioning" / "annotate.md").read_text("utf-8")
    rows = re.findall(r"^\| ([^|]+) \|", text, re.MULTILINE)
    explained = {reason for row in rows for reason in row.split(", ")} | set(rows)
    assert {reason.value for reason in Reason} - {Reason.TAGGED.value} <= explained


def _run(argv: list[str]) -> str:
    """What a command prints, and its exit code where it is not 0."""
    heard = io.StringIO()
    with contextlib.redirect_stdout(heard), contextlib.redirect_stderr(heard):
        if argv[:2] == ["python", "-m"]:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(sys, "argv", argv[2:])
                runpy.run_module(argv[2], run_name="__main__")
            code = 0
        else:
            assert argv[0] == "subemo", argv
            code = main(argv[1:])
    text = _SPEED.sub("seconds  … (… × real time)", heard.getvalue()).rstrip()
    return "\n".join(line.rstrip() for line in text.splitlines()) + (f"\n[{code}]" if code else "")


def _transcript(block: Block) -> list[str]:
    """The lines of a console block as they should be."""
    lines: list[str] = []
    for command in block.commands:
        heard = re.sub(r"\n\[\d+\]$", "", _run(shlex.split(command)))
        lines += [f"$ {command}", *heard.splitlines()]
    return lines


def _rewrite(page: Path, block: Block, lines: list[str]) -> None:
    text = page.read_text(encoding="utf-8").splitlines()
    text[block.start : block.start + len(block.lines)] = lines
    page.write_text("\n".join(text) + "\n", encoding="utf-8")


@pytest.fixture(scope="module")
def analysed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One cache for all pages, so that the sample is analysed once."""
    return tmp_path_factory.mktemp("analysed")


@pytest.fixture
def folder(tmp_path: Path, analysed: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a page's commands run: the sample under the names that the pages use."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(analysed))
    (tmp_path / "docs").symlink_to(ROOT / "docs")
    shutil.copytree(ROOT / "samples", tmp_path / "samples", ignore=lambda *_: ["inside-out"])
    shutil.copy(ROOT / "samples/trailer.mp4", tmp_path / "film.mp4")
    shutil.copy(ROOT / "samples/trailer.srt", tmp_path / "film.srt")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _runnable(page: Path) -> bool:
    return any(
        block.reason is None and (block.commands or block.language == "python")
        for block in blocks(page)
    )


@pytest.mark.parametrize("page", [page for page in PAGES if _runnable(page)], ids=ids)
def test_examples_run(page: Path, folder: Path) -> None:
    if "silent.mp4" in page.read_text("utf-8"):
        _without_sound(folder / "film.mp4", folder / "silent.mp4")
    namespace: dict[str, object] = {}
    number = 0
    while number < len(found := list(blocks(page))):
        block = found[number]
        number += 1
        if block.reason is not None:
            continue
        if block.title:
            (folder / block.title).write_text("\n".join(block.lines) + "\n", encoding="utf-8")
        elif block.language == "python":
            with contextlib.redirect_stdout(io.StringIO()):
                exec("\n".join(block.lines), namespace)
        elif block.language == "console":
            lines = _transcript(block)
            if UPDATE and lines != list(block.lines):
                _rewrite(page, block, lines)
            else:
                assert lines == list(block.lines)
        else:
            for command in block.commands:
                heard = _run(shlex.split(command))
                assert not re.search(r"\n\[\d+\]$", heard), f"{command}:\n{heard}"


def _without_sound(film: Path, silent: Path) -> None:
    arguments = ["-loglevel", "error", "-i", str(film), "-an", "-c:v", "copy", str(silent)]
    subprocess.run([ffmpeg_executable(), *arguments], check=True)
