"""The words of tagged cues in their tag's colour: in every format that has colours, and out again."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from subemo.captions import untag
from subemo.core.emotions import Emotion
from subemo.tagging.colours import OKABE_ITO, Palette
from subemo.tagging.policy import PolicyKind, TagPolicy

from .build import annotation

FILM = b"""\
1
00:00:01,000 --> 00:00:03,000
Get out!

2
00:00:04,000 --> 00:00:06,000
<i>- JOHN: No!</i>
"""


def vtt_of(texts: list[str]) -> bytes:
    blocks = "".join(f"00:{i:02}.000 --> 00:{i:02}.990\n{text}\n\n" for i, text in enumerate(texts))
    return f"WEBVTT\n\n{blocks}".encode()


WORDS = replace(OKABE_ITO, of_words=True)


class TestColouredWords:
    """The words of tagged cues in the colour of the tag, and never without one."""

    def test_webvtt(self) -> None:
        made = annotation(vtt_of(["- <i>Hi</i>\nyou", "No."])).render(colours=WORDS).decode()
        assert (
            "<c.subemo-words.angry.intense>- <i><c.subemo.angry>[angrily]</c> Hi</i>\nyou</c>\n"
            in made
        ) or "<c.subemo-words.angry.intense>- <c.subemo.angry>[angrily]</c> <i>Hi</i>" in made
        assert "::cue(.subemo-words.angry) { color: #FF7A33 }" in made
        assert "::cue(.subemo-words.intense) { font-weight: bold }" in made

    @pytest.mark.parametrize("form", ["vtt", "ass", "ttml"])
    def test_of_another_format(self, form: str) -> None:
        made = annotation(FILM)
        plain, tags, words = (
            made.render(form, colours=colours).decode() for colours in (None, OKABE_ITO, WORDS)
        )
        assert len({plain, tags, words}) == 3
        spans = {"vtt": "<c.subemo-words.angry.intense>", "ass": "[angrily]{\\b1}{=}",
                 "ttml": "emotion-angry bold"}  # fmt: skip
        assert words.count(spans[form]) == len(made.cues)
        assert spans[form] not in plain + tags

    @pytest.mark.parametrize("form", ["vtt", "ass", "ttml"])
    def test_of_two_speakers_no_words_have_one_ones_colour(self, form: str) -> None:
        both = annotation(vtt_of(["- Who?\n- Me."]))
        tags, words = (both.render(form, colours=colours) for colours in (OKABE_ITO, WORDS))
        assert tags.split(b"Who")[1] == words.split(b"Who")[1]

    def test_none_without_a_tag(self) -> None:
        policy = TagPolicy(min_confidence=0.6)
        moods = {0: Emotion.ANGRY, 1: Emotion.NEUTRAL}
        source = vtt_of(["Out!", "Fine."])
        made = annotation(source, moods, policy=policy)
        assert [cue.tag_text for cue in made.cues] == ["[angrily]", None]
        for form in ("vtt", "ass"):
            text = made.render(form, colours=WORDS).decode()
            assert "Fine." in [line.split(",,")[-1] for line in text.splitlines()]

    @pytest.mark.parametrize("form", ["vtt", "ass"])
    def test_what_is_not_intense_is_not_bold(self, form: str) -> None:
        made = annotation(FILM, policy=TagPolicy(policy=PolicyKind.EVERY, strong_confidence=0.95))
        assert not re.search(r"\.intense>|\\b1", made.render(form, colours=WORDS).decode())

    @pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
    def test_what_a_person_wrote_behind_stays(self, newline: str) -> None:
        source = vtt_of(["<c.loud>Hi</c>", "No."]).replace(b"\n", newline.encode())
        tagged = annotation(source).render(colours=WORDS)
        assert tagged.count(b"subemo-words") >= 2
        assert untag(Path("film.vtt"), tagged).data == source
        edited = tagged.replace(b"</c>" + newline.encode(), b"</c>!" + newline.encode(), 1)
        assert b"subemo-words" in untag(Path("film.vtt"), edited).data  # whose end is not known

    def test_a_strangers_span_without_a_tag_stays(self) -> None:
        source = vtt_of(["<c.subemo-words.angry>Hi</c>"])
        assert untag(Path("film.vtt"), source).data == source

    @pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
    @pytest.mark.parametrize("colours", [OKABE_ITO, WORDS])
    def test_ffmpeg_before_styles_shows_the_cues(
        self, newline: str, colours: Palette, tmp_path: Path
    ) -> None:
        program = shutil.which("ffmpeg")
        if program is None:
            pytest.skip("needs a second ffmpeg: version 5.1 ends at a block of styles")
        source = vtt_of(["Hi", "No."]).replace(b"\n", newline.encode())
        path = tmp_path / "film.vtt"
        path.write_bytes(annotation(source).render(colours=colours))
        command = [program, "-nostdin", "-v", "error", "-i", str(path), "-f", "srt", "-"]
        shown = subprocess.run(command, capture_output=True, check=True).stdout.decode()
        assert re.findall(r"\[angrily\] \w+", re.sub("<[^>]*>", "", shown)) == [
            "[angrily] Hi",
            "[angrily] No",
        ]
        assert untag(path, path.read_bytes()).data == source
        made = annotation(FILM).render("vtt", colours=colours)
        path.write_bytes(made)
        assert subprocess.run(command, capture_output=True, check=True).stdout.count(b"-->") == 2
