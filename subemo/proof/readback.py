"""Reads captions back with ffmpeg, which shares no code with subemo's readers.

ffmpeg is used like the players that are based on it: it finds the cues and
removes the markup. Each format defines how ffmpeg reads it (see
`subemo.formats.base.CaptionReader.readings`).
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import cache, lru_cache
from typing import NamedTuple

from ..core.errors import MediaError
from ..formats.base import PlainCue, Reading
from ..formats.registry import FORMATS, READERS_BY_NAME
from ..media.ffmpeg import converting, ffmpeg_executable
from ..subtitles.encoding import UTF_8, Encoding
from ..subtitles.markup import StyledText, parse_ass, to_ass

#: The latest time that ffmpeg writes in Advanced SubStation, for all later ones.
_LATEST_CS = 10 * 360_000 - 1

#: ffmpeg's demuxers that read UTF-16, which they tell by its mark; others get UTF-8.
_READ_UTF16 = frozenset({"srt", "ass"})
#: The timeout of ffmpeg, in seconds.
_TIMEOUT_S = 60
_EVENT = re.compile(
    r"^Dialogue: (?:Marked=)?\d+,(\d+):(\d\d):(\d\d)\.(\d\d),(\d+):(\d\d):(\d\d)\.(\d\d)(?:,[^,\n]*){6},(.*)$",
    re.MULTILINE,
)
#: A packet as ffmpeg's framecrc lists it: its time and duration, in microseconds.
_PACKET = re.compile(rb"^\d+, *-?\d+, *(-?\d+), *(\d+),", re.MULTILINE)


class Seen(NamedTuple):
    """A cue as a player shows it.

    Attributes:
        start_cs: start time, in hundredths of a second
        end_cs: end time, in hundredths of a second
        text: in Advanced SubStation markup, as ffmpeg outputs all text
    """

    start_cs: int
    end_cs: int
    text: str

    @property
    def plain(self) -> Seen:
        """The cue without markup."""
        return Seen(self.start_cs, self.end_cs, _bare(self.text))

    @property
    def words(self) -> tuple[str, ...]:
        """Its words, without markup and punctuation, in lower case."""
        return _words(self.text)


# Cached, since a text is in input and output and read by several readers.
@lru_cache(maxsize=8192)
def _bare(text: str) -> str:
    return parse_ass(text).plain.replace("\n", r"\N")


@lru_cache(maxsize=8192)
def _words(text: str) -> tuple[str, ...]:
    simple = _SIMPLE.sub("", text).replace(r"\N", "\n")
    if _MARKED.search(simple) is None:
        return words_in(simple)
    # ffmpeg decodes few of WebVTT's character references. If it shows the times of a
    # cue as text, they do not count as words.
    lines = html.unescape(_bare(text)).split(r"\N")
    return words_in("\n".join(line for line in lines if "-->" not in line))


def words_in(text: str) -> tuple[str, ...]:
    """The words of a text without markup and punctuation, in lower case."""
    return tuple(re.findall(r"\w+", text.lower()))


#: The marks of nearly all texts, and what makes more of a text than words.
_SIMPLE = re.compile(r"(?<!\\)\{\\[ibu][01]\}")
_MARKED = re.compile(r"[{\\&]|-->")

#: ffmpeg's escape of a literal brace, an unescaped brace in text that is not Advanced
#: SubStation, and what they are replaced with here.
_ESCAPED_BRACE, _BARE_BRACE, _BRACE = (
    re.compile(r"\\\{(?:\{\})?"),
    re.compile(r"\{(?!\\)"),
    "\uff5b",
)

#: What each reader sees of a file; None if it cannot read it.
Views = tuple[tuple[Seen, ...] | None, ...]


def read_back(text: str, form: str, *, encoding: Encoding = UTF_8, thorough: bool = False) -> Views:
    """Reads a file as players do.

    Args:
        text: the whole file
        form: the name of its format
        encoding: how its text is encoded; players get these bytes, if they know that encoding
        thorough: whether to also use a lenient reader, if the format has one:
            ffmpeg sees nothing after malformed text in WebVTT

    Returns:
        what each reader of the format sees
    """
    with reading_back(text, form, encoding=encoding, thorough=thorough) as views:
        return views()


@contextmanager
def reading_back(
    text: str, form: str, *, encoding: Encoding = UTF_8, thorough: bool = False
) -> Iterator[Callable[[], Views]]:
    """Like `read_back`, in parallel with the caller.

    Yields:
        a function that waits for the players and returns what each sees
    """
    reader = READERS_BY_NAME[form]
    with ExitStack() as stack:
        running = []
        for reading in reader.readings(text):
            # What is converted for a player is no file that anyone has.
            is_whole = reading.text == text and reading.demuxer in _READ_UTF16
            data = _bytes_of(reading.text, encoding if is_whole else UTF_8)
            running.append((reading, stack.enter_context(_reading(reading, data))))

        @cache
        def views() -> Views:
            known: dict[Seen, Seen] = {}  # most readers see the same, which is kept once
            seen = tuple(_seen_by(reading, wait, known) for reading, wait in running)
            if not thorough:
                return seen
            try:
                cues = reader.read_leniently(text)
            except NotImplementedError:
                return seen
            return (*seen, None if cues is None else _plainly(cues))

        yield views


def _bytes_of(text: str, encoding: Encoding) -> bytes:
    """A text as a player gets it."""
    if encoding.bom and encoding.name.startswith("utf-16"):
        return encoding.bom + encoding.encode(text)
    # NUL ends a text for ffmpeg, but not for players not based on it.
    return text.replace("\0", "\ufffd").encode("utf-8", "replace")


def _reading(
    reading: Reading, data: bytes
) -> AbstractContextManager[Callable[[], tuple[bytes, bytes]]]:
    """Runs ffmpeg, which writes the cues, and to its log a list of their packets in the same order."""
    command = [
        ffmpeg_executable(), "-nostdin", "-hide_banner", "-loglevel", "error",
        "-protocol_whitelist", "pipe", "-format_whitelist", reading.demuxer, "-copyts",
        "-f", reading.demuxer, "-i", "pipe:0",
        "-map", "0:s:0", "-f", "ass", "-ignore_readorder", "1", "pipe:1",
        "-map", "0:s:0", "-c:s", "ass", "-f", "framecrc", "pipe:2",
    ]  # fmt: skip
    return converting(command, data, timeout_s=_TIMEOUT_S)


def _seen_by(
    reading: Reading, wait: Callable[[], tuple[bytes, bytes]], known: dict[Seen, Seen]
) -> tuple[Seen, ...] | None:
    try:
        written, log = wait()
    except MediaError:
        return None

    def shown(text: str) -> str:
        return reading.restored(text if reading.has_overrides else _literal(text))

    events = _EVENT.finditer(written.decode("utf-8", "replace"))
    seen = [_seen(match, shown) for match in events]
    if any(max(one.start_cs, one.end_cs) >= _LATEST_CS for one in seen):
        # Where the list lacks some, as of cues that end when they start, it is of no use.
        packets = _PACKET.findall(log)
        seen = list(map(_late, seen, packets)) if len(packets) == len(seen) else seen
    if not reading.shows_blanks:
        seen = [one for one in seen if one.text.strip()]
    return tuple(known.setdefault(one, one) for one in seen) or None


def _late(seen: Seen, packet: tuple[bytes, bytes]) -> Seen:
    """A cue with the times of its packet."""
    start_ms, lasts_ms = (int(time) // 1000 for time in packet)
    lasts_ms -= 2**32 if lasts_ms >= 2**31 else 0  # of a cue that ends before it starts
    return Seen(start_ms // 10, (start_ms + lasts_ms) // 10, seen.text)


def _literal(text: str) -> str:
    """Escapes braces, except SubRip's borrowed overrides."""
    return _BARE_BRACE.sub(_BRACE, _ESCAPED_BRACE.sub(_BRACE, text))


def _seen(match: re.Match[str], shown: Callable[[str], str]) -> Seen:
    h1, m1, s1, c1, h2, m2, s2, c2 = map(int, match.groups()[:8])
    start, end = ((h1 * 60 + m1) * 60 + s1) * 100 + c1, ((h2 * 60 + m2) * 60 + s2) * 100 + c2
    return Seen(start, end, shown(match[9].rstrip("\r")))


def read_data(
    data: bytes, form: str, *, parse: Callable[[str], StyledText] = StyledText.of
) -> tuple[Seen, ...]:
    """Reads a file of a format that ffmpeg does not support.

    Args:
        data: the whole file
        form: the name of its format
        parse: removes markup from the text of its cues
    """
    return _plainly(FORMATS[form].cues_in(data), parse)


def _plainly(
    cues: Iterable[PlainCue], parse: Callable[[str], StyledText] = StyledText.of
) -> tuple[Seen, ...]:
    """Converts cues to ffmpeg's form."""
    return tuple(
        Seen(start_ms // 10, end_ms // 10, to_ass(parse(text))) for start_ms, end_ms, text in cues
    )
