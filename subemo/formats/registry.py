"""The registry of caption formats.

To add a format: write a module beside this one with a class like those, and
name an instance of it in ``READERS``, or, if it is written only, in ``_WRITERS``.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..subtitles.markup import StyledText
from .ass import Ass
from .base import CaptionReader, CaptionWriter
from .json import Json
from .srt import Srt
from .tsv import Tsv
from .ttml import Ttml
from .webvtt import WebVtt

#: Every format that captions can be read from; SubRip has no sign of its own, and comes last.
READERS: tuple[CaptionReader, ...] = (WebVtt(), Ass(), Srt())

_WRITERS: tuple[CaptionWriter, ...] = (*reversed(READERS), Json(), Tsv(), Ttml())
#: Every format that captions can be written in, by the name that ``--format`` gives.
FORMATS: Mapping[str, CaptionWriter] = {form.name: form for form in _WRITERS}

#: The formats that can be read again, by name.
READERS_BY_NAME: Mapping[str, CaptionReader] = {reader.name: reader for reader in READERS}

#: Formats whose files have a record of their tags beside them.
RECORDED = frozenset(reader.name for reader in READERS if reader.has_record)

#: The formats whose tags can have colours.
COLOURED = frozenset(name for name, form in FORMATS.items() if form.has_colours)

#: SubRip, which every player knows, before the others.
_PREFERRED = (READERS[-1], *READERS[:-1])

#: The ends of the names of files that can be read, in the order in which they are preferred.
READ_SUFFIXES = tuple(suffix for reader in _PREFERRED for suffix in reader.suffixes)

#: The name of the format that a file's name asks for, by the end of that name.
BY_SUFFIX: Mapping[str, str] = {
    suffix: form.name for form in FORMATS.values() for suffix in form.suffixes
}

#: The formats that are made of blocks, one for each cue, and so can be filled in by a page.
BLOCK_FORMATS = tuple(
    form.name for form in dict.fromkeys((*_PREFERRED, *_WRITERS)) if hasattr(form, "blocks")
)


def styled_text(cue_text: str, form: str | None) -> StyledText:
    """A cue's text without its markup.

    Args:
        cue_text: as its file has it
        form: the name of the file's format; None for text that is of no file
    """
    return StyledText.of(cue_text) if form is None else READERS_BY_NAME[form].parse(cue_text)


def reader_of(data: bytes) -> CaptionReader:
    """The format that a file is of, by its beginning."""
    head = data[:1024]
    return next(reader for reader in READERS if reader.sniff(head))
