"""Plain, tagged, stripped: the same bytes again, whatever was in the file before."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subemo.captions import parse_document, read_document, untag
from subemo.captions.record import record_path
from subemo.core.emotions import EMOTIONS, Emotion
from subemo.core.errors import SubtitleError
from subemo.formats import FORMATS, RECORDED
from subemo.formats.registry import READERS_BY_NAME
from subemo.subtitles.markup import StyledText
from subemo.tagging.colours import OKABE_ITO, Palette
from subemo.tagging.policy import PolicyKind, TagPolicy
from subemo.tagging.presets import PRESETS

from ..formats.build import EVERY, annotation
from ..formats.every import READABLE, composed, line_break

SRT = "{i}\n00:00:{s:02},000 --> 00:00:{e:02},500\n{text}\n\n"
VTT = "cue-{i}\n00:{s:02}.000 --> 00:00:{e:02}.500 align:start\n{text}\n\n"
ASS = "Dialogue: 0,0:00:{s:02}.00,0:00:{e:02}.50,Default,Ann,0,0,0,,{text}\n"
HEADS = {
    "srt": "",
    "vtt": "WEBVTT - a film\nKind: captions\n\nNOTE by hand\n\nSTYLE\n::cue { color: red }\n\n",
    "ass": (
        "[Script Info]\n; by hand\nTitle: A film\n\n[V4+ Styles]\nFormat: Name, Fontname\n"
        "Style: Default,Arial\n\n[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, "
        "MarginR, MarginV, Effect, Text\nComment: 0,0:00:00.00,0:00:01.00,Default,,0,0,0,,no cue\n"
    ),
}
TEMPLATES = {"srt": SRT, "vtt": VTT, "ass": ASS}
#: Among them what a person wrote that looks like ours.
texts = st.sampled_from(
    [
        "Hello.", "- Hello.", "- Who?{n}- Me.", "[angrily] Get out!", "[angrily]{n}Get out!",
        "ANGRILY: No.", "JOHN: No.", "<i>Hello.</i>", "<i>- Hello.</i>", "{{\\an8}}Hello.",
        "<v Ann>Hello &amp; bye.</v>", "😠 No.", "{{=}}Hm", "<c.loud>Hm</c>", "Ça va ?", " indented",
        "\u200fبغضب", "\u2067مرحبا", "[", "{{\\i1}}- {{\\i0}}Hm", "a" * 60,
    ]
)  # fmt: skip
presets = st.sampled_from(sorted(PRESETS))
languages = st.sampled_from(["en", "de", "ar", "ja"])


def compose(form: str, many: list[str], newline: str) -> bytes:
    breaks = line_break(form)
    if form not in TEMPLATES:
        own = [text.format(n=breaks) for text in many]
        times = [(2000 * i, 2000 * i + 1500) for i in range(1, len(many) + 1)]
        return composed(form, own, times).replace("\n", newline).encode()
    body = "".join(
        TEMPLATES[form].format(i=i, s=2 * i, e=2 * i + 1, text=text.format(n=breaks))
        for i, text in enumerate(many, 1)
    )
    return (HEADS[form] + body).replace("\n", newline).encode()


@pytest.mark.parametrize("form", READABLE)
@given(
    many=st.lists(texts, min_size=1, max_size=5),
    newline=st.sampled_from(["\n", "\r\n"]),
    preset=presets,
    language=languages,
    emotion=st.sampled_from(EMOTIONS),
    colours=st.sampled_from([None, OKABE_ITO, replace(OKABE_ITO, of_words=True)]),
    sparse=st.booleans(),
    mark=st.sampled_from([b"", b"\xef\xbb\xbf"]),
)
def test_strip_gives_the_same_bytes(
    tmp_path_factory: pytest.TempPathFactory,
    form: str,
    many: list[str],
    newline: str,
    preset: str,
    language: str,
    emotion: Emotion,
    colours: Palette | None,
    sparse: bool,
    mark: bytes,
) -> None:
    plain = mark + compose(form, many, newline)
    policy = TagPolicy(
        policy=PolicyKind.SPARSE if sparse else PolicyKind.EVERY,
        min_confidence=0.5,
        preset=preset,
        extend=True,
        cues_per_tag=1,
        ms_per_tag=0,
    )
    made = annotation(plain, dict.fromkeys(range(9), emotion), policy=policy, language=language)
    path = tmp_path_factory.mktemp("strip") / f"film.emo.{form}"
    made.save(path, colours=colours if FORMATS[form].has_colours else None)
    tagged = path.read_bytes()
    assert sparse or tagged != plain
    bare = untag(path, tagged, needs_record=True)
    assert bare.data == plain
    assert bare.removed == len(made.tagged)
    assert bare.warnings == ()
    # Our own output, read again, is what it was made of.
    assert read_document(path).data == plain


@pytest.mark.parametrize("form", READABLE)
@given(many=st.lists(texts, min_size=1, max_size=5), preset=presets)
def test_every_cue_comes_out(form: str, many: list[str], preset: str) -> None:
    plain = compose(form, many, "\n")
    before = parse_document(plain, path=Path("x"))
    made = annotation(before, policy=replace(EVERY, preset=preset))
    after = parse_document(made.render(), path=Path("x"))
    assert len(after.cues) == len(before.cues)
    for old, new in zip(before.cues, after.cues, strict=True):
        assert (new.start_ms, new.end_ms, new.speaker) == (old.start_ms, old.end_ms, old.speaker)
        rest = new.text
        for char in old.text:  # what was there is still there, in order
            at = rest.find(char)
            assert at >= 0
            rest = rest[at + 1 :]


@pytest.mark.parametrize(
    ("source", "form", "preset"),
    [
        (source, form, preset)
        for place, (source, form) in enumerate(product(READABLE, READABLE))
        # Each form in every preset, each two forms in one.
        for preset in (
            sorted(PRESETS) if source == form else [sorted(PRESETS)[place % len(PRESETS)]]
        )
    ],
)
def test_a_conversion_can_be_stripped(tmp_path: Path, source: str, form: str, preset: str) -> None:
    plain = compose(source, ["Hello.", "- <i>Who</i>?{n}- Me.", "[angrily] No."], "\n")
    policy = replace(EVERY, preset=preset)
    with_tags = annotation(plain, policy=policy)
    without = annotation(plain, policy=TagPolicy(min_confidence=1))
    path = tmp_path / f"out.{form}"
    with_tags.save(path, form)
    bare = untag(path, path.read_bytes(), needs_record=True)
    assert bare.removed == 3
    ours, plain_cues = (
        [(c.start_ms, c.end_ms, c.text) for c in parse_document(data, path=path).cues]
        for data in (bare.data, without.render(form))
    )
    assert ours == plain_cues


@pytest.mark.parametrize("form", READABLE)
@pytest.mark.parametrize("preset", sorted(PRESETS))
def test_cues_that_hold_the_tag_alone(tmp_path: Path, form: str, preset: str) -> None:
    if form == "lrc":
        pytest.skip("without the tag, no cue is left: a line without words ends a cue")
    found = annotation(compose("srt", ["a", "b"], "\n"), policy=replace(EVERY, preset=preset))
    wordless = tuple(replace(cue, styled_text=StyledText(())) for cue in found.cues)
    path = tmp_path / f"film.emo.{form}"
    replace(found, document=None, cues=wordless).save(path, form)
    bare = untag(path, path.read_bytes(), needs_record=True)
    assert bare.removed == 2
    cues = parse_document(bare.data, path=path).cues
    assert [(cue.start_ms, cue.end_ms, cue.text.strip()) for cue in cues] == [
        (2000, 3500, ""),
        (4000, 5500, ""),
    ]


class TestRecord:
    def tagged(self, tmp_path: Path) -> Path:
        path = tmp_path / "film.emo.srt"
        annotation(compose("srt", ["One.", "[angrily] Two.", "Three."], "\n")).save(path)
        return path

    def test_a_human_tag_stays(self, tmp_path: Path) -> None:
        path = self.tagged(tmp_path)
        assert path.read_bytes().count(b"[angrily]") == 4
        bare = untag(path, path.read_bytes(), needs_record=True)
        assert bare.data.count(b"[angrily]") == 1

    def test_what_a_person_changed_since_is_left_alone(self, tmp_path: Path) -> None:
        path = self.tagged(tmp_path)
        edited = path.read_bytes().replace(b"[angrily] One.", b"[FURIOUSLY] One.")
        bare = untag(path, edited, needs_record=True)
        assert b"[FURIOUSLY] One." in bare.data
        assert b"\nThree." in bare.data
        assert bare.removed == 2
        assert "1 of 3 tags" in bare.warnings[0]

    def test_without_a_record_nothing_is_ours(self, tmp_path: Path) -> None:
        path = self.tagged(tmp_path)
        record_path(path).unlink()
        assert untag(path, path.read_bytes()).removed == 0
        with pytest.raises(SubtitleError, match=r"film\.emo\.srt\.tags\.json is missing"):
            untag(path, path.read_bytes(), needs_record=True)

    @pytest.mark.parametrize(
        "content",
        ["", "[]", "{}", '{"subemo_record": 1}', '{"subemo_record": 2}', "[" * 100_000,
         '{"subemo_record": 1, "sha256": "", "changes": [{"start": "0"}]}',
         '{"subemo_record": 1, "sha256": "", "changes": [{"start": 1, "end": 2, "written": 3}]}'],
    )  # fmt: skip
    def test_a_broken_record(self, tmp_path: Path, content: str) -> None:
        path = self.tagged(tmp_path)
        record_path(path).write_text(content)
        with pytest.raises(SubtitleError, match="record"):
            untag(path, path.read_bytes())

    def test_only_some_formats_need_one(self) -> None:
        assert set(FORMATS) > RECORDED


@pytest.mark.parametrize(
    "text",
    [
        "x <c.subemo.sad>[sadly]</c> y",
        "y <c.subemo.sad>[sadly]</c>",
        "Hello\ny <c.subemo.sad>[sadly]</c> there",
        "- Hi <c.subemo.sad>[sadly]</c> there",
        "<c.subemo.sad>[sadly]</c> <c.subemo.sad>[sadly]</c> twice",
    ],
)
def test_a_mark_where_subemo_puts_none_is_somebodys(text: str) -> None:
    data = f"WEBVTT\n\n00:12.000 --> 00:15.000\n{text}\n".encode()
    ours = "<c.subemo.sad>[sadly]</c> "
    expected = data.replace(ours.encode(), b"", 1) if text.startswith(ours) else data
    assert READERS_BY_NAME["vtt"].untag(data).data == expected


@pytest.mark.parametrize("form", [form for form in READABLE if form != "lrc"])
def test_a_longer_cue_in_another_format_is_as_long_as_before(form: str, tmp_path: Path) -> None:
    """Whose cues have an end of their own."""
    other = "vtt" if form == "srt" else "srt"
    source = composed(other, ["Hello", "Bye"], [(1_000, 2_000), (9_000, 10_000)])
    film = annotation(source.encode())
    longer = [replace(c.decision, end_ms=c.end_ms + 400) for c in film.cues]
    pairs = zip(film.cues, longer, strict=True)
    made = replace(film, cues=tuple(replace(c, decision=decision) for c, decision in pairs))
    path = tmp_path / f"film.emo.{form}"
    made.save(path)
    tagged = parse_document(path.read_bytes(), path=path)
    assert [cue.end_ms for cue in tagged.cues] == [2_400, 10_400]
    bare = untag(path, path.read_bytes())
    assert bare.removed == 2
    assert [cue.end_ms for cue in parse_document(bare.data, path=path).cues] == [2_000, 10_000]
