from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subemo.annotation import Annotation
from subemo.core.emotions import EMOTIONS, Emotion
from subemo.formats.registry import BLOCK_FORMATS
from subemo.review import variants_of
from subemo.review.page import shrunk, template
from subemo.tagging.policy import PolicyKind, TagPolicy

from ..conftest import vocabulary_in
from ..formats.build import annotation
from ..formats.every import READABLE
from ..formats.test_untag import compose

TEXTS = ["Hello.", "- <i>Who</i>?{n}- Me.", "[angrily] No.", "a" * 60, "JOHN: Well."]
WORDS = vocabulary_in("en")


def decided(made: Annotation) -> dict[int, str]:
    return {cue.index: str(cue.decision.tag) for cue in made.tagged}


@pytest.mark.parametrize("source", READABLE)
@pytest.mark.parametrize("form", BLOCK_FORMATS)
@pytest.mark.parametrize("policy", [PolicyKind.EVERY, PolicyKind.SPARSE])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_unedited_is_what_python_writes(
    source: str, form: str, policy: PolicyKind, newline: str
) -> None:
    made = annotation(
        compose(source, TEXTS, newline),
        {1: Emotion.SAD, 4: Emotion.FEAR},
        policy=TagPolicy(
            policy=policy, min_confidence=0.5, extend=True, cues_per_tag=1, ms_per_tag=0
        ),
    )
    filled = template(form, made, variants_of(made, WORDS))
    assert filled.fill(decided(made)) == made.render(form)


@pytest.mark.parametrize("source", READABLE)
@pytest.mark.parametrize("form", BLOCK_FORMATS)
@given(st.dictionaries(st.integers(0, 4), st.sampled_from([e.value for e in EMOTIONS])))
def test_whatever_is_set_is_what_python_would_write(
    source: str, form: str, tags: dict[int, str]
) -> None:
    made = annotation(compose(source, TEXTS, "\n"), policy=TagPolicy(min_confidence=1))
    variants = variants_of(made, WORDS)
    cues = tuple(
        variants[Emotion(tags[cue.index])].cues[cue.index] if cue.index in tags else cue
        for cue in made.cues
    )
    assert template(form, made, variants).fill(tags) == replace(made, cues=cues).render(form)


def test_an_8_bit_file_stays_one() -> None:
    data = compose("srt", ["Ça va, Zoë ?"], "\r\n").decode().encode("cp1252")
    made = annotation(data)
    filled = template("srt", made, variants_of(made, WORDS)).fill(decided(made))
    assert filled == made.render()
    assert "Zoë".encode("cp1252") in filled


def test_cues_of_tags_alone_are_numbered_as_they_are_left() -> None:
    made = annotation(compose("srt", ["a", "b", "c"], "\n"))
    bare = replace(
        made,
        document=None,
        cues=tuple(replace(cue, styled_text=type(cue.styled_text)(())) for cue in made.cues),
    )
    filled = template("srt", bare, variants_of(bare, WORDS))
    assert filled.fill({0: "angry", 2: "sad"}).startswith(b"1\n00:00:02")
    assert b"\n2\n00:00:06" in filled.fill({0: "angry", 2: "sad"})
    assert filled.fill({0: "angry", 1: "angry", 2: "angry"}) == bare.render("srt")
    assert filled.fill({}) == b""


@given(st.lists(st.binary(max_size=6), min_size=1, max_size=5))
def test_shrunk(values: list[bytes]) -> None:
    head, tail = shrunk(values)
    for value in values:
        assert value.startswith(head)
        assert value[len(head) :].endswith(tail)
