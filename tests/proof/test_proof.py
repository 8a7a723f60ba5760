"""No word is lost, and every tag can be taken out again: proven on the bytes that are written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from subemo.annotation import Annotation
from subemo.captions import untag
from subemo.captions.record import Record
from subemo.core.emotions import Emotion
from subemo.core.errors import OutputError
from subemo.formats import FORMATS
from subemo.formats.registry import BLOCK_FORMATS
from subemo.proof.readback import read_back
from subemo.subtitles.document import Document
from subemo.subtitles.markup import StyledText
from subemo.tagging.annotation import AnnotatedFilm
from subemo.tagging.decisions import Decision, Reason
from subemo.tagging.policy import TagPolicy

from ..formats.build import EVERY, annotation

DCMP = replace(EVERY, preset="dcmp")
TIMES = "00:00:01,000 --> 00:00:02,000"
BYE = "2\n00:00:03,000 --> 00:00:04,000\nBye.\n"
ASS = (
    "[Script Info]\nScriptType: v4.00+\n\n[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, "
    "MarginR, MarginV, Effect, Text\nDialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,{}\n"
)


def srt(text: str) -> bytes:
    return f"1\n{TIMES}\n{text}\n\n{BYE}".encode()


def vtt(text: str) -> bytes:
    return f"WEBVTT\n\n00:01.000 --> 00:02.000\n{text}\n\n00:03.000 --> 00:04.000\nBye.\n".encode()


def words_seen(data: bytes, form: str) -> list[list[str]]:
    """What the strictest reader sees, tags aside."""
    view = read_back(data.decode(), form, thorough=True)[-1]
    assert view is not None
    return [[word for word in seen.words if word not in ("angrily", "an8")] for seen in view]


def problem_lines(made: AnnotatedFilm) -> list[int]:
    assert made.document is not None
    return [problem.line for problem in made.document.problems]


def tags(made: AnnotatedFilm) -> dict[int, Reason]:
    return {cue.index: cue.decision.reason for cue in made.cues}


def put_at(made: Annotation, places: Mapping[int, int]) -> Annotation:
    """The same film where tags would be put somewhere else in the file."""
    document = made.document
    assert document is not None
    offsets = tuple(
        replace(one, above=places.get(i, one.above), inline=places.get(i, one.inline))
        for i, one in enumerate(document.offsets)
    )
    return replace(made, document=replace(document, offsets=offsets))


class TestMarkupOnALineOfItsOwn:
    """As everyday SubRip has it: the rest of that line must not become an empty one."""

    @pytest.mark.parametrize(
        "first",
        ["{\\an8}", "\u200f", "<i>", "{\\an8}<i>", "<font color=red>", "\u2060", " {\\an8} "],
    )
    @pytest.mark.parametrize("policy", [EVERY, DCMP])
    def test_subrip(self, first: str, policy: TagPolicy, tmp_path: Path) -> None:
        data = srt(f"{first}\nGet out\nof here!")
        captions = annotation(data, policy=policy).proven()
        assert len(captions.annotation.tagged) == 2
        assert words_seen(captions.data, "srt") == [["get", "out", "of", "here"], ["bye"]]
        self.strips(captions.annotation, data, tmp_path / "a.srt")

    @pytest.mark.parametrize(
        "first", ["<v Ann>", "<v.loud Ann>", "\u200e", "<c.red>", "<00:01.500>"]
    )
    def test_webvtt(self, first: str, tmp_path: Path) -> None:
        data = vtt(f"{first}\nGet out\nof here!")
        captions = annotation(data, policy=DCMP).proven()
        assert len(captions.annotation.tagged) == 2
        assert words_seen(captions.data, "vtt") == [["get", "out", "of", "here"], ["bye"]]
        self.strips(captions.annotation, data, tmp_path / "a.vtt")

    @pytest.mark.parametrize("first", ["{\\an8}\\N", "\\N", "{\\p1}m 0 0 l 1 1{\\p0}", "\u200e\\N"])
    def test_substation(self, first: str, tmp_path: Path) -> None:
        data = ASS.format(first + "Get out").encode()
        captions = annotation(data, policy=DCMP).proven()
        assert len(captions.annotation.tagged) == 1
        (seen,) = words_seen(captions.data, "ass")
        assert seen[-2:] == ["get", "out"]
        # The tag is on the line above the words, and in no drawing.
        view = read_back(captions.data.decode(), "ass")[0]
        assert view is not None
        assert view[0].plain.text.endswith("[angrily]\\NGet out")
        self.strips(captions.annotation, data, tmp_path / "a.ass")

    @pytest.mark.parametrize("text", ["{\\an8}", "<i></i>", "\u200f", "{\\an8}\n<i></i>", " "])
    @pytest.mark.parametrize("form", ["srt", "vtt", "ass"])
    def test_a_cue_of_markup_alone_gets_no_tag(self, text: str, form: str, tmp_path: Path) -> None:
        data = {"srt": srt(text), "vtt": vtt(text), "ass": ASS.format(text).encode()}[form]
        made = annotation(data)
        if form == "vtt":  # where braces are words
            made = annotation(vtt(text.replace("{\\an8}", "<i>")))
        assert made.cues[0].decision.tag is None or (form == "ass" and "<i>" in text)
        path = tmp_path / f"a.{form}"
        made.save(path)
        assert made.document is not None
        assert untag(path, path.read_bytes(), needs_record=form == "srt").data == made.document.data

    def strips(self, made: AnnotatedFilm, data: bytes, path: Path) -> None:
        assert isinstance(made, Annotation)
        made.save(path)
        bare = untag(path, path.read_bytes(), needs_record=True)
        assert bare.data == data
        assert bare.warnings == ()


class TestTheGuaranteeItself:
    """With the readers' care taken away: a tag in a place where it does harm is given up."""

    @pytest.mark.parametrize("form", ["srt", "vtt"])
    def test_a_tag_that_would_empty_a_line(self, form: str) -> None:
        data = srt("{\\an8}\nGet out") if form == "srt" else vtt("<v Ann>\nGet out")
        made = annotation(data, policy=DCMP)
        marker = b"{\\an8}" if form == "srt" else b"<v Ann>"
        harmful = put_at(made, {0: data.index(marker) + len(marker)})
        assert words_seen(harmful.render(), form) != [["get", "out"], ["bye"]]
        captions = harmful.proven()
        assert captions.annotation.cues[0].decision.reason is Reason.LOST_IN_PLAYERS or (
            captions.annotation.cues[0].decision.reason is Reason.NOT_REVERSIBLE
        )
        assert captions.annotation.cues[1].decision.tag is Emotion.ANGRY
        assert words_seen(captions.data, form) == [["get", "out"], ["bye"]]

    @pytest.mark.parametrize("form", ["srt", "vtt"])
    def test_a_tag_in_the_times(self, form: str) -> None:
        data = srt("Get out") if form == "srt" else vtt("Get out")
        made = annotation(data)
        captions = put_at(made, {0: data.index(b"-->")}).proven()
        assert captions.annotation.cues[0].decision.tag is None
        assert words_seen(captions.data, form) == [["get", "out"], ["bye"]]

    @pytest.mark.parametrize("form", ["srt", "vtt"])
    def test_a_tag_behind_the_words(self, form: str) -> None:
        data = srt("Get out") if form == "srt" else vtt("Get out")
        captions = put_at(annotation(data), {0: data.index(b"Get out") + 7}).proven()
        if form == "srt":  # a record counts for where subemo puts tags alone
            assert captions.annotation.cues[0].decision.reason is Reason.NOT_REVERSIBLE
        assert untag_of(captions.data, captions.record, form) == data

    def test_words_that_a_record_cannot_prove(self) -> None:
        made = annotation(srt("Get out"))
        forged = replace(
            made,
            cues=tuple(
                replace(cue, decision=replace(cue.decision, text="I did NOT")) for cue in made.cues
            ),
        )
        captions = forged.proven()
        assert set(tags(captions.annotation).values()) == {Reason.NOT_REVERSIBLE}
        assert captions.data == srt("Get out")

    def test_everything_is_given_up_where_nothing_else_helps(self) -> None:
        data = srt("Get out")
        made = annotation(data)
        captions = put_at(made, {0: 0, 1: 0}).proven()
        assert captions.data == data
        assert captions.annotation.tagged == ()

    def test_mixed_line_endings_get_no_note(self, tmp_path: Path) -> None:
        data = b"WEBVTT\r\n\r\n00:01.000 --> 00:02.000\rGet out\n\n00:03.000 --> 00:04.000\nBye.\n"
        captions = annotation(data).proven()
        assert b"NOTE" not in captions.data
        path = tmp_path / "a.vtt"
        made = captions.annotation
        assert isinstance(made, Annotation)
        made.save(path)
        assert untag(path, path.read_bytes()).data == data


