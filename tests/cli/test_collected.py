from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from subemo.cli.captioning.option_groups import InputOptions, PolicyOptions
from subemo.cli.collected import collected, rest
from subemo.core.errors import SettingsError
from subemo.tagging.policy import PolicyKind


@dataclass(frozen=True)
class Size:
    width: int
    height: int = 3

    def __post_init__(self) -> None:
        if self.width < 0:
            raise SettingsError("the width is below 0")


@dataclass(frozen=True)
class Others:
    width: int
    values: Mapping[str, Any] = rest()


def test_a_field_is_given_the_option_of_its_name() -> None:
    @collected
    def area(size: Size) -> int:
        return size.width * size.height

    assert area(width=2, height=5) == 10
    assert area(width=2) == 6


def test_options_may_be_in_two_objects_and_the_rest_in_one() -> None:
    @collected
    def both(size: Size, others: Others) -> tuple[Size, Others]:
        return size, others

    assert both(width=1, height=2, depth=3) == (Size(1, 2), Others(1, {"depth": 3}))


def test_an_option_in_no_object_is_a_fault() -> None:
    @collected
    def area(size: Size) -> int:
        return size.width

    with pytest.raises(AssertionError, match="depth"):
        area(width=2, depth=1)


def test_an_object_without_its_option_is_a_fault() -> None:
    @collected
    def area(size: Size) -> int:
        return size.width

    with pytest.raises(TypeError, match="width"):
        area(height=2)


def test_what_is_no_object_is_refused_where_the_command_is_made() -> None:
    with pytest.raises(AssertionError, match="area"):

        @collected
        def area(width: int) -> int:
            return width


def test_what_an_object_refuses_is_wrong_usage() -> None:
    @click.command()
    @click.option("--width", type=int)
    @collected
    def area(size: Size) -> None:
        click.echo(size.width)

    done = CliRunner().invoke(area, ["--width", "-1"])
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith("Usage: area [OPTIONS]")
    assert done.stderr.endswith("Error: the width is below 0\n")


@pytest.mark.parametrize(
    ("wish", "track"), [(None, None), ("none", None), ("embedded", None), ("embedded:12", 12)]
)
def test_the_track_that_is_wished_for(wish: str | None, track: int | None) -> None:
    assert InputOptions(Path("a.mkv"), None, wish, None, None).track == track


@pytest.mark.parametrize("wish", ["", "embedded:", "embedded:x", "embedded:12345", "None"])
def test_a_wish_that_cannot_be(wish: str) -> None:
    with pytest.raises(SettingsError, match="--subs must be embedded"):
        InputOptions(Path("a.mkv"), None, wish, None, None)


def test_a_file_and_a_wish_contradict_each_other() -> None:
    with pytest.raises(SettingsError, match="exclude each other"):
        InputOptions(Path("a.mkv"), Path("a.srt"), "none", None, None)


def test_all_comes_before_the_policy() -> None:
    policy = PolicyOptions(None, {"policy": "strong"}, every=True).policy()
    assert policy.policy is PolicyKind.EVERY
