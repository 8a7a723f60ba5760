"""Every format: golden files, other readers, and text that would like to be more than text."""

from __future__ import annotations

import io
import json
import subprocess
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pysrt
import pysubs2
import pytest
import webvtt
from hypothesis import given
from hypothesis import strategies as st
from pysubs2.formats import FORMAT_IDENTIFIERS

from subemo.captions import parse_document
from subemo.core.emotions import EMOTIONS
from subemo.formats import FORMATS
from subemo.media import ffmpeg_executable
from subemo.subtitles.document import Cue
from subemo.tagging.annotation import AnnotatedCue
from subemo.tagging.colours import OKABE_ITO
from subemo.tagging.policy import PolicyKind, TagPolicy
from subemo.tagging.presets import PRESETS

from .build import annotation
from .every import READABLE

GOLDEN = Path(__file__).parents[1] / "golden" / "formats"
FILM = """\
1
00:00:01,000 --> 00:00:03,000
Get out!

2
00:00:04,000 --> 00:00:06,000
<i>- JOHN: "Fish & <chips>"?</i>
- {\\an8} Yes --> no.

3
00:00:07,000 --> 00:00:09,500
{\\an8}Привет, مرحبا, 你好 😀
""".encode()
HOSTILE = [
    "<script>alert(1)</script>", "{\\an8}{\\p1}m 0 0", "--> ", "00:00:01,000 --> 00:00:02,000",
    "NUL\0NUL", "x" * 100_000, "\u202eabc\u2066", "😀\u200d👩", "\ufeff", "a\\Nb", "&lt;b&gt;", "]]>",
    "<!--", "NOTE x", "\x1b[31m", "\x85\u2028", "\ud800",
]  # fmt: skip
EMOTIONS_OF = dict(enumerate(EMOTIONS))


def file_of(texts: list[str]) -> bytes:
    # A VTT, since that can hold any character of these in its text.
    blocks = "".join(f"00:{i:02}.000 --> 00:{i:02}.900\n{text}\n\n" for i, text in enumerate(texts))
    return f"WEBVTT\n\n{blocks}".encode("utf-8", "surrogateescape")


@pytest.mark.parametrize("preset", sorted(PRESETS))
@pytest.mark.parametrize("form", sorted(FORMATS))
def test_golden(form: str, preset: str) -> None:
    made = annotation(FILM, policy=TagPolicy(policy=PolicyKind.EVERY, preset=preset))
    ours = made.render(form, colours=OKABE_ITO)
    assert ours == (GOLDEN / f"{preset}{FORMATS[form].suffixes[0]}").read_bytes()


@pytest.mark.parametrize("form", ["ass", "ttml", "vtt"])
def test_golden_of_coloured_words(form: str) -> None:
    made = annotation(FILM, policy=TagPolicy(policy=PolicyKind.EVERY))
    ours = made.render(form, colours=replace(OKABE_ITO, of_words=True))
    assert ours == (GOLDEN / f"words{FORMATS[form].suffixes[0]}").read_bytes()


def times(cues: Iterable[Cue | AnnotatedCue]) -> list[tuple[int, int]]:
    return [(cue.start_ms, cue.end_ms) for cue in cues]


class TestOtherReaders:
    made = annotation(FILM, EMOTIONS_OF)
    expected = ((1_000, 3_000), (4_000, 6_000), (7_000, 9_500))

    @pytest.mark.parametrize("form", sorted({*READABLE} & {*FORMAT_IDENTIFIERS}))
    def test_pysubs2(self, form: str) -> None:
        subs = pysubs2.SSAFile.from_string(self.made.render(form, colours=OKABE_ITO).decode())
        assert tuple((event.start, event.end) for event in subs) == self.expected
        for event, tag in zip(subs, ("[neutral]", "[calmly]", "[happily]"), strict=True):
            assert tag in event.plaintext

    def test_pysrt(self) -> None:
        subs = pysrt.from_string(self.made.render("srt").decode())
        assert tuple((s.start.ordinal, s.end.ordinal) for s in subs) == self.expected

    def test_webvtt(self) -> None:
        captions = webvtt.from_buffer(io.BytesIO(self.made.render("vtt", colours=OKABE_ITO)))
        assert next(caption.text.split("]")[0] for caption in captions.captions) == "[neutral"
        assert len(captions) == 3
        assert len(captions.styles) == 1

    @pytest.mark.parametrize("form", READABLE)
    def test_ffmpeg(self, tmp_path: Path, form: str) -> None:
        path = tmp_path / f"film.{form}"
        path.write_bytes(self.made.render(form, colours=OKABE_ITO))
        out = tmp_path / "again.srt"
        subprocess.run(
            [ffmpeg_executable(), "-nostdin", "-loglevel", "error", "-i", path, out], check=True
        )
        cues = parse_document(out.read_bytes(), path=out).cues
        shown = [cue for cue in cues if cue.text.strip()]  # LRC has blanks that end a cue
        assert tuple(times(shown)) == self.expected

    def test_ttconv(self) -> None:
        import ttconv.imsc.reader
        from ttconv import model

        tree = ET.ElementTree(ET.fromstring(self.made.render("ttml", colours=OKABE_ITO)))
        body = ttconv.imsc.reader.to_model(tree).get_body()
        paragraphs = [node for node in body.dfs_iterator() if isinstance(node, model.P)]
        assert (
            tuple((round(p.get_begin() * 1000), round(p.get_end() * 1000)) for p in paragraphs)
            == self.expected
        )
        said = [
            "".join(t.get_text() for t in p.dfs_iterator() if isinstance(t, model.Text))
            for p in paragraphs
        ]
        assert said[0] == "[neutral] Get out!"
        assert said[1].startswith('- JOHN: [calmly] "Fish & <chips>"?')

    def test_json(self) -> None:
        cues = json.loads(self.made.render("json"))["cues"]
        assert tuple((cue["start"], cue["end"]) for cue in cues) == self.expected

    def test_tsv(self) -> None:
        rows = [line.split("\t") for line in self.made.render("tsv").decode().splitlines()]
        assert {len(row) for row in rows} == {21}
        assert len(rows) == 4


