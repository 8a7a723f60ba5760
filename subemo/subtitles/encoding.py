"""How a subtitle file's text is encoded."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from ..core.errors import SubtitleError

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_ASCII = "".join(map(chr, range(128)))

#: What stands between the times of most formats.
ARROW = re.compile("-->")
#: What other subtitles hold, by which a text with a stray NUL is told from a program.
_DIALOGUE = b"Dialogue:"


@dataclass(frozen=True)
class Encoding:
    """An encoding as it is used in one file.

    Attributes:
        name: Python's name for it
        bom: the byte order mark at the head of the file, or nothing
        is_guess: whether nothing but the bytes' statistics speaks for it
    """

    name: str
    bom: bytes = b""
    is_guess: bool = False

    @cached_property
    def is_wide(self) -> bool:
        """Whether a line ending takes more than one byte."""
        return self.name.startswith(("utf-16", "utf-32"))

    @cached_property
    def has_ascii(self) -> bool:
        """Whether a text of ASCII's characters alone is its bytes as they are; UTF-7's is not."""
        return self.encode(_ASCII) == _ASCII.encode("ascii")

    def whole(self, size: int) -> int:
        """How many of *size* bytes are whole characters; a file may be cut off in one."""
        unit = {"utf-16": 2, "utf-32": 4}.get(self.name[:6], 1)
        return size // unit * unit

    def decode(self, data: bytes) -> str:
        """*data* as text; bytes that mean nothing become lone surrogates."""
        return data.decode(self.name, "surrogatepass" if self.is_wide else "surrogateescape")

    def encode(self, text: str) -> bytes:
        """The opposite of `decode`."""
        return text.encode(self.name, "surrogatepass" if self.is_wide else "surrogateescape")


def detect(data: bytes, *, named: str | None = None, sign: re.Pattern[str] = ARROW) -> Encoding:
    """The encoding of a subtitle file.

    In this order: what the user named, a byte order mark, UTF-8, UTF-16
    without a mark, and at last charset-normalizer's guess.

    Args:
        data: the whole file
        named: the user's word for it
        sign: what stands in such a file, in characters of ASCII: where a guess loses it, the
            guess is wrong

    Raises:
        SubtitleError: if *named* is unknown, or the file is no text at all
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
            "this is not text", remedy="Give a subtitle file, or its --encoding if it is one."
        )
    if _is_utf8(data) or _is_damaged_utf8(data):
        return Encoding("utf-8")
    return Encoding(_guess(data, sign), is_guess=True)


def undecodable(data: bytes, encoding: Encoding) -> Iterator[tuple[int, int]]:
    """Bytes that mean nothing in a file's encoding: the line of each, from 1, and its value."""
    if encoding.is_wide:
        return
    text = encoding.decode(data[len(encoding.bom) :])
    if _LONE.search(text) is None:
        return
    for number, line in enumerate(re.split(r"\r\n|\n|\r", text), start=1):
        for match in _LONE.finditer(line):
            yield number, ord(match[0]) - 0xDC00


#: A byte that could not be decoded, as Python has it in text (PEP 383).
_LONE = re.compile("[\udc80-\udcff]")


def _is_damaged_utf8(data: bytes) -> bool:
    """Whether all but a few characters beyond ASCII are UTF-8, which in no other text is so."""
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
            f"this begins as {encoding.name} but is not", remedy="Give its --encoding."
        ) from error
    return encoding


#: What Python has among its encodings of text and is for names of hosts, source code or nothing.
_OF_OTHER_THINGS = frozenset(
    {"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape"}
)


def _named(data: bytes, named: str, mark: bytes, marked: str | None) -> Encoding:
    try:
        name = codecs.lookup(named).name
        is_text = codecs.lookup(named)._is_text_encoding
    except (LookupError, ValueError):  # the latter for a NUL in the name
        is_text = False
    if not is_text or name in _OF_OTHER_THINGS:
        raise SubtitleError(
            f"no encoding is called {named!r}", remedy="Use a name such as utf-8 or cp1252."
        )
    if marked is not None and marked.startswith(name.removesuffix("-sig")):
        return _marked(data, Encoding(marked, mark))
    name = {"utf-16": "utf-16-le", "utf-32": "utf-32-le", "utf-8-sig": "utf-8"}.get(name, name)
    encoding = Encoding(name)
    try:
        data[: encoding.whole(len(data))].decode(name)
    except UnicodeDecodeError as error:
        # The user may well be right about a file in which a few bytes are broken.
        if encoding.is_wide or not _fits_nearly(data, encoding):
            raise SubtitleError(
                f"this is not {named} (byte {error.start} does not fit)",
                remedy="Leave --encoding out to have it guessed.",
            ) from error
    return encoding


#: So many broken bytes are few in any file.
_FEW = 3


def _fits_nearly(data: bytes, encoding: Encoding) -> bool:
    damaged = sum(1 for _ in undecodable(data, encoding))
    beyond = sum(1 for byte in data if byte > 0x7F)
    return 20 * damaged <= beyond or (damaged <= _FEW and 100 * damaged <= len(data))


def _guess(data: bytes, sign: re.Pattern[str]) -> str:
    import charset_normalizer

    best = charset_normalizer.from_bytes(data).best()
    # Where the arrows are lost, the guess is wrong (EBCDIC, for example).
    if best is not None and sign.search(data.decode(best.encoding, "replace")):
        return str(best.encoding)
    return "cp1252"
