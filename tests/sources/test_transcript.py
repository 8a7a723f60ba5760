from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from subemo.sources.transcript import break_lines, compose
from subemo.tagging.limits import ReadingLimits, limits_for
from subemo.transcription.words import Word

LIMITS = ReadingLimits()


def spoken(text: str, *, start_ms: int = 0, ms: int = 300) -> list[Word]:
    return [
        Word(start_ms + i * ms, start_ms + (i + 1) * ms - 20, f" {word}")
        for i, word in enumerate(text.split())
    ]


words = st.lists(
    st.tuples(
        st.text("abcdefgh.,?!", min_size=1, max_size=14),
        st.integers(0, 3_000),
        st.integers(50, 900),
    ),
    max_size=60,
)


@given(words)
def test_what_holds_of_all_cues(many: list[tuple[str, int, int]]) -> None:
    said, at = [], 0
    for text, gap, long in many:
        said.append(Word(at + gap, at + gap + long, f" {text}"))
        at += gap + long
    cues = compose(said, LIMITS)
    assert " ".join(cue.text.replace("\n", " ") for cue in cues).split() == [t for t, *_ in many]
    assert [cue.index for cue in cues] == list(range(len(cues)))
    for cue in cues:
        assert cue.start_ms < cue.end_ms
        assert cue.end_ms - cue.start_ms <= LIMITS.longest_ms
        assert len(cue.text.split("\n")) <= 2
        assert all(len(line) <= 42 for line in cue.text.split("\n"))
    for one, other in itertools.pairwise(cues):
        assert one.end_ms <= other.start_ms


def test_a_sentence_ends_a_cue() -> None:
    cues = compose(spoken("This is the first of them. And this one is another."), LIMITS)
    assert [cue.text for cue in cues] == ["This is the first of them.", "And this one is another."]


def test_but_not_after_a_word() -> None:
    assert len(compose(spoken("No. Never in my life."), LIMITS)) == 1


def test_a_pause_ends_a_cue() -> None:
    said = [*spoken("so he said"), *spoken("and then left", start_ms=3_000)]
    assert [cue.text for cue in compose(said, LIMITS)] == ["so he said", "and then left"]


def test_a_full_cue_ends_behind_its_comma() -> None:
    text = (
        "When the time reaches forty seconds of the whole film, I will say something else "
        "that nobody has ever heard before today."
    )
    cues = compose(spoken(text, ms=200), LIMITS)
    assert cues[0].text.replace("\n", " ").endswith("film,")


def test_lines_of_about_one_length() -> None:
    assert break_lines("I've been alone for as long as I can remember.", LIMITS) == [
        "I've been alone for as", "long as I can remember.",
    ]  # fmt: skip
    assert break_lines("Short.", LIMITS) == ["Short."]


def test_japanese_has_no_spaces() -> None:
    limits = limits_for("ja")
    lines = break_lines("私は長い間ずっと一人でしたが、今日からはもう違うのです。", limits)
    assert len(lines) == 2
    assert lines[0].endswith("、")
