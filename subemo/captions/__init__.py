"""Caption formats, by the name that ``--format`` gives."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from itertools import islice
from pathlib import Path

from ..errors import RecordError, SubtitleError
from ..reading import read_plain
from .ass import Ass
from .base import CaptionReader, CaptionWriter
from .document import Cue, Document, Problem, Untagged
from .encoding import undecodable
from .json import Json
from .record import Record, read_record, record_path, undo
from .srt import Srt
from .tsv import Tsv
from .ttml import Ttml
from .webvtt import WebVtt
from .words import Words

_SRT = Srt()
#: Every format that captions can be read from; SubRip has no sign of its own, and comes last.
READERS: tuple[CaptionReader, ...] = (WebVtt(), Ass(), _SRT)

_WRITERS: tuple[CaptionWriter, ...] = (*reversed(READERS), Json(), Tsv(), Ttml())
#: Every format that captions can be written in.
FORMATS: dict[str, CaptionWriter] = {form.name: form for form in _WRITERS}

#: Formats whose files have a record of their tags beside them.
RECORDED = frozenset({"srt"})

#: What a file of another kind opens with, so that it is not taken for one of these.
_OTHER_OPENINGS = {b"<?xml": "XML", b"<tt": "TTML", b'{"': "JSON", b"{\n": "JSON"}

#: So many broken bytes are warned of, each with its line.
_MOST_DAMAGED = 10

#: No film has subtitles of this size, in bytes.
_LARGEST = 64 * 1024 * 1024


def read_document(
    path: Path, *, encoding: str | None = None, words: Words | None = None
) -> Document:
    """The subtitle file at *path*, without tags that subemo put there before.

    Args:
        path: the file
        encoding: the user's word for how it is encoded
        words: the user's own words for the emotions, if earlier tags are in those

    Raises:
        SubtitleError: if there is no such file, or it holds no subtitles
    """
    data = read_bytes(path)
    try:
        untagged = untag(path, data, encoding=encoding, words=words)
    except RecordError as error:
        untagged = Untagged(data, 0, (f"{error}; tags that it may name stay",))
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
    """The document in *data*, with *path* in what goes wrong.

    Raises:
        SubtitleError: if it holds no subtitles
    """
    try:
        document = reader_of(data).read(data, encoding=encoding)
    except SubtitleError as error:
        raise SubtitleError(error.problem, path=path, remedy=error.remedy) from error
    damaged = tuple(
        Problem(line, f"byte 0x{byte:02X} is not {document.encoding.name}; kept as it is")
        for line, byte in islice(undecodable(data, document.encoding), _MOST_DAMAGED)
    )
    problems = sorted((*document.problems, *damaged), key=lambda problem: problem.line)
    return replace(document, problems=tuple(problems))


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
    words: Words | None = None,
) -> Untagged:
    """A subtitle file as it was before subemo put tags in.

    Args:
        path: where it lies; its record is looked for there
        data: its content
        encoding: the user's word for how it is encoded
        record: where its record lies; None for beside it
        needs_record: whether a format that has a record must have it
        words: the user's own words for the emotions, if the tags are in those

    Raises:
        RecordError: if its record cannot be understood
        SubtitleError: if the file cannot
    """
    reader = reader_of(data)
    try:
        if reader.name not in RECORDED:
            return reader.untag(data, encoding=encoding, words=words)
        beside = record or record_path(path)
        if record is None and not beside.exists():
            if needs_record:
                raise RecordError(
                    f"nothing tells which of its tags are subemo's: there is no {beside.name}",
                    remedy="Put that file beside it, or name it with --record.",
                )
            return Untagged(data, 0)
        return untag_recorded(data, read_record(beside), encoding=encoding, words=words)
    except SubtitleError as error:
        raise type(error)(error.problem, path=error.path or path, remedy=error.remedy) from error


def untag_recorded(
    data: bytes,
    record: Record,
    *,
    encoding: str | None = None,
    words: Words | None = None,
    document: Document | None = None,
) -> Untagged:
    """A file of a format that has a record, as it was before what that names was put in.

    Args:
        data: the file
        record: what was put into it
        encoding: the user's word for how it is encoded
        words: the user's own words for the emotions, if the tags are in those
        document: the same file, if it was read already

    Raises:
        SubtitleError: if the file cannot be understood
    """
    document = document or _read_recorded(data, record, encoding)
    undone = undo(document, record, _SRT.places, words=words)
    warnings = []
    if undone.missing:
        count, every = len(undone.missing), len(undone.missing) + len(undone.removed)
        warnings.append(
            f"{count} of {every} tags are left in place: their cues were changed since subemo "
            "wrote them, or its record names what it could not have written "
            "(tags in words of your own need --words)"
        )
    return Untagged(document.edited(undone.edits), len(undone.removed), tuple(warnings))


def _read_recorded(data: bytes, record: Record, encoding: str | None) -> Document:
    if encoding is None and record.encoding is not None:
        with suppress(SubtitleError):  # a record may say anything
            return _SRT.read(data, encoding=record.encoding)
    return _SRT.read(data, encoding=encoding)


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
    "untag_recorded",
]
