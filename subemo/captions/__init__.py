"""Caption formats, by the name that ``--format`` gives."""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from ..errors import SubtitleError
from .ass import Ass
from .base import CaptionReader, CaptionWriter
from .document import Cue, Document, Problem
from .json import Json
from .record import read_record, record_path, undo
from .srt import Srt
from .tsv import Tsv
from .ttml import Ttml
from .webvtt import WebVtt

#: Every format that captions can be read from; SubRip has no sign of its own, and comes last.
READERS: tuple[CaptionReader, ...] = (WebVtt(), Ass(), Srt())

_WRITERS: tuple[CaptionWriter, ...] = (*reversed(READERS), Json(), Tsv(), Ttml())
#: Every format that captions can be written in.
FORMATS: dict[str, CaptionWriter] = {form.name: form for form in _WRITERS}

#: Formats whose files have a record of their tags beside them.
RECORDED = frozenset({"srt"})

#: What a file of another kind opens with, so that it is not taken for one of these.
_OTHER_OPENINGS = {b"<?xml": "XML", b"<tt": "TTML", b'{"': "JSON", b"{\n": "JSON"}

#: No film has subtitles of this size, in bytes.
_LARGEST = 64 * 1024 * 1024


@dataclass(frozen=True)
class Untagged:
    """A subtitle file without subemo's tags.

    Attributes:
        data: the file as it was before they were put in
        removed: how many tags were taken out
        warnings: what is not as it was
    """

    data: bytes
    removed: int
    warnings: tuple[str, ...] = ()


def read_document(path: Path, *, encoding: str | None = None) -> Document:
    """The subtitle file at *path*, without tags that subemo put there before.

    Args:
        path: the file
        encoding: the user's word for how it is encoded

    Raises:
        SubtitleError: if there is no such file, or it holds no subtitles
    """
    data = read_bytes(path)
    untagged = untag(path, data, encoding=encoding)
    document = parse_document(untagged.data, path=path, encoding=encoding)
    if not untagged.warnings:
        return document
    earlier = tuple(Problem(0, warning) for warning in untagged.warnings)
    return replace(document, problems=(*earlier, *document.problems))


def read_bytes(path: Path) -> bytes:
    """The whole of a file that may be subtitles.

    Raises:
        SubtitleError: if it cannot be read, is empty, or cannot be subtitles
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
                f"this is {name}, which subemo cannot read",
                path=path,
                remedy="Convert it to SubRip (.srt) or WebVTT (.vtt) first.",
            )
    return data


def parse_document(data: bytes, *, path: Path, encoding: str | None = None) -> Document:
    """The document in *data*, with *path* in what goes wrong.

    Raises:
        SubtitleError: if it holds no subtitles
    """
    try:
        return reader_of(data).read(data, encoding=encoding)
    except SubtitleError as error:
        raise SubtitleError(error.problem, path=path, remedy=error.remedy) from error


def reader_of(data: bytes) -> CaptionReader:
    """The format that a file is of, by its beginning."""
    head = data[:1024]
    return next(reader for reader in READERS if reader.sniff(head))


def untag(
    path: Path,
    data: bytes,
    *,
    encoding: str | None = None,
    record: Path | None = None,
    needs_record: bool = False,
) -> Untagged:
    """A subtitle file as it was before subemo put tags in.

    Args:
        path: where it lies; its record is looked for there
        data: its content
        encoding: the user's word for how it is encoded
        record: where its record lies; None for beside it
        needs_record: whether a format that has a record must have it

    Raises:
        SubtitleError: if it, or its record, cannot be understood
    """
    reader = reader_of(data)
    try:
        if reader.name not in RECORDED:
            return Untagged(*reader.untag(data, encoding=encoding))
        beside = record or record_path(path)
        if record is None and not beside.is_file():
            if needs_record:
                raise SubtitleError(
                    f"nothing tells which of its tags are subemo's: there is no {beside.name}",
                    remedy="Put that file beside it, or name it with --record.",
                )
            return Untagged(data, 0)
        found = read_record(beside)
        document = reader.read(data, encoding=encoding)
    except SubtitleError as error:
        raise SubtitleError(error.problem, path=error.path or path, remedy=error.remedy) from error
    edits, missing = undo(document, found)
    warnings = []
    if missing and sha256(data).hexdigest() != found.sha256:
        warnings.append(
            f"{len(missing)} of {len(found.changes)} tags are not where subemo put them, "
            "and stay as they are: the file was changed since"
        )
    return Untagged(document.edited(edits), len(found.changes) - len(missing), tuple(warnings))


__all__ = [
    "FORMATS",
    "READERS",
    "RECORDED",
    "Cue",
    "Document",
    "Problem",
    "Untagged",
    "parse_document",
    "read_bytes",
    "read_document",
    "reader_of",
    "untag",
]
