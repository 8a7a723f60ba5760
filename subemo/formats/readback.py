"""Captions as a player reads them: by ffmpeg, which shares no code with the readers here.

ffmpeg is asked as the players that are built on it would: it finds the cues and
takes the markup off. SubRip has no standard, so it is read in two ways: up to
the next cue's times, as ffmpeg's own reader does, and up to the next empty
line, as browsers and pysrt do.
"""

from __future__ import annotations

import csv
import html
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache, lru_cache
from xml.parsers import expat

from ..core.errors import MediaError
from ..media import converting, ffmpeg_executable
from ..subtitles.markup import StyledText, parse_ass, to_ass

#: The latest time that Advanced SubStation has, which stands for all that is later.
LATEST_CS = 10 * 360_000 - 1

#: How long ffmpeg may take, in seconds; what takes longer is not read.
_TIMEOUT_S = 60
#: A time as SubRip has it, which WebVTT writes with a dot.
_SRT_TIMES = re.compile(
    r"^([ \t]*)(\d{1,9}):(\d\d):(\d\d)[,.](\d\d\d)([ \t]*-->[ \t]*)(\d{1,9}):(\d\d):(\d\d)[,.](\d\d\d)",
    re.MULTILINE,
)
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
        form: the name of its format: srt, vtt or ass
        thorough: whether webvtt-py is asked, too: where something is malformed, ffmpeg
            sees nothing of what follows in WebVTT

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
    readings = _readings(text, form)
    with ExitStack() as stack:
        running = [
            (demuxer, stack.enter_context(_reading(demuxer, text))) for demuxer, text in readings
        ]

        @cache
        def views() -> Views:
            seen = tuple(_seen_by(demuxer, wait) for demuxer, wait in running)
            is_asked = thorough and form != "ass"
            return (*seen, _read_leniently(readings[-1][1])) if is_asked else seen

        yield views


def _readings(text: str, form: str) -> list[tuple[str, str]]:
    """The demuxers that read a format, and the text that each gets."""
    if form == "srt":
        # Where an empty line is, is what counts here, not how a line ends.
        lined = re.sub(r"\r\n?", "\n", text)
        dotted = _SRT_TIMES.sub(r"\1\2:\3:\4.\5\6\7:\8:\9.\g<10>", lined)
        return [("srt", text), ("webvtt", f"WEBVTT\n\n{dotted}")]
    return [({"vtt": "webvtt", "ass": "ass"}[form], text)]


def _reading(demuxer: str, text: str) -> AbstractContextManager[Callable[[], bytes]]:
    command = [
        ffmpeg_executable(), "-nostdin", "-hide_banner", "-loglevel", "error",
        "-protocol_whitelist", "pipe", "-format_whitelist", demuxer, "-copyts",
        "-f", demuxer, "-i", "pipe:0", "-map", "0:s:0", "-f", "ass", "pipe:1",
    ]  # fmt: skip
    # NUL ends a text for ffmpeg, though not for the players that are not built on it.
    data = text.replace("\0", "\ufffd").encode("utf-8", "replace")
    return converting(command, data, timeout_s=_TIMEOUT_S)


def _seen_by(demuxer: str, wait: Callable[[], bytes]) -> tuple[Seen, ...] | None:
    try:
        out = wait()
    except MediaError:
        return None
    shown = str if demuxer == "ass" else _literal
    events = _EVENT.finditer(out.decode("utf-8", "replace"))
    return tuple(_seen(match, shown) for match in events) or None


def _literal(text: str) -> str:
    """Text of a format in which braces are text, but for the overrides that SubRip borrows."""
    return _BARE_BRACE.sub(_BRACE, _ESCAPED_BRACE.sub(_BRACE, text))


def _read_leniently(text: str) -> tuple[Seen, ...] | None:
    """What webvtt-py sees, which steps over what ffmpeg stops at."""
    import webvtt
    from webvtt.errors import MalformedFileError

    try:
        captions = webvtt.from_string(text)
    except (MalformedFileError, ValueError, IndexError):
        return None
    seen = [
        Seen(
            min(caption.start_time.in_milliseconds() // 10, LATEST_CS),
            min(caption.end_time.in_milliseconds() // 10, LATEST_CS),
            to_ass(StyledText.of(caption.text)),
        )
        for caption in captions.captions
    ]
    return tuple(seen) or None


def _seen(match: re.Match[str], shown: Callable[[str], str]) -> Seen:
    numbers = [int(part) for part in match.groups()[:8]]
    start, end = (
        ((hours * 60 + minutes) * 60 + seconds) * 100 + hundredths
        for hours, minutes, seconds, hundredths in (numbers[:4], numbers[4:])
    )
    return Seen(start, end, shown(match[9].rstrip("\r")))


def read_data(data: bytes, form: str) -> tuple[Seen, ...]:
    """What is in a file of a format that subemo writes and ffmpeg does not read.

    Args:
        data: the whole file
        form: json, tsv or ttml
    """
    return tuple(
        Seen(
            min(start_ms // 10, LATEST_CS),
            min(end_ms // 10, LATEST_CS),
            to_ass(StyledText.of(text)),
        )
        for start_ms, end_ms, text in _DATA_READERS[form](data)
    )


def _read_json(data: bytes) -> Iterator[tuple[int, int, str]]:
    for cue in json.loads(data)["cues"]:
        yield cue["start"], cue["end"], cue["text"]


def _read_tsv(data: bytes) -> Iterator[tuple[int, int, str]]:
    text = io.StringIO(data.decode(), newline="\n")
    for row in csv.DictReader(text, delimiter="\t", quoting=csv.QUOTE_NONE):
        yield int(row["start"]), int(row["end"]), re.sub(r"\\[nrt]", "\n", row["text"])


def _read_ttml(data: bytes) -> Iterator[tuple[int, int, str]]:
    cues: list[tuple[int, int, list[str]]] = []
    parser = expat.ParserCreate(namespace_separator=" ")

    def start(name: str, attributes: dict[str, str]) -> None:
        if name.endswith(" p"):
            cues.append((_clock(attributes["begin"]), _clock(attributes["end"]), []))
        elif name.endswith(" br"):
            characters("\n")

    def characters(text: str) -> None:
        if cues:
            cues[-1][2].append(text)

    parser.StartElementHandler = start
    parser.CharacterDataHandler = characters
    parser.Parse(data, True)
    return ((start_ms, end_ms, "".join(parts)) for start_ms, end_ms, parts in cues)


def _clock(text: str) -> int:
    hours, minutes, seconds = text.split(":")
    whole, _, thousandths = seconds.partition(".")
    return ((int(hours) * 60 + int(minutes)) * 60 + int(whole)) * 1000 + int(thousandths)


_DATA_READERS: Mapping[str, Callable[[bytes], Iterator[tuple[int, int, str]]]] = {
    "json": _read_json,
    "tsv": _read_tsv,
    "ttml": _read_ttml,
}
