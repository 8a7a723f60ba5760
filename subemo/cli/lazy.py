"""What the list of commands needs: they are imported when used, so that it is fast."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click


class LazyCommand(click.Command):
    """A placeholder for the command in a module, which is imported on first use.

    The list of commands needs its name and summary only.

    Args:
        name: the command's name, also in the module
        module: the module relative to this package, such as ``.captioning.annotate``
        summary: the first sentence of its help
    """

    def __init__(self, name: str, module: str, summary: str) -> None:
        self.module = module
        super().__init__(name, help=summary)

    def load(self) -> click.Command:
        """The command itself.

        Raises:
            ImportError: if there is no such module
        """
        command = getattr(import_module(self.module, __package__), self.name or "")
        assert isinstance(command, click.Command)
        return command

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        """The context of the command itself; see `click.Command.make_context`."""
        return self.load().make_context(*args, **extra)


def debug_option() -> click.Option:
    """The option ``--debug``, which every command has; `main` reads it."""

    def show(context: click.Context, _: click.Parameter, value: bool) -> None:
        if value:
            context.find_root().obj["debug"] = True

    text = "Show the traceback of an error."
    return click.Option(["--debug"], is_flag=True, expose_value=False, callback=show, help=text)
