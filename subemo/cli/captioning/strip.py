"""`subemo strip`."""

from __future__ import annotations

from pathlib import Path

import click

from ...captions import read_bytes, untag
from ...captions.naming import judged_beside
from ...captions.record import record_path
from ...core.files import check_writable, write_atomically
from ...core.printable import counted
from ...tagging.languages import language_of
from ..command import argument, command, option
from ..terminal import complain, written_line
from .options import SubtitleFileOptions, named, vocabulary_with_own


class _StripOptions(SubtitleFileOptions):
    file: Path = argument()
    output: Path = option("Output file.", "-o", required=True)
    record: Path | None = option(
        "Record of the inserted tags.  [default: film.emo.srt.tags.json for film.emo.srt]"
    )
    words: Path | None = option("TOML file of the custom tag words used in FILE.")
    judged: Path | None = option("Judgements with your own tags.  [default: the file beside FILE]")


@command()
def strip(options: _StripOptions) -> None:
    """Remove subemo's tags from FILE and restore the original bytes.

    Tags that a person wrote stay. WebVTT and Advanced SubStation mark subemo's
    tags invisibly; for the other formats a record lies beside the file.
    """
    file, record = options.file, options.record
    judged = options.judged or judged_beside(file)
    inputs = named(file, record or record_path(file), options.words, judged)
    check_writable(options.output, inputs=inputs, overwrite=options.overwrite)
    said = vocabulary_with_own(language_of(file), options.words, judged)
    data = read_bytes(file)
    bare = untag(
        file, data, encoding=options.encoding, record=record, needs_record=True, words=said
    )
    write_atomically(options.output, bare.data, overwrite=options.overwrite)
    for warning in bare.warnings:
        complain("warning", f"{file}: {warning}")
    click.echo(f"{counted(bare.removed, 'tag')} removed. {written_line(options.output)}")
