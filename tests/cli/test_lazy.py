from __future__ import annotations

import inspect
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from subemo.cli import cli
from subemo.cli.lazy import LazyCommand

COMMANDS = sorted(cli.commands)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_says_what_the_command_itself_says(name: str) -> None:
    lazy = cli.commands[name]
    assert isinstance(lazy, LazyCommand)
    command = lazy.load()
    assert command.name == lazy.name == name
    for limit in (20, 45, 200):
        assert lazy.get_short_help_str(limit) == command.get_short_help_str(limit)
    first, _, _ = inspect.cleandoc(command.help or "").partition("\n\n")
    assert lazy.help == first.replace("\n", " ")


def loaded_by(*arguments: str) -> set[str]:
    code = (
        "import sys; from subemo.cli import main; main(sys.argv[1:]);"
        "print(*[name for name in sys.modules if name.startswith('subemo.cli.')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True
    )
    return {
        name for name in done.stdout.splitlines()[-1].split() if name.count(".") >= 3
    }  # of commands


def test_the_list_imports_no_command() -> None:
    assert loaded_by("--help") == set()


def test_a_command_imports_no_other() -> None:
    assert loaded_by("strip", "--help") == {
        "subemo.cli.captioning.options",
        "subemo.cli.captioning.strip",
    }


def test_a_command_that_there_is_not() -> None:
    done = CliRunner().invoke(cli, ["anotate"])
    assert done.exit_code == 2
    assert "Did you mean 'annotate'?" in done.output


def test_a_command_without_a_module_is_a_fault() -> None:
    with pytest.raises(ImportError):
        LazyCommand("nothing", ".captioning.nothing", "Nothing.").load()


def test_a_group_of_commands_is_one_of_them() -> None:
    assert isinstance(cli.commands["cache"], LazyCommand)
    assert isinstance(cli.commands["cache"].load(), click.Group)
    assert "clear" in CliRunner().invoke(cli, ["cache", "--help"]).output
