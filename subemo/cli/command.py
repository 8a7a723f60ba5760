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
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import MISSING, dataclass, field, fields
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

import click

from ..core.errors import SettingsError, SubemoError
from ..core.settings import Setting, settings_of
from .lazy import debug_option

_KEY = "option"


@dataclass(frozen=True, kw_only=True)
@typing.dataclass_transform(frozen_default=True, kw_only_default=True)
class Options:
    """The options of a command: its subclasses are frozen dataclasses.

    Args:
        group: the title in the help of those of the subclass's options that name none
        only: the options of `several` that the command has; None for all
    """

    GROUP: ClassVar[str | None] = None
    ONLY: ClassVar[tuple[str, ...] | None] = None

    def __init_subclass__(
        cls, group: str | None = None, only: tuple[str, ...] | None = None
    ) -> None:
        cls.GROUP, cls.ONLY = group, only or cls.ONLY
        dataclass(frozen=True, kw_only=True)(cls)


class _FilePath(click.Path):
    """The path of a file; refuses an empty name, which would mean the working folder."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if value == "":
            self.fail("the file name is empty", param, ctx)
        return super().convert(value, param, ctx)


def option(text: str, *names: str, default: Any = None, **details: Any) -> Any:
    """A field that is an option.

    Args:
        text: its help, to which the default is added
        names: its names, if others than the field's, which is a pair of flags if it is on by default
        default: the value if it is not given
        **details: ``low`` and ``high`` of a number; ``group``, the title above it in the help;
            ``value_is_optional`` if it means its first choice without a value; or what
            `click.Option` takes, such as ``metavar`` (FILE for paths but that of ``-o``), ``hidden``,
            or ``deprecated="use --other"``

    Example:
        >>> class Size(Options):
        ...     width: int = option("Its width.", low=1, default=3)
        >>> [parameter.opts for parameter in parameters_of(Size)]
        [['--width']]
    """
    return field(default=default, metadata={_KEY: {"help": text, "names": names, **details}})


#: A flag that is off.
flag = partial(option, default=False)


def argument(*, required: bool = True, **details: Any) -> Any:
    """A field that is a `click.Argument`: several values if its type is a tuple."""
    default = MISSING if required else None
    return field(default=default, metadata={_KEY: {"required": required, **details}})


def several(options: Iterable[Option]) -> Any:
    """A field with the values that are given for several options, by their names."""
    return field(metadata={_KEY: tuple(options)})


def settings(kind: Any, *, group: str | None = None) -> Any:
    """A field with the values given for the fields of *kind*, which are keys of ``subemo.toml``, too."""
    return several(_option_of_setting(one, group) for one in settings_of(kind))


class Option(click.Option):
    """An option, and the title above it in the help; None for the last title."""

    def __init__(self, *args: Any, group: str | None = None, **more: Any) -> None:
        super().__init__(*args, **more)
        self.group = group


class Command(click.Command):
    """A command; with *groups*, its help has these titles, and --help is under *help_in*."""

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
        choices: dict[str, Sequence[str]] = {}
        for one in self.params:
            if (
                isinstance(one.type, click.Choice)
                and getattr(one, "flag_value", None) in one.type.choices
            ):
                choices |= dict.fromkeys(one.opts, one.type.choices)
        end = args.index("--") if "--" in args else len(args)
        for at, arg in enumerate(args[:end]):
            if arg in choices and (at + 1 == end or args[at + 1] not in choices[arg]):
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
    """Makes a command from a function that takes `Options`, or nothing.

    The function's docstring is the help; its result, if any, the exit code. A
    `SettingsError` of the options is reported as wrong usage.

    Args:
        **details: of `Command`
    """

    def made(function: Callable[..., int | None]) -> Command:
        hints = typing.get_type_hints(function)
        kinds = [hint for name, hint in hints.items() if name != "return"]

        def call(**given: Any) -> int | None:
            try:
                options = [_instance(kind, given) for kind in kinds]
            except SettingsError as error:
                raise click.UsageError(in_options(str(error))) from error
            return function(*options)

        params = [*(one for kind in kinds for one in parameters_of(kind)), debug_option()]
        made = {"help": function.__doc__, "callback": call, "params": params}
        return Command(function.__name__, **made | details)

    return made


def _instance(kind: type[Options], given: dict[str, Any]) -> Any:
    """The dataclass with the values given for its options."""
    values = {one.name: given[one.name] for one in fields(kind) if one.name in given}
    for one in fields(kind):
        options: Any = one.metadata.get(_KEY)
        if isinstance(options, tuple):
            found = {option.name: given.get(option.name) for option in options}
            values[one.name] = {name: value for name, value in found.items() if value is not None}
    return kind(**values)


def parameters_of(kind: type[Options]) -> Iterator[click.Parameter]:
    """The arguments and options that the fields of a dataclass are."""
    hints = typing.get_type_hints(kind)
    left = {one.name: one for one in fields(kind) if _KEY in one.metadata}
    owned = [(owner, name) for owner in kind.__mro__ for name in inspect.get_annotations(owner)]
    for owner, name in owned:
        if name not in left:
            continue
        one = left.pop(name)
        details = one.metadata[_KEY]
        if isinstance(details, tuple):
            yield from (one for one in details if kind.ONLY is None or one.name in kind.ONLY)
        elif "help" in details:
            details = {"group": getattr(owner, "GROUP", None)} | details
            yield made_option(name, hints[name], one.default, **details)
        else:
            value, is_many = _value_of(hints[name])
            details = {"type": _type_of(value), "nargs": -1 if is_many else 1} | details
            yield click.Argument([name], **details)


def made_option(
    field_name: str,
    hint: Any,
    default: Any = None,
    *,
    names: Sequence[str] = (),
    low: float | None = None,
    high: float | None = None,
    value_is_optional: bool = False,
    **details: Any,
) -> Option:
    """The option that a field of this name and type is; see `option`."""
    if not any("--" in name for name in names):
        name = field_name.replace("_", "-")
        names = (*names, f"--{name}/--no-{name}" if default is True else f"--{name}")
    value, is_many = _value_of(hint)
    made = {"type": _type_of(value, low, high), "multiple": is_many}
    if not details.get("required"):  # for click None is a value, too
        made["default"] = default
    if value is bool:
        made["is_flag"] = True
    if default is not None and default is not False:
        made["show_default"] = True
    if value is Path and "-o" not in names:
        made["metavar"] = "FILE"
    if value_is_optional:
        made |= {"is_flag": False, "flag_value": made["type"].choices[0]}
    return Option([*names, field_name], **made | details)


def _option_of_setting(setting: Setting, group: str | None) -> Option:
    """The option of a setting: None where not given, so that ``subemo.toml`` counts."""
    name, shown = f"--{setting.option}", setting.default
    if setting.kind is bool:
        name, shown = f"{name}/--no-{setting.option}", "yes" if shown else "no"
    more: Any = {"type": click.Choice(setting.choices)} if setting.choices else {}
    return made_option(
        setting.field,
        setting.kind,
        names=[name],
        help=f"{setting.help}  [default: {setting.none if shown is None else shown}]",
        low=setting.low,
        high=setting.high,
        metavar=setting.metavar,
        group=setting.group or group,
        hidden=setting.hidden,
        deprecated=setting.deprecated or False,
        **more,
    )


def _value_of(hint: Any) -> tuple[Any, bool]:
    """The type of one value, which may be None, and whether there may be several."""
    if typing.get_origin(hint) in (types.UnionType, typing.Union):
        hint = next(one for one in typing.get_args(hint) if one is not types.NoneType)
    if typing.get_origin(hint) is tuple:
        return typing.get_args(hint)[0], ... in typing.get_args(hint)
    return hint, False


def _type_of(value: Any, low: float | None = None, high: float | None = None) -> Any:
    """The type of a value for click."""
    if typing.get_origin(value) is typing.Literal:
        return click.Choice(typing.get_args(value))
    if low is not None or high is not None:
        return click.IntRange(low, high) if value is int else click.FloatRange(low, high)  # type: ignore[arg-type]
    return _FilePath(path_type=Path) if value is Path else value


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
