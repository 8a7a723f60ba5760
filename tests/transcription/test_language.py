from __future__ import annotations

import pytest

from subemo.transcription.whisper import from_whisper, likeliest, to_whisper


def test_a_long_stretch_counts_for_more_than_a_short_one() -> None:
    short, long = {"en": 0.9, "pl": 0.1}, {"en": 0.4, "pl": 0.6}
    assert likeliest([(1, short), (1, long)]) == "en"
    assert likeliest([(1, short), (10, long)]) == "pl"


def test_nothing_heard_is_no_language() -> None:
    assert likeliest([]) is None


@pytest.mark.parametrize(
    ("code", "whispers"),
    [("de", "de"), ("ger", "de"), ("zh-Hant", "zh"), ("pt_BR", "pt"), ("jv", "jw"), ("nb", "no")],
)
def test_codes(code: str, whispers: str) -> None:
    assert to_whisper(code) == whispers
    assert to_whisper(from_whisper(whispers)) == whispers