def untag_of(data: bytes, record: Record | None, form: str) -> bytes:
    from subemo.captions import untag_recorded
    from subemo.formats import reader_of

    return (untag_recorded(data, record) if record else reader_of(data).untag(data)).data


class TestOtherFormats:
    @pytest.mark.parametrize("form", sorted(FORMATS))
    @pytest.mark.parametrize(
        "text",
        ["a < b & c > d", "<chips>", "{y:i} yes", "I <3 you", "<1a> b", "{\\x} b", "x --> y", "\\N a",
         "&lt;b&gt;", "<!-- c -->", "{c:$f} d", "< b> e"],
    )  # fmt: skip
    def test_what_only_looks_like_markup_is_kept(self, text: str, form: str) -> None:
        for data in (srt(text), vtt(text.replace("-->", "to").replace("<", "&lt;")),
                     ASS.format(text).encode()):  # fmt: skip
            made = annotation(data)
            captions = made.proven(form)
            assert len(captions.annotation.written) == len(made.written)

    def test_words_that_would_be_lost_stop_the_run(self) -> None:
        made = annotation(srt("Get out of here"))
        first = replace(made.cues[0], styled_text=_styled_text("Get"))
        lossy = replace(made, cues=(first, *made.cues[1:]))
        assert lossy.proven("srt").data  # spliced into the input's bytes: nothing is lost
        for form in set(BLOCK_FORMATS) - {"srt"}:
            with pytest.raises(OutputError, match=rf"words would be lost in {form}"):
                lossy.proven(form)

    def test_a_word_is_not_replaced_by_a_tag_of_the_same_name(self) -> None:
        made = annotation(srt("angrily"))
        lossy = replace(
            made, cues=(replace(made.cues[0], styled_text=_styled_text("x")), *made.cues[1:])
        )
        with pytest.raises(OutputError, match="words would be lost"):
            lossy.proven("vtt")

    @pytest.mark.parametrize("form", ["vtt", "ass", "json", "tsv", "ttml"])
    def test_a_cue_without_times_stops_another_format_alone(self, form: str) -> None:
        """Its words have no place there: no player would show them."""
        data = srt("Hi").replace(b"00:00:03,000 --> 00:00:04,000", b"00:00:03 --> soon")
        made = annotation(data)
        assert problem_lines(made) == [6]
        assert b"Bye." in made.proven("srt").data
        with pytest.raises(OutputError, match=f"lost in {form}, in the cue of line 6, whose"):
            made.proven(form)

    @pytest.mark.parametrize("form", ["vtt", "ass", "json", "tsv", "ttml"])
    @pytest.mark.parametrize(
        "times", [b":00:03,000 --> 00:00:04,000", b"00:00:03,000 -x-> 00:00:04,000"]
    )
    def test_a_cue_whose_damaged_times_are_clear_has_its_words_everywhere(
        self, times: bytes, form: str
    ) -> None:
        data = srt("Hi").replace(b"00:00:03,000 --> 00:00:04,000", times)
        made = annotation(data)
        assert problem_lines(made) == [6]
        proven = made.proven(form)
        assert b"Bye." in proven.data
        if form in ("vtt", "ass"):
            seen = read_back(proven.data.decode(), form)[0]
            assert seen is not None
            assert [(one.start_cs, one.end_cs) for one in seen] == [(100, 200), (300, 400)]
        same = made.proven("srt")
        assert same.data == data.replace(b"Hi", b"[angrily] Hi")

    @pytest.mark.parametrize("form", sorted(FORMATS))
    @pytest.mark.parametrize("text", ["", "<i></i>", " "])
    def test_a_cue_without_words_costs_no_tag(self, form: str, text: str) -> None:
        made = annotation(
            srt("Hello there") + f"\n3\n00:00:05,000 --> 00:00:06,000\n{text}\n".encode()
        )
        assert [cue.index for cue in made.proven(form).annotation.tagged] == [0, 1]

    @pytest.mark.parametrize("form", ["vtt", "ass", "json"])
    def test_words_behind_an_empty_first_line_are_kept(self, form: str) -> None:
        """Players that are built on ffmpeg show them; browsers do not."""
        made = annotation(srt("\nHello there"))
        assert b"Hello there" in made.proven(form).data
        assert b"angrily" not in made.proven("srt").data.split(b"2\n")[0]

    def test_text_of_no_cue_is_named_by_line(self) -> None:
        data = vtt("Hi\n\nLost words") + b"\nOne\nTwo\n00:05.000 --> 00:06.000\nDay\n\nNOTE x\n"
        assert problem_lines(annotation(data)) == [6, 11]

    def test_nothing_to_write(self) -> None:
        made = annotation(srt("Hi"))
        empty = replace(made, document=None, cues=())
        for form in BLOCK_FORMATS:
            with pytest.raises(OutputError, match="nothing to write"):
                empty.proven(form)
        assert empty.proven("json").data


