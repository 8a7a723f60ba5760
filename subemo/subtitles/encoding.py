"""Detecting the encoding of a subtitle file."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from ..core.errors import SubtitleError
from .guessing import guess

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_ASCII = "".join(map(chr, range(128)))

#: The separator of times in most formats.
ARROW = re.compile("-->")
#: Signs of subtitles, which distinguish text with a stray NUL from a binary file.
_DIALOGUE = b"Dialogue:"


@dataclass(frozen=True)
class Encoding:
    """The encoding of a file.

    Attributes:
        name: Python's name for it
        bom: the byte order mark at the start of the file, or empty
        is_guess: whether it was only guessed from the bytes' statistics
        doubt: in that case how other encodings read other words, if they may be right
    """

    name: str
    bom: bytes = b""
    is_guess: bool = False
    doubt: str = field(default="", compare=False)

    @cached_property
    def is_wide(self) -> bool:
        """Whether a line ending takes more than one byte."""
        return self.name.startswith(("utf-16", "utf-32"))

    @cached_property
    def has_ascii(self) -> bool:
        """Whether ASCII text is encoded as its own bytes; not so in UTF-7, nor cp864, without "%"."""
        try:
            return self.encode(_ASCII) == _ASCII.encode("ascii")
        except UnicodeEncodeError:
            return False

    def whole(self, size: int) -> int:
        """The number of *size* bytes in whole characters; a file may be truncated within one."""
        unit = {"utf-16": 2, "utf-32": 4}.get(self.name[:6], 1)
        return size // unit * unit

    def decode(self, data: bytes) -> str:
        """Decodes *data*; invalid bytes become lone surrogates."""
        return data.decode(self.name, "surrogatepass" if self.is_wide else "surrogateescape")

    def encode(self, text: str) -> bytes:
        """The inverse of `decode`."""
        return text.encode(self.name, "surrogatepass" if self.is_wide else "surrogateescape")


UTF_8 = Encoding("utf-8")


def detect(data: bytes, *, named: str | None = None, sign: re.Pattern[str] = ARROW) -> Encoding:
    """Detects the encoding of a subtitle file.

    In this order: the user's choice, a byte order mark, UTF-8, UTF-16
    without a mark, and a guess (`subemo.subtitles.guessing`).

    Args:
        data: the whole file
        named: the encoding given by the user
        sign: a pattern of ASCII characters that such a file contains; a guess that
            loses it is wrong

    Raises:
        SubtitleError: if *named* is unknown or the file is not text
    """
    mark, marked = next(((m, name) for m, name in _MARKS if data.startswith(m)), (b"", None))
    if named is not None:
        return _named(data, named, mark, marked)
    if marked is not None:
        return _marked(data, Encoding(marked, mark))
    if b"\0" in data:
        for name in ("utf-16-le", "utf-16-be"):
            if sign.search(data.decode(name, "ignore")):
                return Encoding(name)
        few = data.count(0) * 20 <= len(data)
        has_cues = _DIALOGUE in data or sign.search(data.decode("latin-1"))
        if few and has_cues and _is_utf8(data):
            return Encoding("utf-8")
        raise SubtitleError(
            "this is not a text file", remedy="Give a subtitle file, or set its `encoding`."
        )
    if _is_utf8(data) or _is_damaged_utf8(data):
        return Encoding("utf-8")
    found = guess(data, sign)
    return Encoding(found.name, is_guess=True, doubt=found.doubt)


def refuse_doubt(encoding: Encoding, path: Path | None) -> None:
    """Refuses to use a guess that may change words.

    Args:
        encoding: of a subtitle file whose text is shown or encoded anew
        path: the file

    Raises:
        SubtitleError: if other encodings read other words and may be right
    """
    if encoding.doubt:
        raise SubtitleError(
            f"the encoding cannot be told for sure: {encoding.doubt}",
            path=path,
            remedy="Name it with `encoding`.",
        )


def undecodable(data: bytes, encoding: Encoding) -> Iterator[tuple[int, int]]:
    """The invalid bytes of a file: the line of each, from 1, and its value."""
    if encoding.is_wide:
        return
    text = encoding.decode(data[len(encoding.bom) :])
    if _LONE.search(text) is None:
        return
    for number, line in enumerate(re.split(r"\r\n|\n|\r", text), start=1):
        for match in _LONE.finditer(line):
            yield number, ord(match[0]) - 0xDC00


#: A surrogate for a byte that could not be decoded (PEP 383).
_LONE = re.compile("[\udc80-\udcff]")


def _is_damaged_utf8(data: bytes) -> bool:
    """Whether all but a few non-ASCII characters are valid UTF-8, which no other encoding gives."""
    text = data.decode("utf-8", "surrogateescape")
    damaged = len(_LONE.findall(text))
    beyond = sum(1 for char in text if char > "\x7f") - damaged
    return beyond >= 4 * damaged


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _marked(data: bytes, encoding: Encoding) -> Encoding:
    try:
        encoding.decode(data[: encoding.whole(len(data))])
    except UnicodeDecodeError as error:
        raise SubtitleError(
            f"this starts like {encoding.name} but is not", remedy="Set its `encoding`."
        ) from error
    return encoding


#: Python codecs that are not for text files.
_OF_OTHER_THINGS = frozenset(
    {"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape"}
)


def _named(data: bytes, named: str, mark: bytes, marked: str | None) -> Encoding:
    try:
        name = codecs.lookup(named).name
        is_text = codecs.lookup(named)._is_text_encoding
    except (LookupError, ValueError):  # ValueError for a NUL in the name
        is_text = False
    if not is_text or name in _OF_OTHER_THINGS:
        raise SubtitleError(
            f"unknown encoding {named!r}", remedy="Use a name such as utf-8 or cp1252."
        )
    if marked is not None and marked.startswith(name.removesuffix("-sig")):
        return _marked(data, Encoding(marked, mark))
    name = {"utf-16": "utf-16-le", "utf-32": "utf-32-le", "utf-8-sig": "utf-8"}.get(name, name)
    encoding = Encoding(name)
    try:
        data[: encoding.whole(len(data))].decode(name)
    except UnicodeDecodeError as error:
        # The user may be right about a file with a few invalid bytes.
        if encoding.is_wide or not _fits_nearly(data, encoding):
            raise SubtitleError(
                f"this is not {named} (invalid at byte {error.start})",
                remedy="Omit `encoding` to detect it.",
            ) from error
    return encoding


#: This many invalid bytes are few in any file.
_FEW = 3


def _fits_nearly(data: bytes, encoding: Encoding) -> bool:
    damaged = sum(1 for _ in undecodable(data, encoding))
    beyond = sum(1 for byte in data if byte > 0x7F)
    return 20 * damaged <= beyond or (damaged <= _FEW and 100 * damaged <= len(data))
