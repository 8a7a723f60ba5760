"""Commands that receive a frozen dataclass, whose fields are their options.

A field says everything about its option once: its type what values it takes, its
metadata the rest. The help lists options in the order of the classes' method
resolution, so the own fields of a class come before those of its bases.
"""

from __future__ import annotations

import inspect
import re
import shlex
import types
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING, Field, dataclass, field, fields
from enum import StrEnum
from pathlib import Path
from typing import Any

import click

from ..core.errors import SettingsError, SubemoError
from ..core.settings import Setting, settings_of

_KEY = "option"


class _FilePath(click.Path):
    """The path of a file; refuses an empty name, which would mean the working folder."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """See `click.ParamType.convert`."""
        if value == "":
            self.fail("the file name is empty", param, ctx)
        return super().convert(value, param, ctx)


_PATH = _FilePath(path_type=Path)


def option(text: str, *names: str, default: Any = None, **details: Any) -> Any:
    """A field that is an option.

    Args:
        text: its help; the default of an option that is no flag is added
        names: its names, if others than the field's; ``--yes/--no`` for a pair of flags
        default: the value if it is not given
        **details: ``low`` and ``high`` of a number; ``group``, the title above it in the help;
            ``value_is_optional`` if it means its first choice without a value; or arguments of
            `click.Option`, such as ``metavar``, ``hidden``, or ``deprecated="use --other"``

    Example:
        >>> from dataclasses import dataclass
        >>> @dataclass(frozen=True, kw_only=True)
        ... class Size:
        ...     width: int = option("Its width.", low=1, default=3)
        >>> parameters_of(Size)[0].opts
        ['--width']
    """
    return field(default=default, metadata={_KEY: {"help": text, "names": names, **details}})


def argument(**details: Any) -> Any:
    """A field that is an argument: several values if its type is a tuple.

    Args:
        **details: of `click.Argument`
    """
    default = MISSING if details.get("required", True) else None
    return field(default=default, metadata={_KEY: details})


def several(options: Iterable[Option]) -> Any:
    """A field with the values that are given for several options, by their names.

    A class variable ``ONLY`` names those that a command has, if not all.
    """
    return field(metadata={_KEY: tuple(options)})


def settings(kind: Any, *, group: str | None = None) -> Any:
    """A field with the values given for the fields of another dataclass, which are options.

    Args:
        kind: the dataclass, whose fields are keys of ``subemo.toml``, too
        group: the title above those that name none
    """
    return several(_option_of_setting(one, group) for one in settings_of(kind))


class Option(click.Option):
    """An option with what `option` says of it.

    Args:
        group: the title above it in the help; None for the last
        value_is_optional: whether it means its first choice without a value
    """

    def __init__(
        self, *args: Any, group: str | None = None, value_is_optional: bool = False, **more: Any
    ) -> None:
        self.choices = tuple(more["type"].choices) if value_is_optional else ()
        if value_is_optional:
            more |= {"is_flag": False, "flag_value": self.choices[0]}
        super().__init__(*args, **more)
        self.group = group


class Command(click.Command):
    """A command made by `command`.

    Args:
        groups: the titles in its help, if its options are grouped; options without one come last
        help_in: the title above --help, if another than the last
    """

    def __init__(
        self, *args: Any, groups: Sequence[str] = (), help_in: str | None = None, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.groups, self.help_in = groups, help_in

    def invoke(self, ctx: click.Context) -> Any:
        """Runs the command; an error names options where the library named parameters."""
        try:
            return super().invoke(ctx)
        except SubemoError as error:
            error.args = (in_options(str(error)),)
            raise

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Takes the word after an option whose value is optional as that only if it can be."""
        args = list(args)
        found = [one for one in self.params if isinstance(one, Option)]
        choices = {name: one.choices for one in found if one.choices for name in one.opts}
        end = args.index("--") if "--" in args else len(args)
        for at, arg in enumerate(args[:end]):
            follower = args[at + 1] if at + 1 < end else None
            if arg in choices and follower not in choices[arg]:
                args[at] = f"{arg}={choices[arg][0]}"
        return super().parse_args(ctx, args)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the groups; see `click.Command.format_options`."""
        if not self.groups:
            super().format_options(ctx, formatter)
            return
        rows: dict[str, list[tuple[str, str]]] = {title: [] for title in self.groups}
        for one in self.get_params(ctx):
            row = one.get_help_record(ctx)
            if row is not None and isinstance(one, click.Option):
                title = self.help_in if "--help" in one.opts else getattr(one, "group", None)
                rows[title or self.groups[-1]].append(row)
        for title, found in rows.items():
            if found:
                with formatter.section(title):
                    formatter.write_dl(found)


def command(**details: Any) -> Callable[[Callable[..., int | None]], Command]:
    """Makes a command from a function that takes a dataclass of options, or nothing.

    The function's docstring is the help; its result, if any, the exit code. A
    `SettingsError` of the dataclass is reported as wrong usage.

    Args:
        **details: of `Command`
    """

    def made(function: Callable[..., int | None]) -> Command:
        hints = typing.get_type_hints(function)
        (kind,) = [hints[name] for name in inspect.signature(function).parameters] or [None]

        def call(**given: Any) -> int | None:
            if kind is None:
                return function()
            try:
                options = _instance(kind, given)
            except SettingsError as error:
                raise click.UsageError(in_options(str(error))) from error
            return function(options)

        parameters = [] if kind is None else parameters_of(kind)
        extra = {
            "help": function.__doc__,
            "callback": call,
            "params": [*parameters, debug_option()],
        }
        return Command(function.__name__.replace("_", "-"), **extra | details)

    return made


def parameters_of(kind: type[Any]) -> list[click.Parameter]:
    """The arguments and options that the fields of a dataclass are."""
    return list(_parameters(kind))


def _parameters(kind: type[Any]) -> Iterator[click.Parameter]:
    hints = typing.get_type_hints(kind)
    for owner, one in _in_order(kind):
        details = one.metadata[_KEY]
        if isinstance(details, tuple):
            yield from (one for one in details if one.name in getattr(kind, "ONLY", [one.name]))
        elif "help" in details:
            details = {"group": owner.__dict__.get("GROUP")} | details
            yield made_option(one.name, hints[one.name], one.default, **details)
        else:
            details = _typed(hints[one.name], {"required": True} | details, "nargs", -1)
            yield click.Argument([one.name], **details)


def _in_order(kind: type[Any]) -> Iterator[tuple[type[Any], Field[Any]]]:
    """The fields that are options, each with the class that has it."""
    left = {one.name: one for one in fields(kind) if _KEY in one.metadata}
    for owner in kind.__mro__:
        for name in inspect.get_annotations(owner):
            if name in left:
                yield owner, left.pop(name)


def made_option(
    field_name: str, hint: Any, default: Any = None, *, names: Sequence[str] = (), **details: Any
) -> Option:
    """The option that a field is.

    Args:
        field_name: its name
        hint: its type
        default: its default
        names: see `option`
        **details: see `option`
    """
    if not any("--" in name for name in names):
        names = (*names, f"--{field_name.replace('_', '-')}")
    if hint is bool:
        details["is_flag"] = True
    elif default is not None:
        details = {"show_default": True} | details
    return Option([*names, field_name], default=default, **_typed(hint, details, "multiple", True))


def _option_of_setting(setting: Setting, group: str | None) -> Option:
    """The option of a setting: None where not given, so that ``subemo.toml`` counts."""
    name, shown = f"--{setting.option}", setting.default
    if setting.kind is bool:
        name, shown = f"{name}/--no-{setting.option}", "yes" if shown else "no"
    details: dict[str, Any] = {"type": click.Choice(setting.choices)} if setting.choices else {}
    return made_option(
        setting.field,
        setting.kind,
        None,
        names=[name],
        help=f"{setting.help}  [default: {setting.none if shown is None else shown}]",
        low=setting.low,
        high=setting.high,
        metavar=setting.metavar,
        group=setting.group or group,
        **details,
    )


def _typed(hint: Any, details: Mapping[str, Any], many: str, value: object) -> dict[str, Any]:
    """The details for click, with the type that a field's annotation says.

    Args:
        hint: the annotation
        details: of the option or argument
        many: the name of what click is told if there are several values
        value: what it is told
    """
    details = dict(details)
    low, high = details.pop("low", None), details.pop("high", None)
    kind = _kind(hint)
    if typing.get_origin(kind) is tuple:
        kind, *rest = typing.get_args(kind)
        if rest == [...]:
            details.setdefault(many, value)
    is_bounded = low is not None or high is not None
    if typing.get_origin(kind) is typing.Literal:
        found: Any = click.Choice(typing.get_args(kind))
    elif issubclass(kind, StrEnum):
        found = click.Choice([one.value for one in kind])
    elif kind is int and is_bounded:
        found = click.IntRange(low, high)
    elif kind is float and is_bounded:
        found = click.FloatRange(low, high)
    else:
        found = _PATH if issubclass(kind, Path) else kind
    return {"type": found} | details


def _kind(hint: Any) -> Any:
    """The type of a value that may be None."""
    is_union = typing.get_origin(hint) in (types.UnionType, typing.Union)
    return next(one for one in typing.get_args(hint) if one is not type(None)) if is_union else hint


def _instance(kind: type[Any], given: Mapping[str, Any]) -> Any:
    """The dataclass with the values given for its options."""
    values: dict[str, Any] = {}
    hints = typing.get_type_hints(kind)
    for one in fields(kind):
        details: Any = one.metadata.get(_KEY)
        value = given.get(one.name)
        if isinstance(details, tuple):
            names = [option.name for option in details if option.name is not None]
            values[one.name] = {n: given[n] for n in names if given.get(n) is not None}
        elif one.name in given:
            choices = _kind(hints[one.name])
            is_named = isinstance(choices, type) and issubclass(choices, StrEnum)
            values[one.name] = choices(value) if is_named and value is not None else value
    return kind(**values)


#: The options of parameters with another name, or of certain values.
_OPTIONS = {
    "adaptation": "--adapt",
    "folder": "-o",
    "form": "--format",
    "layout": "--corpus",
    "path": "-o",
    "split=SilencePolicy()": "--split silence",
    "transcriber": "--whisper",
    "transcriber=None": "--no-transcribe",
    "without": "--without-subtitles",
}
_PARAMETER = re.compile(r"`(([a-z_]+)(?:=([^`]*))?)`")


def in_options(text: str) -> str:
    """A message of the library with options where it names parameters, in backticks.

    They are those of the command that runs, if it has them.

    Example:
        >>> in_options("Replace it with `overwrite=True`, or choose another `path`.")
        'Replace it with --overwrite, or choose another -o.'
        >>> in_options('Show more tags (`policy="every"`).')
        'Show more tags (--policy every).'
    """
    context = click.get_current_context(silent=True)
    parameters = [] if context is None else context.command.params
    known = _OPTIONS | {one.name: max(one.opts, key=len) for one in parameters if one.name}

    def named(match: re.Match[str]) -> str:
        whole, name, value = match.groups()
        if whole in _OPTIONS:
            return _OPTIONS[whole]
        said = known.get(name, f"--{name.replace('_', '-')}")
        is_flag = value is None or value == "True"
        return said if is_flag else f"{said} {shlex.quote(value.strip(_QUOTES))}"

    return _PARAMETER.sub(named, text)


_QUOTES = "\"'"


@dataclass
class State:
    """Settings of the call that every command needs."""

    debug: bool = False


def debug_option() -> Option:
    """The option ``--debug``, which every command has."""

    def show(context: click.Context, _: click.Parameter, value: bool) -> None:
        if value:
            context.find_root().obj.debug = True

    text = "Show the traceback of an error."
    return Option(["--debug"], is_flag=True, expose_value=False, callback=show, help=text)
