"""What README and the documentation name exists: pages, commands, options; README's Python runs."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import click
import pytest

from subemo.cli import cli
from subemo.cli.lazy import LazyCommand

ROOT = Path(__file__).parents[1]
PAGES = [
    *(ROOT / name for name in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md")),
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "models").rglob("*.md")),
]
_LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)(?:#[^)]*)?\)")
_COMMAND = re.compile(r"^    (?:[A-Z_]+=\S+ )?subemo (.+)$|`subemo ([^`]+)`", re.MULTILINE)


def commands(page: Path) -> list[str]:
    found = _COMMAND.finditer(page.read_text(encoding="utf-8"))
    return [(match[1] or match[2]).partition("  #")[0].strip() for match in found]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    links = _LINK.findall(page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_and_their_options_exist(page: Path) -> None:
    wrong = []
    for line in commands(page):
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


def test_there_are_commands_to_check() -> None:
    assert len(commands(ROOT / "README.md")) >= 8


def test_pythons_example_in_readme_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copy(ROOT / "samples/trailer.mp4", tmp_path / "film.mp4")
    shutil.copy(ROOT / "samples/trailer.srt", tmp_path / "film.srt")
    monkeypatch.chdir(tmp_path)
    example = re.search(r"```python\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    assert example is not None
    # The sample has one track of sound.
    exec(example[1].replace("audio_stream=1", "audio_stream=0"), {})
    assert "A dangerous quest" in capsys.readouterr().out
    assert (tmp_path / "film.emo.vtt").is_file() and (tmp_path / "film.bbc.srt").is_file()