def _styled_text(text: str) -> StyledText:
    return StyledText.of(text)


def test_extended_cues_are_explained(tmp_path: Path) -> None:
    made = annotation(srt("Get out"))
    longer = replace(
        made,
        cues=tuple(
            replace(cue, decision=replace(cue.decision, end_ms=cue.end_ms + 400))
            for cue in made.cues
        ),
    )
    captions = longer.proven()
    assert len(captions.annotation.tagged) == 2
    path = tmp_path / "a.srt"
    longer.save(path)
    assert untag(path, path.read_bytes(), needs_record=True).data == srt("Get out")


def test_cues_of_the_same_times_each_keep_their_tag() -> None:
    data = f"1\n{TIMES}\nOne\n\n2\n{TIMES}\nTwo\n\n3\n{TIMES}\nThree\n".encode()
    made = annotation(data)
    assert len(made.proven().annotation.tagged) == 3
    some = replace(
        made,
        cues=(
            replace(made.cues[0], decision=Decision(None, Reason.UNSURE)),
            *made.cues[1:],
        ),
    )
    assert len(some.proven().annotation.tagged) == 2


def test_an_encoding_that_is_guessed_is_in_the_record(tmp_path: Path) -> None:
    text = "Où êtes-vous, Hélène? Là-bas, près de la forêt, où l'été ne finit jamais."
    data = srt(text).decode().encode("cp1252")
    made = annotation(data, language="de")
    assert isinstance(made.document, Document) and made.document.encoding.is_guess
    path = tmp_path / "a.srt"
    made.save(path)
    bare = untag(path, path.read_bytes(), needs_record=True)
    assert bare.data == data
    assert bare.removed == 2
