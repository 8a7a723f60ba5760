"""Subtitle files as the world writes them: every cue is read, tagged, and given back."""

from __future__ import annotations

import codecs
import re
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from subemo.captions import parse_document, untag
from subemo.media.ffmpeg import ffmpeg_executable
from subemo.subtitles.document import CueOffsets
from subemo.tagging.decisions import Reason

from .build import EVERY, annotation
from .every import READABLE, composed

TIMES = [(1_000, 2_000), (3_000, 4_000)]

#: A word and its language's encodings of the time before UTF-8.
WORDS = {
    "cp1250": "Zażółć gęślą jaźń. Příliš žluťoučký kůň úpěl ďábelské ódy. Szőlő, tűz.",
    "cp1251": "Съешь же ещё этих мягких французских булок, да выпей чаю. Уйди отсюда!",
    "cp1252": "Voix ambiguë d'un cœur qui préfère les jattes de kiwis. Größe, Ärger – naïve.",
    "gb18030": "你好，我们走吧。他们在说什么？我不知道，我害怕。快跑！",
    "shift_jis": "こんにちは、世界。いったい何が起こったのですか？逃げろ！",
    "koi8-r": "Съешь же ещё этих мягких французских булок, да выпей чаю. Уйди отсюда!",
    "euc-kr": "안녕하세요. 무슨 일이 있었나요? 우리는 지금 떠나야 합니다!",
}


def srt(text: str = "Hello.", times: str = "00:00:01,000 --> 00:00:02,000") -> str:
    return f"1\n{times}\n{text}\n\n2\n00:00:03,000 --> 00:00:04,000\nBye.\n"


def check(data: bytes, form: str, tmp_path: Path, *, encoding: str | None = None) -> list[Any]:
    """Tags every cue; what is read, and what is left without the tags, is what was there."""
    document = parse_document(data, path=tmp_path / f"film.{form}", encoding=encoding)
    made = annotation(document)
    path = tmp_path / f"film.emo.{form}"
    made.save(path)
    tagged = path.read_bytes()
    again = parse_document(tagged, path=path, encoding=encoding)
    assert [(c.start_ms, c.end_ms) for c in again.cues] == [
        (c.start_ms, c.end_ms) for c in document.cues
    ]
    bare = untag(path, tagged, needs_record=True, encoding=encoding)
    assert bare.data == data
    assert bare.removed == len(made.proven().annotation.tagged)
    worded = [cue for cue in document.cues if cue.text.strip()]
    # A cue whose times are damaged is one that players do not show, and has no tag.
    assert len(made.tagged) == sum(document.offsets[cue.index] != CueOffsets() for cue in worded)
    return list(document.cues)


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", WORDS)
@pytest.mark.parametrize("form", READABLE)
def test_encodings_of_one_and_two_bytes(
    tmp_path: Path, form: str, encoding: str, newline: str
) -> None:
    words = WORDS[encoding]
    text = composed(form, [words, "Bye."], TIMES)
    data = text.replace("\n", newline).encode(encoding)
    for named in (encoding, None):
        cues = check(data, form, tmp_path, encoding=named)
        assert [(cue.start_ms, cue.end_ms) for cue in cues] == TIMES
        if named is not None:
            assert cues[0].text == words
        (tmp_path / f"film.emo.{form}").unlink()
        (tmp_path / f"film.emo.{form}.tags.json").unlink(missing_ok=True)


@pytest.mark.parametrize("mark", [True, False])
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16(tmp_path: Path, encoding: str, mark: bool) -> None:
    bom = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}[encoding]
    cues = check(bom * mark + srt("Ça va?").encode(encoding), "srt", tmp_path)
    assert [(cue.start_ms, cue.end_ms) for cue in cues] == TIMES
    assert cues[0].text == "Ça va?"


