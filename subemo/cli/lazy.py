"""Commands that are imported when they are used: `subemo --help` waits for none of them."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click


class LazyCommand(click.Command):
    """A command that stands for the one in its module until it is used.

    The list of commands knows it by its name and summary alone.

    Args:
        module: where it is, from this package on, such as ``.captioning.annotate``;
            the last part is also the command's name
        summary: the first sentence of its help
    """

    def __init__(self, module: str, summary: str) -> None:
        self.module = module
        super().__init__(module.rpartition(".")[2], help=summary)

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
