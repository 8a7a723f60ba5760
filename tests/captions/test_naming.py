from __future__ import annotations

from pathlib import Path

import pytest

from subemo.captions.naming import is_ours, judged_beside, judged_path, review_path


@pytest.mark.parametrize("film", ["film.mkv", "film.emo.mkv"])
def test_review_page_of_a_film_and_of_its_tagged_copy(film: str, tmp_path: Path) -> None:
    page = review_path(tmp_path / film)
    assert page == tmp_path / "film.review.html"
    assert is_ours(page)


def test_other_dots_stay() -> None:
    assert review_path(Path("a/film.2024.mkv")) == Path("a/film.2024.review.html")


def test_judgements_are_found_beside_what_was_made_with_them(tmp_path: Path) -> None:
    for name in ("film.judged.json", "film.2.judged.json", "other.judged.json"):
        (tmp_path / name).touch()
    assert judged_path(tmp_path / "film.2.mkv") == tmp_path / "film.2.judged.json"
    assert judged_beside(tmp_path / "film.de.emo.srt") == tmp_path / "film.judged.json"
    assert judged_beside(tmp_path / "film.2.emo.srt") == tmp_path / "film.2.judged.json"
    assert judged_beside(tmp_path / "films.emo.srt") is None
