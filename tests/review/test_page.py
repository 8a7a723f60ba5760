"""The page as data: which files it offers to write."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from subemo.review.page import review_page
from subemo.tagging.vocabulary import vocabulary_of
from tests.formats.build import annotation

FILE = "1\n00:00:01,000 --> 00:00:02,000\nHi\n\n2\n00:00:03,000 --> {}\nBye.\n"


@pytest.mark.parametrize(
    ("end", "offered"), [("00:00:04,000", {"srt", "vtt", "ass"}), ("soon", {"srt"})]
)
def test_a_format_that_would_lose_words_is_not_offered(
    tmp_path: Path, end: str, offered: set[str]
) -> None:
    words = vocabulary_of("en")
    assert words is not None
    made = annotation(FILE.format(end).encode())
    page = review_page(made, words, media=tmp_path / "film.mp4", output=tmp_path / "page.html")
    data = re.search(rb'<script[^>]*type="application/json"[^>]*>(.*?)</script>', page, re.DOTALL)
    assert data is not None
    assert offered == set(json.loads(data[1])["exports"]) & {"srt", "vtt", "ass"}
