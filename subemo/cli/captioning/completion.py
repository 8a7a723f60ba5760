"""`subemo completion`."""

from __future__ import annotations

import hashlib
import os
import re
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import click
from click.shell_completion import get_completion_class

from ...core.errors import OutputError
from ...core.files import check_writable, create_folder, read_plain, write_atomically
from ..command import Options, argument, command, flag
from ..options import OVERWRITE
from ..terminal import written_line

#: The program's name, and the environment variable of its completion.
_PROGRAM, _VARIABLE = "subemo", "_SUBEMO_COMPLETE"

#: The last line of a file written by subemo, with the SHA-256 of the lines above.
_MARK = "# Written by subemo completion --install; SHA-256 "
_MARKED = re.compile(rb"(.*\n)" + re.escape(_MARK.encode()) + rb"([0-9a-f]{64})\n", re.DOTALL)

#: The largest script, in bytes.
_LARGEST = 1_000_000


class _CompletionOptions(Options):
    shell: Literal["bash", "zsh", "fish"] = argument()
    install: bool = flag("Install the script where SHELL looks for it.")
    overwrite: bool = OVERWRITE()


@command()
def completion(options: _CompletionOptions) -> None:
    """Print or install shell completion for SHELL.

    --install writes the script to your own folder: for bash that of bash-completion, for
    zsh ~/.local/share/zsh/site-functions, for fish ~/.config/fish/completions. A
    file that subemo did not write is replaced only with --overwrite.
    """
    if options.overwrite and not options.install:
        raise click.UsageError("--overwrite needs --install.")
    kind = get_completion_class(options.shell)
    assert kind is not None
    root = click.get_current_context().find_root().command
    script = kind(root, {}, _PROGRAM, _VARIABLE).source().strip() + "\n"
    if options.install:
        _write(script, options.shell, overwrite=options.overwrite)
    else:
        click.echo(script, nl=False)


def place_of(shell: str, environment: Mapping[str, str], home: Path) -> Path:
    """The path where a shell looks for a user's completion of subemo.

    Example:
        >>> place_of("fish", {}, Path("/home/me")).as_posix()
        '/home/me/.config/fish/completions/subemo.fish'
    """

    def folder(variable: str, default: str) -> Path:
        return Path(environment.get(variable) or home / default)

    if shell == "fish":
        return folder("XDG_CONFIG_HOME", ".config") / "fish/completions" / f"{_PROGRAM}.fish"
    data = folder("XDG_DATA_HOME", ".local/share")
    if shell == "zsh":
        return data / "zsh/site-functions" / f"_{_PROGRAM}"
    own = environment.get("BASH_COMPLETION_USER_DIR")
    return (Path(own) if own else data / "bash-completion") / "completions" / _PROGRAM


def _write(script: str, shell: str, *, overwrite: bool) -> None:
    """Installs the script and prints what remains to be done."""
    path = place_of(shell, os.environ, Path.home())
    create_folder(path.parent)
    if path.exists() and not overwrite and not _is_ours(path):
        raise OutputError(
            "this file was not written by subemo, or was changed",
            path=path,
            remedy="Replace it with --overwrite, or omit --install to print the script.",
        )
    check_writable(path, overwrite=True)
    digest = hashlib.sha256(script.encode()).hexdigest()
    write_atomically(path, f"{script}{_MARK}{digest}\n".encode(), overwrite=True)
    click.echo(written_line(path))
    click.echo(_activation(shell, path))


def _is_ours(path: Path) -> bool:
    """Whether a file is unchanged since subemo wrote it."""
    try:
        match = _MARKED.fullmatch(read_plain(path, largest=_LARGEST))
    except OSError:
        return False
    return match is not None and hashlib.sha256(match[1]).hexdigest().encode() == match[2]


def _activation(shell: str, path: Path) -> str:
    """How to activate the script."""
    quoted = shlex.quote(str(path))
    if shell == "fish":
        return "New fish shells complete subemo."
    if shell == "zsh":
        return (
            "Add these lines to ~/.zshrc unless present, then open a new shell:\n"
            f"  fpath=({shlex.quote(str(path.parent))} $fpath)\n"
            "  autoload -Uz compinit && compinit"
        )
    return (
        "New shells complete subemo if the package bash-completion is installed. "
        f"Without it, add this line to ~/.bashrc:\n  source {quoted}"
    )
