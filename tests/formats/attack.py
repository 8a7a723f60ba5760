"""Subtitle files gone wrong, and readers that subemo's proof does not use to judge what came of them.

`mutated` spoils a file in the ways that the world does. `complaints` tags every
cue of a file, proves and writes the captions, and asks pysrt, pysubs2 and
webvtt-py whether all words are where they were, at their times.
"""

from __future__ import annotations

import random
import re
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pysrt
import pysubs2
import webvtt

from subemo.captions import parse_document, untag
from subemo.core.emotions import EMOTIONS
from subemo.core.errors import OutputError, SubtitleError
from subemo.formats.registry import READ_SUFFIXES
from subemo.tagging.presets import PRESETS

from .build import EVERY, annotation

GOLDEN = Path(__file__).parents[1] / "golden" / "formats"

_PIECES = [
    b"\n", b"\r", b"\r\n", b"\n\n", b"{\\an8}", b"{\\an8}\n", b"<i>", b"</i>", b"<i>\n", b"-->", b"<v Bob>",
    b"<v Bob>\n", b"\xe2\x80\x8f", b"\xe2\x80\x8f\n", b" ", b"\t", b"1\n", b"\xff", b"\xc3", b"<", b">",
    b"00:00:01,000 --> 00:00:02,000\n", b"{", b"}", b"\\N", b"{\\p1}", b"{\\p0}", b"&amp;", b"&",
    b"[sadly] ", b"- ", b"NOTE ", b"STYLE\n", b"\x00", b"<c.subemo.sad>[sadly]</c> ", b"\xef\xbb\xbf",
    b"{=subemo sad}[sadly]{=} ", b"\xe2\x80\xa8", b"\x0c", b"\x85", b"\x1c", b"<c.subemo.sad>", b"{y:i}",
]  # fmt: skip

_MPL2_STYLES = re.compile(r"((?:(?<![^\r\n])\[\d+\]\[\d+\]|\|)[ \t]*)[/\\_]+")

Cues = list[tuple[int, Counter[str]]]
#: What a reader sees of a text in a format; None where it does not read that.
Reader = Callable[[str, str], "Cues | None"]


def examples() -> list[Path]:
    """Subtitle files of each format that can be read."""
    return sorted(path for path in GOLDEN.iterdir() if path.suffix in READ_SUFFIXES)


def mutated(data: bytes, chance: random.Random) -> bytes:
    """*data* with a few pieces put in, taken out, repeated, or bytes changed."""
    spoilt = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(spoilt) + 1)
        if chance.random() < 0.6:
            at = chance.choice([match.end() for match in re.finditer(rb"\n|^", bytes(spoilt))])
        how = chance.random()
        if how < 0.6:
            spoilt[at:at] = chance.choice(_PIECES)
        elif how < 0.75:
            del spoilt[at : at + chance.randint(1, 8)]
        elif how < 0.9:
            start = chance.randrange(len(spoilt) + 1)
            spoilt[at:at] = spoilt[start : start + chance.randint(1, 40)]
        elif spoilt:
            spoilt[min(at, len(spoilt) - 1)] = chance.randrange(256)
    return bytes(spoilt)


def complaints(
    data: bytes, folder: Path, chance: random.Random, readers: Sequence[Reader] | None = None
) -> Iterator[str]:
    """What is wrong with the captions that subemo makes of *data*; nothing where all is well."""
    try:
        bare = untag(Path("film.subs"), data).data
        document = parse_document(bare, path=Path("film.subs"))
    except SubtitleError:
        return
    made = annotation(
        document,
        {cue.index: chance.choice(EMOTIONS) for cue in document.cues},
        policy=replace(EVERY, preset=chance.choice(sorted(PRESETS))),
        language=chance.choice(["en", "de", "ar", "ja"]),
    )
    path = folder / f"film.emo.{document.form}"
    try:
        made.save(path, overwrite=True)
    except OutputError as error:
        if "cannot be written in" not in str(error):
            yield str(error)
        return
    after = path.read_bytes()
    stripped = untag(path, after)
    if stripped.data != bare and len(made.proven().annotation.tagged):
        yield "strip gives another file"
    for reader in readers or (read_by_pysrt, read_by_pysubs2, read_by_webvtt):
        old, new = (
            reader(text.decode(document.encoding.name, "replace"), document.form)
            for text in (bare, after)
        )
        yield from _compared(old, new, getattr(reader, "__name__", "a reader"))


def _compared(before: Cues | None, after: Cues | None, reader: str) -> Iterator[str]:
    if before is None:
        return
    if after is None or len(after) < len(before):
        yield f"{reader}: {len(before)} cues, then {after and len(after)}"
        return
    if len(after) > len(before):  # it understands something that it did not before
        old, new = (sum((words for _, words in cues), Counter()) for cues in (before, after))
        if old - new:
            yield f"{reader}: {sorted(old - new)} are missing"
        return
    for (start, words), (new_start, new_words) in zip(before, after, strict=True):
        if start != new_start:
            yield f"{reader}: a cue at {start} ms, then at {new_start} ms"
        if words - new_words:
            yield f"{reader}: at {start} ms {sorted(words - new_words)} are missing"


def _words(text: str) -> Counter[str]:
    return Counter(re.findall(r"[^\W_]+", re.sub(r"<[^>]*>|\{[^}]*\}|\\[Nnh]", " ", text).lower()))


def read_by_pysrt(text: str, form: str) -> Cues | None:
    if form != "srt":
        return None
    try:
        return [(cue.start.ordinal, _words(cue.text)) for cue in pysrt.from_string(text)]
    except Exception:  # it is not subemo's to read everything
        return None


def read_by_pysubs2(text: str, form: str) -> Cues | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if form == "mpl2":  # of whose styles it knows italics alone
                text = _MPL2_STYLES.sub(r"\1", text.lstrip("\ufeff"))
            subs = pysubs2.SSAFile.from_string(text.lstrip("\ufeff"), format_=form)
    except Exception:
        return None
    return [(cue.start, _words(cue.text)) for cue in subs]


def read_by_webvtt(text: str, form: str) -> Cues | None:
    if form == "ass":
        return None
    try:
        subs = webvtt.from_buffer([text.lstrip("\ufeff")], format=form)
    except Exception:
        return None
    return [(cue.start_time.in_milliseconds(), _words(cue.text)) for cue in subs.captions]
