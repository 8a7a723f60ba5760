"""Sounds between cues, as cues of subemo's own: read by players, and taken out to the byte."""

from __future__ import annotations

import json
import random
import re
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subemo.annotation import Annotation
from subemo.captions import parse_document, untag
from subemo.captions.record import Record, RecordedSoundCue, read_record, record_path
from subemo.captions.removal import untag_marked, untag_recorded
from subemo.core.errors import OutputError, SubtitleError
from subemo.core.sounds import SCENE_SOUNDS, SOUNDS, FilmSound, SceneSound, Sound
from subemo.core.version import __version__
from subemo.formats.registry import FORMATS, READERS_BY_NAME, RECORDED
from subemo.render.films import as_utf8, drawn_text
from subemo.subtitles.document import Document
from subemo.tagging.policy import TagPolicy
from subemo.tagging.presets import PRESETS
from subemo.tagging.sounds import SoundCue
from subemo.tagging.vocabulary import languages

from ..conftest import vocabulary_in
from ..formats.attack import examples, mutated
from ..formats.build import annotation
from ..formats.every import READABLE, composed, line_break

GOLDEN = Path(__file__).parents[1] / "golden" / "formats"
TIMES = [(10_000, 13_000), (20_000, 24_000), (30_000, 33_000)]


def own(
    start_ms: int, sound: FilmSound = Sound.LAUGH, *, language: str = "en", preset: str = "netflix"
) -> SoundCue:
    text = PRESETS[preset].tag(sound, vocabulary_in(language))
    return SoundCue(start_ms, start_ms + 1_500, sound, text, 0.9)


def film(form: str, cues: tuple[SoundCue, ...], *, policy: TagPolicy | None = None) -> Annotation:
    texts = [f"Well,{line_break(form)}yes {i}." for i in range(len(TIMES))]
    made = annotation(
        composed(form, texts, TIMES).encode(), policy=policy or TagPolicy(min_confidence=1)
    )
    return replace(made, sound_cues=cues)


AROUND = (own(5_000), own(15_000, Sound.SOB), own(40_000, Sound.COUGH), own(45_000))
SCENE = (
    own(5_000, SceneSound.MUSIC),
    own(15_000, SceneSound.APPLAUSE),
    own(40_000, SceneSound.MUSIC),
)


