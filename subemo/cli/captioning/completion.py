"""`subemo completion`."""

from __future__ import annotations

import click

from ..options import debug_option, overwrite_option

SHELLS = ("bash", "zsh", "fish")


@click.command()
@click.argument("shell", type=click.Choice(SHELLS))
@click.option("--install", is_flag=True, help="Install the script where SHELL looks for it.")
@overwrite_option
@debug_option
@click.pass_context
def completion(context: click.Context, shell: str, install: bool, overwrite: bool) -> None:
    """Print or install shell completion for SHELL.

    --install writes the script to your own folder: for bash that of bash-completion, for
    zsh ~/.local/share/zsh/site-functions, for fish ~/.config/fish/completions. A
    file that subemo did not write is replaced only with --overwrite.
    """
    if overwrite and not install:
        raise click.UsageError("--overwrite needs --install.")
    from .jobs.completion import show, write

    root = context.find_root().command
    if install:
        write(root, shell, overwrite=overwrite)
    else:
        show(root, shell)
