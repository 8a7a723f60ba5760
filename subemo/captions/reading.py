"""Reads subtitle files, detecting their format."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from pathlib import Path

from ..core.errors import RecordError, SubtitleError
from ..core.files import read_plain
from ..formats.registry import reader_of
from ..subtitles.document import Document, Problem, Untagged
from ..subtitles.encoding import undecodable
from ..tagging.vocabulary import Vocabulary
from .removal import untag

#: The beginnings of files of other kinds, which are refused.
_OTHER_OPENINGS = {b"<?xml": "XML", b"<tt": "TTML", b'{"': "JSON", b"{\n": "JSON"}

#: The most invalid bytes to warn about individually.
_MOST_DAMAGED = 10

#: The largest subtitle file, in bytes.
_LARGEST = 64 * 1024 * 1024


def read_document(
    path: Path, *, encoding: str | None = None, words: Vocabulary | None = None
) -> Document:
    """Reads the subtitle file at *path* and removes tags that subemo added before.

    Args:
        path: the file
        encoding: its encoding; None to detect it
        words: custom tag words that earlier tags may use

    Raises:
        SubtitleError: if the file is missing or has no subtitles
    """
    data = read_bytes(path)
    try:
        untagged = untag(path, data, encoding=encoding, words=words)
    except RecordError as error:
        untagged = Untagged(data, 0, (f"{error}; tags listed in it stay",))
    document = parse_document(untagged.data, path=path, encoding=encoding)
    if not untagged.warnings:
        return document
    earlier = tuple(Problem(0, warning) for warning in untagged.warnings)
    return replace(document, problems=(*earlier, *document.problems))


def read_bytes(path: Path) -> bytes:
    """Reads a file that may be subtitles.

    Raises:
        SubtitleError: if it cannot be read, is empty, or cannot be subtitles
    """
    try:
        data = read_plain(path, largest=_LARGEST)
    except OSError as error:
        raise SubtitleError(
            f"cannot be read ({error.strerror})", path=path, remedy="Check the path."
        ) from error
    if not data.strip():
        raise SubtitleError("this file is empty", path=path, remedy="Give the film's subtitles.")
    for opening, name in _OTHER_OPENINGS.items():
        if data.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(opening):
            raise SubtitleError(
                f"this is {name}, which subemo cannot read",
                path=path,
                remedy="Convert it to SubRip (.srt) or WebVTT (.vtt) first.",
            )
    return data


def parse_document(data: bytes, *, path: Path, encoding: str | None = None) -> Document:
    """Parses *data*, with *path* in errors.

    Raises:
        SubtitleError: if there are no subtitles
    """
    try:
        document = reader_of(data).read(data, encoding=encoding)
    except SubtitleError as error:
        raise SubtitleError(error.problem, path=path, remedy=error.remedy) from error
    damaged = tuple(
        Problem(line, f"byte 0x{byte:02X} is not valid {document.encoding.name}; left unchanged")
        for line, byte in islice(undecodable(data, document.encoding), _MOST_DAMAGED)
    )
    problems = sorted((*document.problems, *damaged), key=lambda problem: problem.line)
    return replace(document, problems=tuple(problems))