@pytest.mark.parametrize("every", [False, True])
@pytest.mark.parametrize("form", READABLE)
def test_they_stand_in_order_of_time_and_are_taken_out_to_the_byte(
    form: str, every: bool, tmp_path: Path
) -> None:
    made = film(form, AROUND, policy=TagPolicy(policy="every") if every else None)  # type: ignore[arg-type]
    assert made.document is not None
    path = tmp_path / f"film{FORMATS[form].suffixes[0]}"
    made.save(path, form)
    written = path.read_bytes()
    cues = parse_document(written, path=path).cues
    assert [cue.start_ms // 1000 for cue in cues] == [5, 10, 15, 20, 30, 40, 45]
    shown = READERS_BY_NAME[form].parse(cues[2].text).plain.strip()
    assert shown == "[sobs]"
    bare = untag(path, written)
    assert (bare.data, bare.removed) == (made.document.data, len(AROUND) + (3 if every else 0))
    # What is annotated anew is the input's.
    assert parse_document(bare.data, path=path).cues == made.document.cues


@pytest.mark.parametrize(("name", "cues"), [("sound-cues", AROUND), ("scene-cues", SCENE)])
@pytest.mark.parametrize("form", sorted(FORMATS))
def test_golden(form: str, name: str, cues: tuple[SoundCue, ...]) -> None:
    """To make them anew: write what `proven` gives for each format to these files, and read the difference."""
    written = film("srt", cues).proven(form).data
    written = written.replace(__version__.encode(), b"VERSION")
    assert written == (GOLDEN / f"{name}{FORMATS[form].suffixes[0]}").read_bytes()


@pytest.mark.parametrize("form", READABLE)
def test_music_and_other_sounds_of_the_scene_are_taken_out_to_the_byte(
    form: str, tmp_path: Path
) -> None:
    made = film(form, SCENE)
    assert made.document is not None
    path = tmp_path / f"film{FORMATS[form].suffixes[0]}"
    made.save(path, form)
    written = path.read_bytes()
    assert written.decode().count("[♪]") == 2
    assert b"[applause]" in written
    bare = untag(path, written)
    assert (bare.data, bare.removed) == (made.document.data, len(SCENE))


@pytest.mark.parametrize("form", READABLE)
def test_an_authors_own_sign_of_music_stays(form: str, tmp_path: Path) -> None:
    texts = ["[♪]", "♪ La la la ♪", "[applause]"]
    made = annotation(composed(form, texts, TIMES).encode(), policy=TagPolicy(min_confidence=1))
    made = replace(made, sound_cues=SCENE)
    path = tmp_path / f"film{FORMATS[form].suffixes[0]}"
    made.save(path, form)
    assert made.document is not None
    bare = untag(path, path.read_bytes())
    assert (bare.data, bare.removed) == (made.document.data, len(SCENE))
    assert untag_marked(READERS_BY_NAME[form], made.document.data).removed == 0


@pytest.mark.parametrize("form", READABLE)
def test_an_encoding_without_the_sign_keeps_the_other_cues(form: str) -> None:
    made = film(form, ())
    assert made.document is not None
    data = made.document.data.decode().replace("yes", "Café").encode("cp1252")
    cues = (*SCENE, own(50_000))
    proven = replace(annotation(data, policy=TagPolicy(min_confidence=1)), sound_cues=cues).proven()
    assert [cue.text for cue in proven.annotation.sound_cues] == ["[applause]", "[laughs]"]
    assert any(
        "2 of 4 sounds between cues are left out: [♪]" in line
        for line in proven.annotation.warnings
    )


@pytest.mark.parametrize("form", READABLE)
def test_without_any_the_captions_are_what_they_were(form: str) -> None:
    made = film(form, ())
    assert made.document is not None
    assert made.proven().data == made.document.data


def test_numbers_of_the_input_stay() -> None:
    written = film("srt", AROUND).proven().data.decode()
    numbers = re.findall(r"^(\d+)\n[\d:,]+ --> ", written, re.MULTILINE)
    assert numbers == ["4", "1", "5", "2", "3", "6", "7"]


@pytest.mark.parametrize("tail", ["", "\n", "\n\n", "\n\n\n"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("form", READABLE)
def test_however_the_file_ends(form: str, newline: str, tail: str) -> None:
    made = film(form, ())
    assert made.document is not None
    text = (made.document.data.decode().rstrip("\n") + tail).replace("\n", newline)
    again = replace(
        annotation(text.encode(), policy=TagPolicy(min_confidence=1)), sound_cues=AROUND
    )
    proven = again.proven()
    # Where lines end as those of old Macs, ffmpeg sees no name of a cue at the head of a WebVTT file.
    lost = form == "vtt" and newline == "\r"
    assert len(proven.annotation.sound_cues) == len(AROUND) - lost
    assert proven.annotation.sound_cues == AROUND[lost:]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("form", READABLE)
def test_however_the_file_is_encoded(form: str, encoding: str) -> None:
    made = film(form, ())
    assert made.document is not None
    data = made.document.data.decode().replace("yes", "Café").encode(encoding)
    again = replace(annotation(data, policy=TagPolicy(min_confidence=1)), sound_cues=AROUND)
    assert len(again.proven().annotation.sound_cues) == len(AROUND)


_LOOKS = [
    *((preset, "en") for preset in sorted(PRESETS)),
    *(("netflix", language) for language in languages()),
]


@pytest.mark.parametrize("form", READABLE)
def test_in_every_house_style_and_language(form: str) -> None:
    every: tuple[FilmSound, ...] = (*SOUNDS, *SCENE_SOUNDS)
    for preset, language in _LOOKS:
        cues = tuple(
            own(15_000 if i == 0 else 40_000 + 5_000 * i, sound, language=language, preset=preset)
            for i, sound in enumerate(every)
        )
        proven = film(form, cues).proven()
        assert len(proven.annotation.sound_cues) == len(cues), (language, preset)


@pytest.mark.parametrize("source", READABLE)
@pytest.mark.parametrize("form", sorted(FORMATS))
def test_every_format_has_them(source: str, form: str) -> None:
    written = film(source, AROUND).proven(form).data.decode()
    assert all(cue.text in written for cue in AROUND)


def test_films_carry_and_draw_them() -> None:
    made = film("srt", AROUND)
    for form in ("srt", "ass", "vtt"):
        assert b"[sobs]" in as_utf8(made, form)
    assert "[sobs]" in drawn_text(made)


def test_data_name_them_beside_the_cues_of_the_input() -> None:
    content = json.loads(film("srt", AROUND).proven("json").data)
    assert len(content["cues"]) == len(TIMES)
    assert [one["tag"] for one in content["sound_cues"]] == ["laugh", "sob", "cough", "laugh"]
    assert "sound_cues" not in json.loads(film("srt", ()).proven("json").data)


def test_where_a_file_is_broken_they_stay_out_and_the_rest_is_as_it_was() -> None:
    """A cue whose line of times directly follows text: no block can be put between the two."""
    data = b"1\n00:00:10,000 --> 00:00:13,000\nOne.\n00:00:20,000 --> 00:00:23,000\nTwo.\n"
    made = replace(annotation(data, policy=TagPolicy(min_confidence=1)), sound_cues=(own(15_000),))
    proven = made.proven()
    if not proven.annotation.sound_cues:
        assert proven.data == data
        assert any("left out" in line for line in proven.annotation.warnings)
    assert proven.record is not None
    assert untag_recorded(proven.data, proven.record).data == data


@pytest.mark.parametrize("form", sorted(RECORDED))
def test_a_forged_record_takes_nobodys_cue(form: str, tmp_path: Path) -> None:
    """What the author wrote stays, whatever a record says of it."""
    made = film(form, AROUND)
    path = tmp_path / f"film{FORMATS[form].suffixes[0]}"
    made.save(path, form)
    record, data = read_record(record_path(path)), path.read_bytes()
    assert made.document is not None
    cue = made.document.offsets[0].span
    assert cue is not None
    whole = made.document.data[slice(*cue)].decode()
    forged = RecordedSoundCue(sha256(whole.encode()).hexdigest(), whole)
    bare = untag_recorded(data, Record(record.sha256, (), added=(forged,)))
    assert (bare.data, bare.removed) == (data, 0)
    wide = [replace(one, written=f"{whole}\n{one.written}") for one in record.added]
    assert untag_recorded(data, replace(record, added=tuple(wide))).data == data


@pytest.mark.parametrize("form", READABLE)
def test_one_that_a_person_changed_stays_or_goes_whole(form: str, tmp_path: Path) -> None:
    made = film(form, (own(15_000),))
    path = tmp_path / f"film{FORMATS[form].suffixes[0]}"
    made.save(path, form)
    changed = path.read_bytes().replace(b"[laughs]", b"[cackles]")
    assert made.document is not None
    bare = untag(path, changed)
    assert bare.data == changed


_TEXTS = st.lists(
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=12),
    min_size=1,
    max_size=4,
)


@given(texts=_TEXTS, form=st.sampled_from(READABLE), at=st.sets(st.integers(0, 8), max_size=3))
def test_whatever_the_words_are_strip_gives_the_input_back(
    texts: list[str], form: str, at: set[int]
) -> None:
    times = [(10_000 * i + 3_000, 10_000 * i + 6_000) for i in range(len(texts))]
    data = composed(form, texts, times).encode()
    cues = tuple(own(10_000 * i + 7_000) for i in sorted(at))
    made = replace(annotation(data), sound_cues=cues)
    proven = made.proven()
    path = Path(f"film{FORMATS[form].suffixes[0]}")
    if proven.record is not None:
        assert untag_recorded(proven.data, proven.record).data == data
    else:
        assert untag(path, proven.data).data == data


@pytest.mark.parametrize("seed", range(12))
def test_however_damaged_the_file_is_strip_gives_it_back(seed: int) -> None:
    check_damaged(seed)


def check_damaged(seed: int) -> int:
    """Puts cues into a damaged file, and says how many stayed.

    Where the file is none, there is nothing to do.
    """
    chance = random.Random(seed)
    data = mutated(chance.choice(examples()).read_bytes(), chance)
    try:
        document = parse_document(data, path=Path("film.subs"))
    except SubtitleError:
        return 0
    bare = untagged(document, None)
    if bare != data:
        document = parse_document(bare, path=Path("film.subs"))
    starts = (chance.randrange(0, 12_000), chance.randrange(13_000, 40_000), 50_000)
    made = replace(annotation(document), sound_cues=tuple(own(start) for start in starts))
    try:
        proven = made.proven()
    except OutputError:
        return 0
    assert untagged(replace(document, data=proven.data), proven.record) == document.data
    return len(proven.annotation.sound_cues)


def untagged(document: Document, record: Record | None) -> bytes:
    """What `strip` makes of a file."""
    if record is not None:
        return untag_recorded(document.data, record).data
    return untag_marked(READERS_BY_NAME[document.form], document.data).data
