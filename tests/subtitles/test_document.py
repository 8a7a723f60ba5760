from __future__ import annotations

import pytest

from subemo.subtitles.document import newline_of
from subemo.subtitles.encoding import Encoding


@pytest.mark.parametrize("name", ["utf-8", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    ("text", "newline"),
    [("a\nb\r\n", "\n"), ("a\r\nb\n", "\r\n"), ("a\rb\r\n", "\r"), ("a\r\n", "\r\n"), ("a", "\n")],
)
def test_the_line_ending_is_that_of_the_first_line(text: str, newline: str, name: str) -> None:
    assert newline_of(text.encode(name), Encoding(name)) == newline
