"""Captions as a player reads them: by ffmpeg, which shares no code with the readers here.

ffmpeg is asked as the players that are built on it would: it finds the cues and
takes the markup off. In which ways it reads a format, that format tells (see
`subemo.formats.base.CaptionReader.readings`).
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache, lru_cache

from ..core.errors import MediaError
from ..media.ffmpeg import converting, ffmpeg_executable
from ..subtitles.markup import StyledText, parse_ass, to_ass
from .base import PlainCue, Reading
from .registry import FORMATS, READERS_BY_NAME

#: The latest time that Advanced SubStation has, which stands for all that is later.
LATEST_CS = 10 * 360_000 - 1

#: How long ffmpeg may take, in seconds; what takes longer is not read.
_TIMEOUT_S = 60
_EVENT = re.compile(
    r"^Dialogue: (?:Marked=)?\d+,(\d+):(\d\d):(\d\d)\.(\d\d),(\d+):(\d\d):(\d\d)\.(\d\d)(?:,[^,\n]*){6},(.*)$",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Seen:
    """A cue as a player has it.

    Attributes:
        start_cs: when it appears, in hundredths of a second
        end_cs: when it goes
        text: in Advanced SubStation's terms, as ffmpeg has all text
    """

    start_cs: int
    end_cs: int
    text: str

    @property
    def plain(self) -> Seen:
        """The same without markup."""
        return Seen(self.start_cs, self.end_cs, _bare(self.text))

    @property
    def words(self) -> tuple[str, ...]:
        """Its words, without markup and punctuation, in lower case."""
        return _words(self.text)


# One text is seen in the input and in the output, and by several readers.
@lru_cache(maxsize=8192)
def _bare(text: str) -> str:
    return parse_ass(text).plain.replace("\n", r"\N")


@lru_cache(maxsize=8192)
def _words(text: str) -> tuple[str, ...]:
    # ffmpeg knows few of WebVTT's character references. Where it takes the times of a
    # cue for text, they are no words.
    lines = html.unescape(_bare(text)).split(r"\N")
    return words_in("\n".join(line for line in lines if "-->" not in line))


def words_in(text: str) -> tuple[str, ...]:
    """The words of a text without markup, without punctuation, in lower case."""
    return tuple(re.findall(r"\w+", text.lower()))


#: How ffmpeg writes a brace that is text, one that it leaves as it is where the text is no
#: Advanced SubStation, and what stands for them here.
_ESCAPED_BRACE, _BARE_BRACE, _BRACE = (
    re.compile(r"\\\{(?:\{\})?"),
    re.compile(r"\{(?!\\)"),
    "\uff5b",
)

#: What each reader sees of a file; None where it cannot read it.
Views = tuple[tuple[Seen, ...] | None, ...]


def read_back(text: str, form: str, *, thorough: bool = False) -> Views:
    """What players see of a file.

    Args:
        text: the whole of it
        form: the name of its format
        thorough: whether one is asked, too, that steps over what is malformed, if the format
            has such a reader: ffmpeg sees nothing of what follows that in WebVTT

    Returns:
        what each reader of the format sees
    """
    with reading_back(text, form, thorough=thorough) as views:
        return views()


@contextmanager
def reading_back(text: str, form: str, *, thorough: bool = False) -> Iterator[Callable[[], Views]]:
    """The same as `read_back`, while its caller goes on.

    Yields:
        what waits for the players, and returns what each of them sees
    """
    reader = READERS_BY_NAME[form]
    with ExitStack() as stack:
        running = [
            (reading, stack.enter_context(_reading(reading))) for reading in reader.readings(text)
        ]

        @cache
        def views() -> Views:
            seen = tuple(_seen_by(reading, wait) for reading, wait in running)
            if not thorough:
                return seen
            try:
                cues = reader.read_leniently(text)
            except NotImplementedError:
                return seen
            return (*seen, None if cues is None else _plainly(cues))

        yield views


def _reading(reading: Reading) -> AbstractContextManager[Callable[[], bytes]]:
    command = [
        ffmpeg_executable(), "-nostdin", "-hide_banner", "-loglevel", "error",
        "-protocol_whitelist", "pipe", "-format_whitelist", reading.demuxer, "-copyts",
        "-f", reading.demuxer, "-i", "pipe:0", "-map", "0:s:0", "-f", "ass", "pipe:1",
    ]  # fmt: skip
    # NUL ends a text for ffmpeg, though not for the players that are not built on it.
    data = reading.text.replace("\0", "\ufffd").encode("utf-8", "replace")
    return converting(command, data, timeout_s=_TIMEOUT_S)


def _seen_by(reading: Reading, wait: Callable[[], bytes]) -> tuple[Seen, ...] | None:
    try:
        out = wait()
    except MediaError:
        return None

    def shown(text: str) -> str:
        return reading.restored(text if reading.has_overrides else _literal(text))

    events = _EVENT.finditer(out.decode("utf-8", "replace"))
    return tuple(_seen(match, shown) for match in events) or None


def _literal(text: str) -> str:
    """Text of a format in which braces are text, but for the overrides that SubRip borrows."""
    return _BARE_BRACE.sub(_BRACE, _ESCAPED_BRACE.sub(_BRACE, text))


def _seen(match: re.Match[str], shown: Callable[[str], str]) -> Seen:
    numbers = [int(part) for part in match.groups()[:8]]
    start, end = (
        ((hours * 60 + minutes) * 60 + seconds) * 100 + hundredths
        for hours, minutes, seconds, hundredths in (numbers[:4], numbers[4:])
    )
    return Seen(start, end, shown(match[9].rstrip("\r")))


def read_data(
    data: bytes, form: str, *, parse: Callable[[str], StyledText] = StyledText.of
) -> tuple[Seen, ...]:
    """What is in a file of a format that subemo writes and ffmpeg does not read.

    Args:
        data: the whole file
        form: the name of its format
        parse: takes the markup off the text of its cues
    """
    return _plainly(FORMATS[form].cues_in(data), parse)


def _plainly(
    cues: Iterable[PlainCue], parse: Callable[[str], StyledText] = StyledText.of
) -> tuple[Seen, ...]:
    """Cues as ffmpeg would have them."""
    return tuple(
        Seen(
            min(start_ms // 10, LATEST_CS),
            min(end_ms // 10, LATEST_CS),
            to_ass(parse(text)),
        )
        for start_ms, end_ms, text in cues
    )
