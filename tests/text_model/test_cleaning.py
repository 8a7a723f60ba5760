from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subemo.text_model import spoken

PARTS = st.sampled_from(
    ["- ", "JOHN: ", "Mrs. Hill: ", "[laughs]", "(", ")", "[", "]", "♪", "<i>", "</i>", "{\\an8}",
     "Oh", " no", "!", "\n", " ", ":", "#", "…", "《", "（叹气）", "A", "9"]
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("JOHN: I know.", "I know."),
        ("- I know.\n- You don't.", "I know. You don't."),
        ("[laughs] Stop it!", "Stop it!"),
        ("Stop (sighs) it", "Stop it"),
        ("♪ Happy birthday ♪", "Happy birthday"),
        ("<i>Where</i> are {\\an8}you?", "Where are you?"),
        ("MRS. O'NEIL: Come in", "Come in"),
        ("[door slams]", ""),
        ("- [MAN 2:] Go!", "Go!"),
        ("There is one thing: you.", "There is one thing: you."),
        ("It's 9:30 now", "It's 9:30 now"),
        ("-5 degrees", "-5 degrees"),
        ("（叹气）好吧", "好吧"),
        ("", ""),
    ],
)
def test_what_is_said(text: str, said: str) -> None:
    assert spoken(text) == said


@given(st.one_of(st.text(), st.lists(PARTS).map("".join)))
def test_never_longer_and_idempotent(text: str) -> None:
    said = spoken(text)
    assert len(said) <= len(text)
    assert spoken(said) == said