class TestHostileText:
    @pytest.mark.parametrize("text", HOSTILE)
    @pytest.mark.parametrize("form", sorted(FORMATS))
    def test_a_file_stays_whole(self, form: str, text: str) -> None:
        source = file_of(["before", text.replace("\ud800", "\udcff"), "after"])
        made = annotation(source)
        data = made.render(form)
        count = len(made.cues)
        if form in READABLE:
            worded = sum(cue.styled_text.has_words for cue in made.cues)
            has_blanks = form != "lrc"  # where a line without words ends a cue
            found = len(parse_document(data, path=Path("x")).cues)
            assert found == (count if has_blanks else worded)
        elif form == "ttml":
            assert len(list(ET.fromstring(data).iter("{http://www.w3.org/ns/ttml}p"))) == count
        elif form == "tsv":
            assert len(data.decode().split("\n")) == count + 2
        else:
            assert len(json.loads(data)["cues"]) == count

    def test_no_script_in_a_page_of_ours(self) -> None:
        source = b"1\n00:00:01,000 --> 00:00:02,000\n<script>alert(1)</script>\n"
        for form in ("vtt", "ttml"):
            assert b"<script" not in annotation(source).render(form)

    @given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60))
    def test_any_text_in_any_format(self, text: str) -> None:
        lines = [line for line in text.replace("-->", "").splitlines() if line]
        source = file_of(["\n".join(lines)])
        made = annotation(source)
        for form in FORMATS:
            data = made.render(form)
            if form == "lrc" and not made.cues[0].styled_text.has_words:
                continue  # a line without words is no cue there, it takes one away
            if form in READABLE:
                again = parse_document(data, path=Path("x"))
                assert times(again.cues) == times(made.cues)


class TestTtml:
    """EBU Tech 3380: what a document must have."""

    def test_structure(self) -> None:
        tt = "{http://www.w3.org/ns/ttml}"
        xml = "{http://www.w3.org/XML/1998/namespace}"
        root = ET.fromstring(annotation(FILM).render("ttml", colours=OKABE_ITO))
        assert root.tag == f"{tt}tt"
        assert root.get("{http://www.w3.org/ns/ttml#parameter}timeBase") == "media"
        assert root.get(f"{xml}lang") == "en"
        assert [child.tag for child in root] == [f"{tt}head", f"{tt}body"]
        head = root[0]
        assert [child.tag for child in head] == [f"{tt}metadata", f"{tt}styling", f"{tt}layout"]
        ids = [node.get(f"{xml}id") for node in root.iter() if node.get(f"{xml}id")]
        assert len(ids) == len(set(ids))
        for node in root.iter():
            assert set((node.get("style") or "").split()) <= set(ids)
            assert node.get("region") in (None, *ids)
        (division,) = root[1]
        assert division.tag == f"{tt}div"
        for paragraph in division:
            assert paragraph.tag == f"{tt}p"
            assert paragraph.attrib["begin"] < paragraph.attrib["end"]
            assert {child.tag for child in paragraph} <= {f"{tt}span", f"{tt}br"}


def test_srt_has_no_colours_and_every_colour_has_its_word() -> None:
    plain, coloured = (annotation(FILM).render("ass", colours=c) for c in (None, OKABE_ITO))
    assert b"\\1c&H" not in plain
    assert b"{\\1c&H337AFF&}[angrily]{\\1c}" in coloured
    vtt = annotation(FILM).render("vtt", colours=OKABE_ITO)
    assert b"::cue(.subemo.angry) { color: #FF7A33 }" in vtt


def test_an_authors_own_colour_is_given_back() -> None:
    source = (
        b"[Script Info]\n\n[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, "
        b"MarginV, Effect, Text\nDialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,"
        b"{\\an8\\c&H00FF00&}Hi, {\\i1}you{\\i0}\n"
    )
    made = annotation(source).render(colours=OKABE_ITO)
    assert (
        b"{\\an8\\c&H00FF00&}{=subemo angry}{\\1c&H337AFF&}[angrily]{\\1c&H00FF00&}{=} Hi" in made
    )


def test_nothing_shown_nothing_changed() -> None:
    for form, source in (("srt", FILM), ("vtt", file_of(["Hi"]))):
        made = annotation(source, policy=TagPolicy(min_confidence=1))
        assert made.render(form) == source
