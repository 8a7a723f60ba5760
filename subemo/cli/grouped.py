"""A command whose help lists its options in groups, the most used first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import click

#: The title of the options that are in no group, listed last.
OTHER = "Other"


class OptionalChoice(click.Option):
    """A choice whose value may be left out; the first choice is then used.

    Args:
        choices: the values
    """

    def __init__(self, *args: Any, choices: Sequence[str], **options: Any) -> None:
        options |= {"type": click.Choice(choices), "is_flag": False, "flag_value": choices[0]}
        super().__init__(*args, **options)
        self.choices = choices


class OptionalValuesCommand(click.Command):
    """A command that reads the word after an `OptionalChoice` as its value only if it is one."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """See `click.Command.parse_args`."""
        args = list(args)
        choices = {
            name: parameter.choices
            for parameter in self.params
            if isinstance(parameter, OptionalChoice)
            for name in parameter.opts
        }
        end = args.index("--") if "--" in args else len(args)
        for at, arg in enumerate(args[:end]):
            follower = args[at + 1] if at + 1 < end else None
            if arg in choices and follower not in choices[arg]:
                args[at] = f"{arg}={choices[arg][0]}"
        return super().parse_args(ctx, args)


class GroupedCommand(OptionalValuesCommand):
    """A command whose help groups its options.

    Args:
        groups: the options of each group, by title
    """

    def __init__(self, *args: Any, groups: Mapping[str, Sequence[str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.groups = groups

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the groups; see `click.Command.format_options`."""
        title_of = {name: title for title, names in self.groups.items() for name in names}
        rows: dict[str, list[tuple[str, str]]] = {title: [] for title in (*self.groups, OTHER)}
        for parameter in self.get_params(ctx):
            row = parameter.get_help_record(ctx)
            if row is not None and isinstance(parameter, click.Option):
                known = (title_of[name] for name in parameter.opts if name in title_of)
                rows[next(known, OTHER)].append(row)
        for title, found in rows.items():
            if found:
                with formatter.section(title):
                    formatter.write_dl(found)
