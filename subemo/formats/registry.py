"""The registry of caption formats.

To add a format: write a module beside this one with a ``FORMAT`` (see
`subemo.formats.base`), and add the module to ``_MODULES``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping
from importlib import import_module
from pathlib import Path

from ..core.errors import OutputError
from ..core.settings import check_one_of
from ..subtitles.document import Document
from ..subtitles.markup import StyledText
from .base import BlockWriter, CaptionReader, CaptionWriter, RecordedReader, TrackCodec

#: The first is the default output; of files beside a film those of
#: the earlier ones are preferred.
_MODULES = (
    "srt",
    "webvtt",
    "ass",
    "sbv",
    "mpl2",
    "lrc",
    "json",
    "tsv",
    "ttml",
)


def _format(module: str) -> CaptionWriter:
    found = import_module(f"{__package__}.{module}").FORMAT
    assert isinstance(found, CaptionWriter)
    return found


_ALL = tuple(map(_format, _MODULES))

#: The output formats, by their names in ``--format``.
FORMATS: Mapping[str, CaptionWriter] = {form.name: form for form in _ALL}

#: The input formats.
READERS = tuple(form for form in _ALL if isinstance(form, CaptionReader))

#: The input formats by name.
READERS_BY_NAME: Mapping[str, CaptionReader] = {reader.name: reader for reader in READERS}

#: SubRip, which every player supports: the default output without subtitles, and the
#: fallback for files of unknown format.
DEFAULT = READERS[0]

#: The formats with a record of their tags beside the file.
RECORDED = frozenset(form.name for form in READERS if isinstance(form, RecordedReader))

#: The codecs of text tracks in films, by ffmpeg's names, and the format as which such a
#: track can be read.
TRACK_CODECS: Mapping[str, tuple[CaptionReader, TrackCodec]] = {
    codec.name: (reader, codec) for reader in READERS for codec in reader.codecs
}

#: The formats with colours.
COLOURED = frozenset(form.name for form in _ALL if form.has_colours)

#: The data formats, which are useful even without cues.
DATA_FORMATS = frozenset(form.name for form in _ALL if form.is_data)

#: The other formats, to which finished captions can be converted.
CAPTION_FORMATS = tuple(form.name for form in _ALL if not form.is_data)

#: The number of bytes used to detect a format.
_HEAD_BYTES = 4096

#: The suffixes of input files, in order of preference.
READ_SUFFIXES = tuple(suffix for reader in READERS for suffix in reader.suffixes)

#: The names of formats by the suffixes of file names.
BY_SUFFIX: Mapping[str, str] = {suffix: form.name for form in _ALL for suffix in form.suffixes}

#: The formats with one block per cue, which a review page can fill in.
BLOCK_FORMATS = tuple(form.name for form in _ALL if isinstance(form, BlockWriter))


def form_of(document: Document | None) -> str:
    """The name of the format of a film's subtitles, or of the default."""
    return DEFAULT.name if document is None else document.form


def form_for(
    path: Path,
    form: str | None = None,
    *,
    default: str | None = None,
    among: Collection[str] = FORMATS,
) -> str:
    """The name of the format of an output file: *form*, or the one that its suffix names.

    Args:
        path: the output file
        form: a name in `FORMATS`, or None
        default: the format of a name without a suffix, or None if it needs one
        among: the names of the allowed formats

    Raises:
        SettingsError: if there is no such format
        OutputError: if the suffix names no format, or another one

    >>> form_for(Path("film.vtt")), form_for(Path("film.txt"), "sbv")
    ('vtt', 'sbv')
    """
    named = BY_SUFFIX.get(path.suffix.lower())
    if form is not None:
        check_one_of("form", form, among)
        if named not in (None, form):
            raise OutputError(
                f"the name ends with {path.suffix}, but the format is {form}",
                path=path,
                remedy=f'Let it end with {FORMATS[form].suffixes[0]}, or give `form="{named}"`.',
            )
        return form
    found = named or (None if path.suffix else default)
    if found is None or found not in among:
        raise OutputError(
            "the name has no known caption suffix",
            path=path,
            remedy=f"Give one, or its `form`: {', '.join(among)}.",
        )
    return found


def keeps_styles(document: Document | None) -> bool:
    """Whether a film's subtitles have an author's styles."""
    return document is not None and READERS_BY_NAME[document.form].has_styles


def track_format(muxer: str, *, has_styles: bool = False) -> CaptionReader:
    """The format of captions in a film's track.

    Args:
        muxer: ffmpeg's name of the container
        has_styles: whether to preserve an author's styles or colours, if possible
    """
    carried = [form for form in READERS if muxer in form.tracks]
    return next((form for form in carried if form.has_styles == has_styles), next(iter(carried)))


def styled_text(cue_text: str, form: str | None) -> StyledText:
    """A cue's text without its markup.

    Args:
        cue_text: as in its file
        form: the name of the file's format; None for text not from a file
    """
    return StyledText.of(cue_text) if form is None else READERS_BY_NAME[form].parse(cue_text)


def reader_of(data: bytes) -> CaptionReader:
    """Detects the format of a file from its beginning.

    By a header, or by the format with the most lines of times, so that a single line that
    looks like another format's does not decide. The default is preferred.
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
    # In a tie, the default, or the first.
    name, most = counts.most_common(1)[0] if counts else (DEFAULT.name, 0)
    return DEFAULT if counts[DEFAULT.name] == most else READERS_BY_NAME[name]
