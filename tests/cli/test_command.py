"""Commands whose options are the fields of dataclasses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, make_dataclass
from pathlib import Path
from typing import Any, Literal

import click
import pytest
from click.testing import CliRunner

from subemo.cli.captioning.annotate import annotate
from subemo.cli.captioning.options import FilmOptions, PolicyOptions, TrackOptions
from subemo.cli.command import (
    Command,
    Options,
    argument,
    command,
    in_options,
    made_option,
    option,
    parameters_of,
    settings,
    several,
)
from subemo.core.errors import OutputError, SettingsError
from subemo.core.settings import settings_of
from subemo.tagging.policy import PolicyKind, TagPolicy


class Ink(Options, group="Ink"):
    colour: Literal["red", "blue"] | None = option("Its colour.", value_is_optional=True)
    thick: bool = option("Whether it is thick.", "--thick/--thin", default=True)


class Size(Ink):
    files: tuple[Path, ...] = argument(required=False)
    width: int = option("Its width.", "-w", low=-5, default=3)
    unit: Literal["mm", "inch"] = option("Its unit.", default="mm")
    names: tuple[str, ...] = option("A name.", "--name", group="Names")
    made_by: str | None = option("Who made it.", hidden=True)
    deep: float | None = option("Its depth.", deprecated="use --width")

    def __post_init__(self) -> None:
        if self.width < 0:
            raise SettingsError("`width` is below 0")


class Policy(Options):
    values: Mapping[str, Any] = settings(TagPolicy, group="Shown")


class Part(Policy, only=("preset", "extend")):
    pass


class Corpora(Options):
    folders: Mapping[str, Path] = several(
        made_option(name, Path, help=name) for name in ("ravdess", "tess")
    )


class Table(Options):
    table: Path | None = option("A table.", "--csv")


class Needed(Options):
    table: Path = option("A table.", required=True)


def made(*arguments: str) -> Any:
    """What a command is given, or its result."""
    found = []

    @command()
    def draw(options: Size) -> None:
        """Draws."""
        found.append(options)

    done = CliRunner().invoke(draw, arguments)
    return found[0] if found else done


def test_each_field_has_the_value_of_its_option() -> None:
    assert made() == Size(files=(), names=())
    arguments = ("a", "b", "-w", "5", "--unit", "inch", "--name", "x", "--name", "y", "--thin")
    assert made(*arguments, "--made-by", "me", "--colour", "blue") == Size(
        files=(Path("a"), Path("b")),
        width=5,
        unit="inch",
        names=("x", "y"),
        thick=False,
        made_by="me",
        colour="blue",
    )
    assert made("--colour").colour == "red"


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--width", "-6"], "-6 is not in the range x>=-5"),
        (["--width", "wide"], "'wide' is not a valid integer"),
        (["--unit", "km"], "'km' is not one of 'mm', 'inch'"),
        (["--width", "-1"], "Error: --width is below 0\n"),
        ([""], "the file name is empty"),
    ],
)
def test_what_cannot_be_is_wrong_usage(arguments: list[str], why: str) -> None:
    done = made(*arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith("Usage: draw [OPTIONS]")
    assert why in done.stderr


def test_the_order_is_that_of_the_classes() -> None:
    names = [one.name for one in parameters_of(Size)]
    assert names == ["files", "width", "unit", "names", "made_by", "deep", "colour", "thick"]


def test_a_field_of_a_base_may_be_said_again() -> None:
    class Again(Size):
        thick: bool = option("Another text.", default=False)

    first, *others = parameters_of(Again)
    assert first.name == "thick"
    assert first.opts == ["--thick"]
    assert "thick" not in [one.name for one in others]


def test_help_in_groups_and_without_what_is_hidden() -> None:
    @command(groups=("Names", "Ink", "Other"), help_in="Ink")
    def draw(options: Size) -> None:
        """Draws."""

    text = CliRunner().invoke(draw, ["--help"]).output
    titles = [line for line in text.splitlines() if line and line[0] != " "]
    assert titles == ["Usage: draw [OPTIONS] [FILES]...", "Names:", "Ink:", "Other:"]
    parts = text.partition("Ink:")[2].partition("Other:")
    assert "--help" in parts[0] and "--colour" in parts[0] and "--width" in parts[2]
    assert "--made-by" not in text


def test_a_former_option_warns() -> None:
    @command()
    def draw(options: Size) -> None:
        """Draws."""

    done = CliRunner().invoke(draw, ["--deep", "1"])
    assert done.exit_code == 0
    assert "deprecated" in done.stderr and "use --width" in done.stderr


def test_a_command_without_options() -> None:
    @command()
    def draw() -> int:
        """Draws."""
        return 3

    assert draw.main([], standalone_mode=False) == 3
    assert [one.name for one in draw.params] == ["debug"]


def test_settings_are_options_and_none_is_given_by_itself() -> None:

    found = []

    @command()
    def show(options: Part) -> None:
        """Shows."""
        found.append(options.values)

    names = [one.name for one in parameters_of(Policy)]
    assert names == [setting.field for setting in settings_of(TagPolicy)]
    assert [one.name for one in show.params] == ["preset", "extend", "debug"]
    for arguments in ([], ["--no-extend"], ["--extend", "--preset", "bbc"]):
        CliRunner().invoke(show, arguments)
    assert found == [{}, {"extend": False}, {"extend": True, "preset": "bbc"}]


def test_metadata_of_a_setting_hide_and_group_its_option() -> None:
    old = {"help": "Old.", "none": "none", "hidden": True, "deprecated": "use --new"}
    kind = make_dataclass(
        "Kind",
        [
            ("old", int | None, field(default=None, metadata=old)),
            ("new", int, field(default=1, metadata={"help": "New.", "group": "Ours"})),
        ],
    )
    options = settings(kind, group="All").metadata["option"]
    assert [(one.name, one.hidden, one.group) for one in options] == [
        ("old", True, "All"),
        ("new", False, "Ours"),
    ]
    assert options[0].deprecated == "use --new"


def test_several_options_are_one_field() -> None:

    found = []

    @command()
    def train(options: Corpora) -> None:
        """Trains."""
        found.append(options.folders)

    CliRunner().invoke(train, ["--tess", "x"])
    assert found == [{"tess": Path("x")}]


def test_messages_name_the_options_of_the_command() -> None:
    text = "Set `late_ms=5`, `form`, `overwrite=True`, `ravdess_folder`, or another `path`."
    said = "Set {} 5, --format, --overwrite, --ravdess-folder, or another -o."
    assert in_options(text) == said.format("--late-ms")
    with click.Context(annotate):
        assert in_options(text) == said.format("--late-by")


def test_an_option_may_be_required() -> None:
    @command()
    def check(options: Needed) -> None:
        """Checks."""

    done = CliRunner().invoke(check, [])
    assert (done.exit_code, "Missing option '--table'" in done.stderr) == (2, True)


def test_errors_of_a_command_name_its_options() -> None:

    @command()
    def check(options: Table) -> None:
        """Checks."""
        raise OutputError("it exists", path="a", remedy="Choose another `table`.")

    assert isinstance(check, Command)
    with pytest.raises(OutputError, match=r"^a: it exists. Choose another --csv\.$"):
        check.main([], standalone_mode=False)


def film(**given: Any) -> FilmOptions:
    return FilmOptions(**{"video": Path("a.mkv"), "subs": None, "values": {}} | given)


@pytest.mark.parametrize(
    ("wish", "track"), [(None, None), ("none", None), ("embedded", None), ("embedded:12", 12)]
)
def test_the_track_that_is_wished_for(wish: str | None, track: int | None) -> None:
    assert film(wish=wish).track == track


@pytest.mark.parametrize("wish", ["", "embedded:", "embedded:x", "embedded:12345", "None"])
def test_a_wish_that_cannot_be(wish: str) -> None:
    with pytest.raises(SettingsError, match="--subs must be embedded"):
        film(wish=wish)


def test_a_file_and_a_wish_contradict_each_other() -> None:
    with pytest.raises(SettingsError, match="exclude each other"):
        film(subs=Path("a.srt"), wish="none")


def test_all_comes_before_the_policy() -> None:
    assert film(values={"policy": "strong"}, every=True).policy().policy is PolicyKind.EVERY
    assert PolicyOptions(values={"policy": "strong"}).policy().policy is PolicyKind.STRONG
    assert TrackOptions().every is False
