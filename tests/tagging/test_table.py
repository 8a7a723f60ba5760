from __future__ import annotations

import sys

import pytest

from subemo.core.emotions import Emotion
from subemo.core.errors import MissingExtraError

from ..formats.build import annotation

FILE = b"1\n00:00:01,000 --> 00:00:02,000\nA <b>bold</b> & <script>alert(1)</script>\n\n2\n00:00:03,000 --> 00:00:04,000\nBye.\n"


def test_a_notebook_shows_text_as_text() -> None:
    html = annotation(FILE, {0: Emotion.SAD})._repr_html_()
    assert "[sadly]" in html and "<script>" not in html and "&lt;script&gt;" in html
    assert html.count("<tr>") == 3


def test_a_long_film_is_cut() -> None:
    blocks = (
        f"{i}\n00:{i // 60:02}:{i % 60:02},000 --> 00:{i // 60:02}:{i % 60:02},900\nHi\n"
        for i in range(250)
    )
    html = annotation("\n".join(blocks).encode())._repr_html_()
    assert html.count("<tr>") == 201 and "and 50 more cues" in html


def test_to_pandas(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pandas", reason="needs the extra pandas")
    table = annotation(FILE, {0: Emotion.SAD}).to_pandas()
    first = table.iloc[0]
    assert (first["start_ms"], first["emotion"], first["shown"]) == (1_000, "sad", "[sadly]")
    assert list(table["end_ms"]) == [2_000, 4_000]
    assert table.iloc[1]["text"] == "Bye."
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'subemo\[pandas\]'"):
        annotation(FILE).to_pandas()
