from __future__ import annotations

from typing import Literal

import click
import pytest
from click.testing import CliRunner

from subemo.cli.captioning.annotate import annotate
from subemo.cli.command import Command, Option, made_option


def test_every_option_of_annotate_is_in_one_group() -> None:
    titles = {one.group for one in annotate.params if isinstance(one, Option)}
    # Those of the last group need not name it.
    assert titles == {*annotate.groups[:-1], None}


def test_the_first_group_is_what_most_people_need() -> None:
    text = CliRunner().invoke(annotate, ["--help"]).output
    titles = [line.rstrip(":") for line in text.splitlines() if line and line[0] != " "]
    assert titles[1:] == list(annotate.groups)
    assert titles[1:3] == ["Most used", "Input"]
    first = [one for one in annotate.params if getattr(one, "group", None) == "Most used"]
    assert len(first) == 10


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
    made = made_option("colour", Literal["tags", "words"], value_is_optional=True)
    others = [click.Option(["-o", "output"]), click.Argument(["files"], nargs=-1)]

    def show(colour: str | None, output: str | None, files: tuple[str, ...]) -> None:
        click.echo(f"{colour} {(*files, *([output] if output else []))}")

    result = CliRunner().invoke(Command("show", params=[made, *others], callback=show), arguments)
    assert result.output == f"{colour} {files}\n"
