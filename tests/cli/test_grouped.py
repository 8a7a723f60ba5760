from __future__ import annotations

import click
import pytest
from click.testing import CliRunner

from subemo.cli.captioning.annotate import annotate
from subemo.cli.grouped import OTHER, GroupedCommand, OptionalChoice, OptionalValuesCommand


def test_every_option_of_annotate_is_in_one_group() -> None:
    assert isinstance(annotate, GroupedCommand)
    grouped = [name for names in annotate.groups.values() for name in names]
    assert len(grouped) == len(set(grouped))
    options = {
        next(name for name in one.opts if name.startswith("--"))
        for one in annotate.params
        if isinstance(one, click.Option)
    }
    assert options | {"--help"} == set(grouped)


def test_the_first_group_is_what_most_people_need() -> None:
    text = CliRunner().invoke(annotate, ["--help"]).output
    titles = [line.rstrip(":") for line in text.splitlines() if line and line[0] != " "]
    assert titles[1:3] == ["Most used", "Input"]
    assert OTHER not in titles
    first = next(iter(annotate.groups.values()))
    assert len(first) == 10
    assert "--help" not in first
    assert "Output" in titles
    assert "--model" not in annotate.groups["What is shown"]


def test_what_is_in_no_group_comes_last() -> None:
    command = GroupedCommand(
        "x", params=[click.Option(["--a"]), click.Option(["--b"])], groups={"First": ["--b"]}
    )
    text = CliRunner().invoke(command, ["--help"]).output
    assert text.index("First:") < text.index("--b") < text.index("Other:") < text.index("--a")


@pytest.mark.parametrize(
    ("arguments", "colour", "files"),
    [
        ([], None, ()),
        (["--colour"], "tags", ()),
        (["--colour", "words"], "words", ()),
        (["--colour=words", "a"], "words", ("a",)),
        (["--colour", "film.mp4", "film.srt"], "tags", ("film.mp4", "film.srt")),
        (["--colour", "-o", "x"], "tags", ("x",)),
        (["--", "--colour", "words"], None, ("--colour", "words")),
    ],
)
def test_what_follows_an_option_is_its_value_only_if_it_can_be(
    arguments: list[str], colour: str | None, files: tuple[str, ...]
) -> None:
    @click.command(cls=OptionalValuesCommand)
    @click.option("--colour", cls=OptionalChoice, choices=("tags", "words"))
    @click.option("-o", "output")
    @click.argument("files", nargs=-1)
    def command(colour: str | None, output: str | None, files: tuple[str, ...]) -> None:
        click.echo(f"{colour} {(*files, *([output] if output else []))}")

    result = CliRunner().invoke(command, arguments)
    assert result.output == f"{colour} {files}\n"
