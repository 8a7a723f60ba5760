"""The files that the page writes: which it offers, and that they are what Python would write."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subemo.annotation import Annotation
from subemo.captions import parse_document
from subemo.core.emotions import EMOTIONS, Emotion
from subemo.review.assets import script
from subemo.review.page import review_page, shrunk, variants_of
from subemo.tagging.annotation import AnnotatedFilm
from subemo.tagging.decisions import Decision, Reason
from subemo.tagging.policy import PolicyKind, TagPolicy
from subemo.tagging.vocabulary import vocabulary_of

from ..captions.test_untag import compose
from ..conftest import vocabulary_in
from ..formats.build import annotation
from ..formats.every import READABLE
from ..formats.test_vocal_marks import film as vocal_film
from .browsers import KEEPS_EXPORTS, exported, launched, open_page

if TYPE_CHECKING:
    from playwright.sync_api import Browser

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


def write_page(tmp_path: Path, made: AnnotatedFilm) -> Path:
    path = tmp_path / "page.html"
    path.write_bytes(
        review_page(made, vocabulary_in("en"), media=tmp_path / "film.mp4", output=path)
    )
    return path


TEXTS = ["Hello.", "- <i>Who</i>?{n}- Me.", "[angrily] No.", "a" * 60, "JOHN: Well."]


def decided(source: str, newline: str) -> Annotation:
    policy = TagPolicy(policy=PolicyKind.EVERY, extend=True)
    emotions = {1: Emotion.SAD, 4: Emotion.FEAR}
    return annotation(compose(source, TEXTS, newline), emotions, policy=policy)


def of_sounds(source: str) -> Annotation:
    return vocal_film(source, TagPolicy(min_confidence=1, max_lines=3), "en")


def eight_bit() -> Annotation:
    data = compose("srt", ["Ça va, Zoë ?"], "\r\n").decode().encode("cp1252")
    return annotation(parse_document(data, path=Path("film.srt"), encoding="cp1252"))


def of_tags_alone() -> Annotation:
    """Cues without words, which are not written without a tag, so that the numbers of the others differ."""
    made = annotation(compose("srt", ["a", "b", "c"], "\n"))
    cues = (replace(cue, styled_text=type(cue.styled_text)(())) for cue in made.cues)
    return replace(made, document=None, cues=tuple(cues))


FILMS: dict[str, Annotation] = {
    **{f"{source}, decided": decided(source, "\n") for source in READABLE},
    "srt, \\r\\n": decided("srt", "\r\n"),
    **{f"{source}, sounds": of_sounds(source) for source in READABLE},
    "8 bits": eight_bit(),
    "tags alone": of_tags_alone(),
}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with launched("chromium") as browser:
        yield browser


@pytest.mark.parametrize("name", FILMS)
def test_what_is_chosen_is_what_python_writes(chromium: Browser, tmp_path: Path, name: str) -> None:
    """Untouched, and with tags that are set, cleared or left in some cues, in every format."""
    made = FILMS[name]
    page = chromium.new_page()
    page.add_init_script(KEEPS_EXPORTS)
    open_page(page, write_page(tmp_path, made).as_uri())
    data = json.loads(page.text_content("#data") or "")
    variants, chance = variants_of(made, vocabulary_in("en")), random.Random(name)
    cues, judged = list(made.cues), []
    for judges in (False, True):
        for i in range(len(cues) if judges else 0):
            shown, heard = chance.choice(["rules", "nothing", "tag"]), chance.choice(EMOTIONS)
            if shown != "rules":
                judged.append([i, {"heard": heard.value, "shown": shown}])
                cleared = replace(cues[i], decision=Decision(None, Reason.CLEARED))
                cues[i] = variants[heard].cues[i] if shown == "tag" else cleared
        kept = f"localStorage.setItem('subemo-review-{data['id']}', '{json.dumps(judged)}')"
        page.evaluate(kept)
        page.reload()
        page.wait_for_selector("body[data-ready]")
        chosen = replace(made, cues=tuple(cues))
        assert set(data["exports"]) >= {"srt", "vtt"}
        for form in data["exports"]:
            assert exported(page, form) == chosen.render(form), (form, judged)
    page.close()


def test_the_modules_of_the_script_are_one() -> None:
    program = script().decode()
    assert not re.search(r"^(import|export)\b", program, re.MULTILINE)
    names = re.findall(r"^(?:async )?(?:const|let|class|function) (\w+)", program, re.MULTILINE)
    assert len(names) == len(set(names)) > 100
    assert max(map(len, program.splitlines())) <= 120


@given(st.lists(st.binary(max_size=6), min_size=1, max_size=5))
def test_shrunk(values: list[bytes]) -> None:
    head, tail = shrunk(values)
    for value in values:
        assert value.startswith(head)
        assert value[len(head) :].endswith(tail)