NASTIES = {
    "no numbers": (
        "00:00:01,000 --> 00:00:02,000\nHello.\n\n00:00:03,000 --> 00:00:04,000\nBye.\n", TIMES,
    ),
    "numbers that jump": (srt().replace("1\n00", "907\n00").replace("2\n00", "3\n00"), TIMES),
    "dots in times": (srt().replace(",", "."), TIMES),
    "no hours": (srt(times="00:01,000 --> 00:02,000"), TIMES),  # a warning names it
    "hours beyond 99": (
        srt(times="123:00:01,000 --> 123:00:02,000"), [(442_801_000, 442_802_000), TIMES[1]],
    ),
    "overlapping": (srt(times="00:00:01,000 --> 00:00:09,000"), [(1_000, 9_000), TIMES[1]]),
    "unsorted": (srt(times="00:00:05,000 --> 00:00:06,000"), [(5_000, 6_000), TIMES[1]]),
    "at the same time": (srt(times="00:00:03,000 --> 00:00:04,000"), [TIMES[1], TIMES[1]]),
    "of no length": (srt(times="00:00:01,000 --> 00:00:01,000"), [(1_000, 1_000), TIMES[1]]),
    "carriage returns alone": (srt("A\nB").replace("\n", "\r"), TIMES),
    "mixed ends of lines": (srt("A\nB").replace("\n", "\r\n", 3), TIMES),
    "a byte order mark twice": ("\ufeff\ufeff" + srt(), TIMES),
    "a byte order mark in the middle": (srt().replace("2\n00", "\ufeff2\n00"), TIMES),
    "a byte order mark in the text": (srt("\ufeffHello."), TIMES),
    "a style left open": (srt("<i>Hello"), TIMES),
    "a style closed that never began": (srt("Hello</i>"), TIMES),
    "half a style": (srt("<font color=\"red\nHello"), TIMES),
    "an override left open": (srt("{\\an8 Hello"), TIMES),
    "styles in each other's way": (srt("<i><b>Hello</i></b>"), TIMES),
    "no end of line at the end": (srt().rstrip("\n"), TIMES),
    "many empty lines": (srt().replace("\n\n", "\n\n\n\n\n"), TIMES),
    "spaces that are none": (srt("\u00a0\u200b\u3000Hello"), TIMES),
    "NUL": (srt("He\0llo"), TIMES),
    "an end of text": (srt("Hello\x1a"), TIMES),
    "form feeds and line separators": (srt("A\x0cB\x85C\u2028D"), TIMES),
    "a line of 100,000": (srt("x" * 100_000), TIMES),
    "10,000 lines": (srt("x\n" * 10_000 + "y"), TIMES),
}  # fmt: skip


@pytest.mark.parametrize("name", NASTIES)
def test_srt_as_the_world_writes_it(tmp_path: Path, name: str) -> None:
    text, times = NASTIES[name]
    cues = check(text.encode(), "srt", tmp_path)
    assert [(cue.start_ms, cue.end_ms) for cue in cues] == times


def test_a_negative_time_is_named_and_kept(tmp_path: Path) -> None:
    data = srt(times="-00:00:01,000 --> 00:00:02,000").encode()
    cues = check(data, "srt", tmp_path)
    problems = parse_document(data, path=tmp_path / "a.srt").problems
    assert cues[-1].text == "Bye."
    assert len(cues) == 2 or [problem.line for problem in problems] == [2]


def test_a_sub_of_another_kind_is_refused(tmp_path: Path) -> None:
    """MicroDVD, SAMI, a web page, a picture: named for what they are not."""
    from subemo.core.errors import SubtitleError

    for text in (b"{1}{25}Hello|you\n", b"<SAMI><BODY></BODY></SAMI>", b"<html></html>",
                 b"\x89PNG\r\n\x1a\n" + bytes(99), b"", b"\n\n\n"):  # fmt: skip
        with pytest.raises(SubtitleError):
            parse_document(text, path=tmp_path / "a.srt")


@pytest.mark.parametrize("form", ["srt", "ass"])  # of others ffmpeg reads no UTF-16
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("preset", ["emoji", "netflix"])
def test_the_bytes_that_are_written_are_shown(
    form: str, newline: str, encoding: str, preset: str, tmp_path: Path
) -> None:
    """ffmpeg reads UTF-16 with surrogates right with CRLF alone."""
    text = composed(form, ["Hello there", "Bye"], [(2_000, 5_000), (6_000, 8_000)])
    data = ("\ufeff" + text.replace("\n", newline)).encode(encoding)
    made = annotation(data, policy=replace(EVERY, preset=preset))
    captions = made.proven()
    assert captions.data.startswith(data[:2])
    path = tmp_path / f"film.{form}"
    path.write_bytes(captions.data)
    command = [ffmpeg_executable(), "-nostdin", "-v", "error", "-i", str(path), "-f", "srt", "-"]
    shown = subprocess.run(command, capture_output=True, check=False).stdout.decode()
    assert re.findall("Hello there|Bye", shown) == ["Hello there", "Bye"]
    tags = len(captions.annotation.tagged)
    assert tags in ((0, 2) if preset == "emoji" else (2,))
    if not tags:
        assert {cue.decision.reason for cue in captions.annotation.cues} == {Reason.LOST_IN_PLAYERS}
