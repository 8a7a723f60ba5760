"""What `subemo strip` does."""

from __future__ import annotations

import click

from ....core.files import check_writable, write_atomically
from ....formats import read_bytes, untag
from ....formats.record import record_path
from ....tagging.languages import language_of
from ....tagging.vocabulary import read_vocabulary
from ...options import complain
from ..option_groups import StripOptions


def run(options: StripOptions) -> None:
    """Takes subemo's tags out of a file, and says how many there were.

    Raises:
        SubemoError: one of its kinds, with a message for the user
    """
    file, record = options.file, options.record
    inputs = [file, record or record_path(file)]
    check_writable(options.output, inputs=inputs, overwrite=options.overwrite)
    said = None
    if options.words is not None:
        said = read_vocabulary(options.words, language=language_of(file) or "en")
    data = read_bytes(file)
    bare = untag(
        file, data, encoding=options.encoding, record=record, needs_record=True, words=said
    )
    write_atomically(options.output, bare.data, overwrite=options.overwrite)
    for warning in bare.warnings:
        complain("warning", f"{file}: {warning}")
    click.echo(f"{bare.removed} tags taken out. Written: {options.output}")
