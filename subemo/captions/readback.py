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
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from xml.parsers import expat

from ..errors import MediaError
from ..media import ffmpeg_executable, run_with_input
from .markup import Rich, parse_ass, to_ass

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
        return replace(self, text=parse_ass(self.text).plain.replace("\n", r"\N"))

    @property
    def words(self) -> tuple[str, ...]:
        """Its words, without markup and punctuation, in lower case."""
        # ffmpeg knows few of WebVTT's character references. Where it takes the times of a
        # cue for text, they are no words.
        lines = html.unescape(self.plain.text).split(r"\N")
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
    readings = _readings(text, form)
    with ThreadPoolExecutor(len(readings)) as pool:
        views = tuple(pool.map(lambda reading: _read(*reading), readings))
    if thorough and form != "ass":
        views += (_read_leniently(readings[-1][1]),)
    return views


def _readings(text: str, form: str) -> list[tuple[str, str]]:
    """The demuxers that read a format, and the text that each gets."""
    if form == "srt":
        # Where an empty line is, is what counts here, not how a line ends.
        lined = re.sub(r"\r\n?", "\n", text)
        dotted = _SRT_TIMES.sub(r"\1\2:\3:\4.\5\6\7:\8:\9.\g<10>", lined)
        return [("srt", text), ("webvtt", f"WEBVTT\n\n{dotted}")]
    return [({"vtt": "webvtt", "ass": "ass"}[form], text)]


def _read(demuxer: str, text: str) -> tuple[Seen, ...] | None:
    command = [
        ffmpeg_executable(), "-nostdin", "-hide_banner", "-loglevel", "error",
        "-protocol_whitelist", "pipe", "-format_whitelist", demuxer, "-copyts",
        "-f", demuxer, "-i", "pipe:0", "-map", "0:s:0", "-f", "ass", "pipe:1",
    ]  # fmt: skip
    # NUL ends a text for ffmpeg, though not for the players that are not built on it.
    data = text.replace("\0", "\ufffd").encode("utf-8", "replace")
    try:
        out = run_with_input(command, data, timeout_s=_TIMEOUT_S)
    except MediaError:
        return None
    seen = [_seen(match) for match in _EVENT.finditer(out.decode("utf-8", "replace"))]
    if demuxer != "ass":
        seen = [replace(one, text=_literal(one.text)) for one in seen]
    return tuple(seen) or None


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
            to_ass(Rich.of(caption.text)),
        )
        for caption in captions.captions
    ]
    return tuple(seen) or None


def _seen(match: re.Match[str]) -> Seen:
    numbers = [int(part) for part in match.groups()[:8]]
    start, end = (
        ((hours * 60 + minutes) * 60 + seconds) * 100 + hundredths
        for hours, minutes, seconds, hundredths in (numbers[:4], numbers[4:])
    )
    return Seen(start, end, match[9].rstrip("\r"))


def read_data(data: bytes, form: str) -> tuple[Seen, ...]:
    """What is in a file of a format that subemo writes and ffmpeg does not read.

    Args:
        data: the whole file
        form: json, tsv or ttml
    """
    return tuple(
        Seen(min(start_ms // 10, LATEST_CS), min(end_ms // 10, LATEST_CS), to_ass(Rich.of(text)))
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
