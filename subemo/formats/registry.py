"""The registry of caption formats.

To add a format: write a module beside this one whose ``FORMAT`` is one (see
`subemo.formats.base`), and name the module in ``_MODULES``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from importlib import import_module

from ..subtitles.document import Document
from ..subtitles.markup import StyledText
from .base import BlockWriter, CaptionReader, CaptionWriter, RecordedReader, TrackCodec

#: The first is what is written where nothing says otherwise; of files beside a film those of
#: the earlier ones are preferred.
_MODULES = (
    "srt",
    "webvtt",
    "ass",
    "sbv",
    "mpl2",
    "json",
    "tsv",
    "ttml",
)


def _format(module: str) -> CaptionWriter:
    found = import_module(f"{__package__}.{module}").FORMAT
    assert isinstance(found, CaptionWriter)
    return found


_ALL = tuple(map(_format, _MODULES))

#: Every format that captions can be written in, by the name that ``--format`` gives.
FORMATS: Mapping[str, CaptionWriter] = {form.name: form for form in _ALL}

#: Every format that captions can be read from.
READERS = tuple(form for form in _ALL if isinstance(form, CaptionReader))

#: The same, by name.
READERS_BY_NAME: Mapping[str, CaptionReader] = {reader.name: reader for reader in READERS}

#: SubRip, which every player knows: what is written where there are no subtitles yet, and what
#: a file is taken for that is nothing else.
DEFAULT = READERS[0]

#: Formats whose files have a record of their tags beside them.
RECORDED = frozenset(form.name for form in READERS if isinstance(form, RecordedReader))

#: The codecs of text tracks in films, by ffmpeg's names, and as files of which format such a
#: track can be read.
TRACK_CODECS: Mapping[str, tuple[CaptionReader, TrackCodec]] = {
    codec.name: (reader, codec) for reader in READERS for codec in reader.codecs
}

#: The formats whose tags can have colours.
COLOURED = frozenset(form.name for form in _ALL if form.has_colours)

#: The formats that tell what was found, and are of use without any cue, too.
DATA_FORMATS = frozenset(form.name for form in _ALL if form.is_data)

#: The others, which final captions can be written as.
CAPTION_FORMATS = tuple(form.name for form in _ALL if not form.is_data)

#: So much of a file tells its format.
_HEAD_BYTES = 4096

#: The ends of the names of files that can be read, in the order in which they are preferred.
READ_SUFFIXES = tuple(suffix for reader in READERS for suffix in reader.suffixes)

#: The name of the format that a file's name asks for, by the end of that name.
BY_SUFFIX: Mapping[str, str] = {suffix: form.name for form in _ALL for suffix in form.suffixes}

#: The formats that are made of blocks, one for each cue, and so can be filled in by a page.
BLOCK_FORMATS = tuple(form.name for form in _ALL if isinstance(form, BlockWriter))


def form_of(document: Document | None) -> str:
    """The name of the format of a film's subtitles, or of that which is written without any."""
    return DEFAULT.name if document is None else document.form


def keeps_styles(document: Document | None) -> bool:
    """Whether a film's subtitles hold an author's own styles."""
    return document is not None and READERS_BY_NAME[document.form].has_styles


def track_format(muxer: str, *, has_styles: bool = False) -> CaptionReader:
    """The format as which a film carries captions.

    Args:
        muxer: ffmpeg's name of the kind of film
        has_styles: whether there are an author's styles or colours to keep, if it can
    """
    carried = [form for form in READERS if muxer in form.tracks]
    return next((form for form in carried if form.has_styles == has_styles), next(iter(carried)))


def styled_text(cue_text: str, form: str | None) -> StyledText:
    """A cue's text without its markup.

    Args:
        cue_text: as its file has it
        form: the name of the file's format; None for text that is of no file
    """
    return StyledText.of(cue_text) if form is None else READERS_BY_NAME[form].parse(cue_text)


def reader_of(data: bytes) -> CaptionReader:
    """The format that a file is of, by its beginning.

    By a header, or by whose lines of times there are most, so that no line that only
    looks like another format's decides. The default comes before the others.
    """
    head = data[:_HEAD_BYTES]
    for reader in READERS:
        if reader.sniff(head):
            return reader
    text = head.replace(b"\0", b"").decode("latin-1").lstrip("\xef\xbb\xbf\xfe\xff")
    counts = Counter(
        reader.name
        for line in re.split(r"[\r\n]+", text)
        for reader in READERS
        if reader.cue_line is not None and reader.cue_line.search(line)
    )
    # Of as many, those of the default, or those that come first.
    name, most = counts.most_common(1)[0] if counts else (DEFAULT.name, 0)
    return DEFAULT if counts[DEFAULT.name] == most else READERS_BY_NAME[name]
