from __future__ import annotations

from pathlib import Path

import pytest

from subemo.formats.naming import is_ours, review_path


@pytest.mark.parametrize("film", ["film.mkv", "film.emo.mkv"])
def test_review_page_of_a_film_and_of_its_tagged_copy(film: str, tmp_path: Path) -> None:
    page = review_path(tmp_path / film)
    assert page == tmp_path / "film.review.html"
    assert is_ours(page)


def test_other_dots_stay() -> None:
    assert review_path(Path("a/film.2024.mkv")) == Path("a/film.2024.review.html")
