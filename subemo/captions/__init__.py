"""Caption formats, by the name that ``--format`` gives."""

from __future__ import annotations

from pathlib import Path

from ..errors import SubtitleError
from .base import CaptionReader, CaptionWriter
from .document import Cue, Document, Problem
from .json import Json
from .srt import Srt

_SRT = Srt()

#: Every format that captions can be written in.
FORMATS: dict[str, CaptionWriter] = {form.name: form for form in (_SRT, Json())}

#: Every format that captions can be read from, with the words that a file of
#: another format opens with, so that it is not taken for one of these.
READERS: tuple[CaptionReader, ...] = (_SRT,)
_OTHER_OPENINGS = {b"WEBVTT": "WebVTT", b"[Script Info]": "ASS", b"<?xml": "XML", b"{": "JSON"}

#: No film has subtitles of this size, in bytes.
_LARGEST = 64 * 1024 * 1024


def read_document(path: Path, *, encoding: str | None = None) -> Document:
    """The subtitle file at *path*.

    Args:
        path: the file
        encoding: the user's word for how it is encoded

    Raises:
        SubtitleError: if there is no such file, or it holds no subtitles
    """
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
    except OSError as error:
        raise SubtitleError(
            f"cannot be read ({error.strerror})", path=path, remedy="Check the path."
        ) from error
    if len(data) > _LARGEST:
        raise SubtitleError("too large for a subtitle file", path=path)
    if not data.strip():
        raise SubtitleError("this file is empty", path=path, remedy="Give the film's subtitles.")
    for opening, name in _OTHER_OPENINGS.items():
        if data.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(opening):
            raise SubtitleError(
                f"this is {name}, which subemo cannot read yet",
                path=path,
                remedy="Convert it to SubRip (.srt) first.",
            )
    try:
        return READERS[0].read(data, encoding=encoding)
    except SubtitleError as error:
        raise SubtitleError(error.problem, path=path, remedy=error.remedy) from error


__all__ = ["FORMATS", "READERS", "Cue", "Document", "Problem", "read_document"]
