"""Messages of the library speak Python, those of the command line speak options."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from subemo.cli import cli, main
from subemo.cli.command import in_options

from .conftest import write_srt

PACKAGE = Path(__file__).parents[1] / "subemo"
_OPTION = re.compile(r"(?<![\w-])(?:--[a-z]|-o\b)")
_VALUE = re.compile(r"\b[a-z_]{3,}=(?:True|False|None|['\"])")
_PARAMETER = re.compile(r"`[a-z_]+(?:=[^`]*)?`")


def _messages() -> Iterator[tuple[str, str]]:
    """The place and the text of each string in an error, a remedy or a warning outside `cli`."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if path.is_relative_to(PACKAGE / "cli") or path.name == "__main__.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.expr | ast.keyword) and _is_message(node):
                parts = ast.walk(node)
                texts = [n.value for n in parts if isinstance(n, ast.Constant)]
                text = "".join(one for one in texts if isinstance(one, str))
                yield f"{path.relative_to(PACKAGE)}:{node.lineno}", text


def _is_message(node: ast.AST) -> bool:
    """Whether it is a remedy, a sentence with a value, or makes an error: for people to read."""
    if isinstance(node, ast.Call):
        called = node.func
        name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
        return name.endswith("Error") or name in ("Problem", "append")
    return isinstance(node, ast.JoinedStr) or getattr(node, "arg", "") == "remedy"


def _options() -> set[str]:
    """All options of all commands."""
    context = click.Context(cli)
    found = set()
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        assert command is not None
        used = command.make_context(name, [], resilient_parsing=True).command
        found |= {
            option for param in used.params for option in (*param.opts, *param.secondary_opts)
        }
    return found


def test_no_message_of_the_library_names_an_option() -> None:
    of_others = ("ffmpeg -i", "pip install", "font for --burn")
    named = [found for found in _messages() if " " in found[1] and _OPTION.search(found[1])]
    assert [found for found in named if not any(one in found[1] for one in of_others)] == []


def test_no_parameter_stands_without_its_marks() -> None:
    """Those that do would be shown on the terminal as they are."""
    sentences = [found for found in _messages() if "<" not in found[1]]
    bare = [found for found in sentences if _VALUE.search(_PARAMETER.sub("", found[1]))]
    assert bare == []


def test_every_parameter_that_a_message_names_is_an_option() -> None:
    named = {match for _, text in _messages() for match in _PARAMETER.findall(text)}
    assert "`overwrite=True`" in named
    assert {in_options(one).split()[0] for one in named} <= _options()


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Omit `encoding`.", "Omit --encoding."),
        ("Give another as `transcriber`.", "Give another as --whisper."),
        ('(`without="tags"`)', "(--without-subtitles tags)"),
        ('`layout="{speaker}/*"`', "--corpus '{speaker}/*'"),
        ("`subemo clips` stays", "`subemo clips` stays"),
        ("a `b", "a `b"),
    ],
)
def test_parameters_become_options(said: str, shown: str) -> None:
    assert in_options(said) == shown


def test_a_remedy_on_the_terminal_is_an_option(
    tmp_path: Path, film: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    subs = write_srt(tmp_path / "a.srt", [(0, 2_000, "text")])
    (tmp_path / "there.srt").touch()
    given = [str(film), str(subs), "-o"]
    assert main(["annotate", *given, str(tmp_path / "there.srt")]) == 1
    assert (
        "Replace it with --overwrite, or choose another output with -o." in capsys.readouterr().err
    )
    assert main(["annotate", *given, str(tmp_path / "a.vtt"), "--format", "srt"]) == 1
    assert "or give --format vtt." in capsys.readouterr().err
    assert main(["annotate", *given, str(tmp_path / "a.docx")]) == 1
    assert "Give one, or its --format: srt, vtt, " in capsys.readouterr().err
