"""Runs `subemo strip`."""

from __future__ import annotations

import click

from ....core.files import check_writable, write_atomically
from ....core.printable import counted
from ....formats import read_bytes, untag
from ....formats.naming import judged_beside
from ....formats.record import record_path
from ....tagging.languages import language_of
from ...options import complain
from ..option_groups import StripOptions, WordingOptions
from .inputs import named, vocabulary_with_own


def run(options: StripOptions) -> None:
    """Removes subemo's tags from a file and prints how many there were.

    Raises:
        SubemoError: or a subclass, with a message for the user
    """
    file, record = options.file, options.record
    judged = options.judged or judged_beside(file)
    inputs = named(file, record or record_path(file), options.words, judged)
    check_writable(options.output, inputs=inputs, overwrite=options.overwrite)
    said = vocabulary_with_own(WordingOptions(language_of(file), options.words), judged)
    data = read_bytes(file)
    bare = untag(
        file, data, encoding=options.encoding, record=record, needs_record=True, words=said
    )
    write_atomically(options.output, bare.data, overwrite=options.overwrite)
    for warning in bare.warnings:
        complain("warning", f"{file}: {warning}")
    click.echo(f"{counted(bare.removed, 'tag')} removed. Written: {options.output}")
