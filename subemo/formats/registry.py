"""The registry of caption formats.

To add a format: write a module beside this one with a class like those, and
name an instance of it in ``READERS``, or, if it is written only, in ``_WRITERS``.
"""

from __future__ import annotations

from collections.abc import Mapping

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
RECORDED = frozenset({"srt"})


def reader_of(data: bytes) -> CaptionReader:
    """The format that a file is of, by its beginning."""
    head = data[:1024]
    return next(reader for reader in READERS if reader.sniff(head))
