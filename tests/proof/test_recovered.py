"""Cues whose damaged times were recovered: no part of them has a place in the file, and nothing assumes one."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subemo.captions import parse_document, untag
from subemo.captions.removal import untag_recorded
from subemo.core.errors import OutputError, SubemoError, SubtitleError
from subemo.formats.registry import FORMATS
from subemo.proof import prove
from subemo.review.edits import edited_track
from subemo.review.judgements import Judgement
from subemo.sources.lookup import SubtitleTrack
from subemo.tagging.colours import OKABE_ITO
from subemo.tagging.policy import TagPolicy

from ..formats.build import annotation
from ..formats.every import READABLE, composed
from .test_sound_cues import own

TIMES = [(1_000, 3_000), (10_000, 13_000), (20_000, 24_000)]
#: What typing and text recognition make of times.
_DAMAGE: dict[str, Callable[[str], str]] = {
    "colon": lambda line: re.sub(r"[.,](\d{2,3}\b)", r":\1", line),
    "no hour": lambda line: re.sub(r"(?<![\d:])0+:(?=\d\d:)", "", line, count=1),
    "no fraction": lambda line: re.sub(r"[.,]\d{2,3}\b", "", line),
    "letter": lambda line: line.replace("-->", "-x->"),
    "cut": lambda line: line[: line.rfind(",")] if line.startswith("Dialogue") else line[:-1],
    "minus": lambda line: re.sub(r"\d+:", r"-\g<0>", line, count=1),
    "sound": lambda line: line,
}
_TIMES_LINE = re.compile(
    r"^(?:Dialogue:.*|.*-->.*|\[\d+\]\[\d+\].*|\d+:\d\d:\d\d\.\d{3},.*)$", re.M
)
DAMAGED_ASS = (
    "[Script Info]\nScriptType: v4.00+\n\n[V4+ Styles]\nFormat: Name, Fontname, Fontsize\n"
    "Style: Default,Arial,20\n\n[Events]\n"
    "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
    "Dialogue: 0,0:00:02:00,0:00:05:10,Default,,0,0,0,,One line here\n"
    "Dialogue: 0,0:00:06:20,0:00:08:40,Default,,0,0,0,,Another line\n"
)


def damaged(form: str, how: list[str]) -> bytes:
    left = list(how)
    text = composed(form, ["Well, yes.", "- Oh no!", "Bye."], TIMES)
    return _TIMES_LINE.sub(lambda line: _DAMAGE[left.pop(0)](line[0]), text).encode()


def test_sound_cues_beside_recovered_cues_alone() -> None:
    made = annotation(DAMAGED_ASS.encode(), policy=TagPolicy(min_confidence=1))
    captions = replace(made, sound_cues=(own(20_000),)).proven()
    assert [cue.start_ms for cue in parse_document(captions.data, path=Path("x.ass")).cues] == [
        2_000,
        6_200,
        20_000,
    ]
    assert untag(Path("x.ass"), captions.data).data == DAMAGED_ASS.encode()


@given(
    form=st.sampled_from(READABLE),
    how=st.lists(st.sampled_from(sorted(_DAMAGE)), min_size=3, max_size=3),
    extend=st.booleans(),
    colours=st.sampled_from([None, OKABE_ITO, replace(OKABE_ITO, of_words=True)]),
    at=st.sets(st.integers(0, 3), max_size=3),
    output=st.sampled_from(sorted(FORMATS)),
)
def test_recovered_cues(
    form: str, how: list[str], extend: bool, colours: object, at: set[int], output: str
) -> None:
    data = damaged(form, how)
    try:
        document = parse_document(data, path=Path("film.subs"))
    except SubtitleError:
        return  # no cue is left
    made = annotation(document, policy=TagPolicy(policy="every", extend=extend))  # type: ignore[arg-type]
    made = replace(made, sound_cues=tuple(own(8_000 * i + 4_500) for i in sorted(at)))
    captions = prove(made, document.form, colours=colours)  # type: ignore[arg-type]
    if captions.record is None:
        bare = untag(Path("film.subs"), captions.data)
    else:
        bare = untag_recorded(captions.data, captions.record)
    assert bare.data == data
    try:
        prove(made, output, colours=colours)  # type: ignore[arg-type]
    except OutputError as error:
        assert error.remedy


@pytest.mark.parametrize("form", READABLE)
@given(
    how=st.lists(st.sampled_from(sorted(_DAMAGE)), min_size=3, max_size=3),
    index=st.integers(0, 2),
    change=st.sampled_from(
        [
            {"text": "Other words."},
            {"start_ms": 500},
            {"end_ms": 25_500},
            {"start_ms": 10_200, "end_ms": 12_000},
        ]
    ),
)
def test_judgements_of_recovered_cues(
    form: str, how: list[str], index: int, change: dict[str, object]
) -> None:
    data = damaged(form, how)
    try:
        document = parse_document(data, path=Path("film.subs"))
        judged = {min(index, len(document.cues) - 1): Judgement(**change)}  # type: ignore[arg-type]
        track = edited_track(SubtitleTrack(document, Path("film.subs"), None, ""), judged)
    except SubemoError as error:
        assert str(error)
        return
    prove(annotation(track.document), track.document.form)
