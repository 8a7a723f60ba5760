"""`subemo strip`."""

from __future__ import annotations

from pathlib import Path

import click

from ..options import PATH, complain, debug_option, encoding_option, overwrite_option


@click.command()
@click.argument("file", type=PATH)
@click.option("-o", "--output", type=PATH, required=True, help="Where to write.")
@click.option(
    "--record",
    type=PATH,
    metavar="FILE",
    help="What was put into an .srt.  [default: FILE with .tags.json]",
)
@click.option(
    "--words", type=PATH, metavar="FILE", help="Your own words for the emotions, if it has those."
)
@encoding_option
@overwrite_option
@debug_option
def strip(
    file: Path,
    output: Path,
    record: Path | None,
    words: Path | None,
    encoding: str | None,
    overwrite: bool,
) -> None:
    """Take subemo's tags out of FILE: what is left is what it was made of, byte for byte.

    A person's own tags stay. In WebVTT and Advanced SubStation subemo's bear a
    sign that no player shows; beside an .srt, which has no room for one, lies
    a record of them.
    """
    from ...core.files import check_writable, write_atomically
    from ...formats import read_bytes, untag
    from ...formats.record import record_path
    from ...tagging.languages import language_of
    from ...tagging.vocabulary import read_words

    inputs = [file, record or record_path(file)]
    check_writable(output, inputs=inputs, overwrite=overwrite)
    said = None if words is None else read_words(words, language=language_of(file) or "en")
    data = read_bytes(file)
    bare = untag(file, data, encoding=encoding, record=record, needs_record=True, words=said)
    write_atomically(output, bare.data, overwrite=overwrite)
    for warning in bare.warnings:
        complain("warning", f"{file}: {warning}")
    click.echo(f"{bare.removed} tags taken out. Written: {output}")
