"""The studio in a real browser, from opening it to what is published."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from subemo.analysis.features import weights_for
from subemo.api import load_model
from subemo.core.emotions import EMOTIONS, Emotion
from subemo.core.sounds import SOUNDS, Sound, VocalProbabilities
from subemo.media import probe
from subemo.review.judged_file import read_judged
from subemo.review.judgements import Judgement
from subemo.review.messages import SessionState
from subemo.review.session import Session
from subemo.tagging.policy import SoundsShown, TagPolicy

from .browsers import BROWSERS, launched, open_page, use_scheme, wait_until
from .sitting import Line, heard_film, served
from .test_judged import LINES
from .test_sounds import sounding_film

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Dialog, ElementHandle, Page

SIZES = {"desk": (1440, 900), "laptop": (1280, 720), "tablet": (820, 1180), "phone": (390, 844)}


@pytest.fixture(scope="module", params=BROWSERS)
def browser(request: pytest.FixtureRequest) -> Iterator[Browser]:
    with launched(request.param) as browser:
        yield browser


@contextmanager
def opened(browser: Browser, url: str, **options: object) -> Iterator[Page]:
    """A page of the studio; nothing on it may fail, and it may ask for nothing elsewhere."""
    context = browser.new_context(**{"viewport": {"width": 1440, "height": 900}, **options})  # type: ignore[arg-type]
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
    page.on("dialog", lambda dialog: _fail(dialog, faults))
    page.on(
        "request",
        lambda request: (
            None if request.url.startswith((url, "data:", "blob:")) else faults.append(request.url)
        ),
    )
    open_page(page, url)
    yield page
    assert faults == []
    context.close()


def _fail(dialog: Dialog, faults: list[str]) -> None:
    faults.append(f"a dialog: {dialog.message}")
    dialog.dismiss()


@pytest.fixture
def session(trailer: tuple[Path, Path], tmp_path: Path) -> Session:
    return Session(heard_film(tmp_path, trailer[0], LINES), tmp_path / "film.judged.json")


@pytest.fixture
def page(session: Session, browser: Browser, tmp_path: Path) -> Iterator[Page]:
    with served(session, tmp_path) as server, opened(browser, server.url) as page:
        yield page


def judged(session: Session, cues: int) -> Callable[[], bool]:
    return lambda: len(session.judgements) == cues


def until(page: Page, holds: Callable[[], bool], what: str) -> None:
    """Waits while the page works: the browser's events are handled in this thread, too."""
    for _ in range(1_200):
        if holds():
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"not within a minute: {what}")


def test_a_whole_sitting_by_keyboard_alone(page: Page, session: Session, tmp_path: Path) -> None:
    keyboard = page.keyboard
    assert page.evaluate("document.activeElement.id") == "cues"
    keyboard.press("Home")
    keyboard.press("4")  # a cue is judged by one key, and the next that is open comes
    until(page, judged(session, 1), "the first judgement")
    keyboard.press("Home")
    keyboard.press("ArrowDown")
    keyboard.press("t")
    keyboard.type("whispers")
    keyboard.press("Enter")
    until(page, judged(session, 2), "a tag of one's own")
    page.wait_for_selector("#own:not([open])", state="attached")
    keyboard.press("End")
    keyboard.press("0")
    until(page, judged(session, 3), "no tag")
    keyboard.press("Home")
    keyboard.press("e")
    page.wait_for_selector("#edit[open]")
    keyboard.press("Control+a")
    keyboard.type("What brings you here, then?")
    keyboard.press("Control+Enter")
    until(page, lambda: session.judgements[0].text is not None, "the changed text")
    page.wait_for_selector("#edit:not([open])", state="attached")
    keyboard.press("u")
    until(page, lambda: session.judgements[0].text is None, "undone")
    keyboard.press("y")
    until(page, lambda: session.judgements[0].text is not None, "done again")
    keyboard.press("p")
    page.wait_for_selector("#publish[open]")
    assert page.evaluate("document.activeElement.id") == "publish-go"
    for _ in range(8):
        if page.evaluate("document.activeElement.id") == "want-mux":
            break
        keyboard.press("Shift+Tab")
    keyboard.press("Space")
    for _ in range(12):
        if page.evaluate("document.activeElement.id") == "publish-go":
            break
        keyboard.press("Tab")
    keyboard.press("Enter")
    page.wait_for_selector("#published h3")
    assert "film.emo.srt, film.emo.srt.tags.json, film.emo.mkv" in page.inner_text("#published")
    srt = (tmp_path / "film.emo.srt").read_text()
    assert "[sadly] What brings you here, then?" in srt and "[whispers] I am looking" in srt
    assert len(probe(tmp_path / "film.emo.mkv").subtitles) == 1


def test_a_reload_loses_nothing(page: Page, session: Session) -> None:
    page.keyboard.press("Home")
    page.keyboard.press("6")
    until(page, judged(session, 1), "the judgement")
    page.reload()
    page.wait_for_selector("body[data-ready]")
    assert "✓ fear" in page.inner_text("#cue-0")
    page.keyboard.press("u")
    until(page, judged(session, 0), "undo, over a reload")


def test_the_preview_is_what_python_decides(page: Page, session: Session) -> None:
    page.click("#cue-1")
    page.keyboard.press("4")
    until(page, judged(session, 1), "the judgement")
    wait_until(page, "document.querySelector('#cue-1 .tag')?.textContent == '[sadly] '")
    wait_until(page, "!document.querySelector('#cue-2 .tag')")
    track = "document.getElementById('film').textTracks[0].cues"
    assert page.evaluate(f"{track}[1].text") == "[sadly] I am looking for her."
    assert page.evaluate(f"{track}[2].text") == "She is gone."
    page.click("#cue-2")
    assert "the same tag is still in force" in page.inner_text("#why")


def test_several_at_once_are_one_step(page: Page, session: Session) -> None:
    page.keyboard.press("Home")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+ArrowDown")
    assert page.inner_text("#desk-title") == "3 cues"
    page.keyboard.press("1")
    until(page, judged(session, 3), "three judgements")
    page.keyboard.press("u")
    until(page, judged(session, 0), "one undo")


def test_the_list_follows_the_film(page: Page) -> None:
    page.keyboard.press("Home")
    page.evaluate("document.getElementById('film').currentTime = 29.5")
    page.keyboard.press("Space")
    wait_until(page, "document.querySelector('.cue.current')?.id == 'cue-3'")
    page.keyboard.press("5")
    assert page.evaluate("!document.getElementById('film').paused"), "judged while it plays"
    page.keyboard.press("Space")


def test_find_filter_and_order(page: Page) -> None:
    page.keyboard.press("/")
    page.keyboard.type("gone")
    assert page.inner_text("#listed") == "1 of 6"
    page.keyboard.press("Control+a")
    page.keyboard.type("no such words")
    assert "No cue has these words" in page.inner_text("#empty")
    page.fill("#find", "")
    page.keyboard.press("Escape")
    page.keyboard.press("o")
    assert page.input_value("#order") == "priority"
    assert page.get_attribute("#cue-1", "aria-posinset") == "1"
    page.keyboard.press("?")
    assert "one second back" in page.inner_text("#keys")


def test_an_edit_that_cannot_be_is_told(page: Page, session: Session) -> None:
    page.keyboard.press("Home")
    page.keyboard.press("e")
    page.fill("#edit-text", "one\n\ntwo")
    page.click("#edit-save")
    page.wait_for_selector("#edit .error:not(:empty)")
    assert "no line empty" in page.inner_text("#edit .error")
    assert session.judgements == {}


def test_a_film_without_cues(trailer: tuple[Path, Path], browser: Browser, tmp_path: Path) -> None:
    film = heard_film(tmp_path, trailer[0], LINES)
    film = replace(film, track=None, found=replace(film.found, cues=(), predictions=()))
    session = Session(film, tmp_path / "film.judged.json")
    with served(session, tmp_path) as server, opened(browser, server.url) as page:
        assert "There are no cues" in page.inner_text("#empty")
        assert page.inner_text("#count") == "Nothing to check"
        for key in ("Enter", "5", "0", "s", "ArrowDown", "n", "End", "Shift+ArrowDown", "t", "e"):
            page.keyboard.press(key)
        page.keyboard.press("p")
        page.click("#publish-go")
        page.wait_for_selector("#publish .error:not(:empty)")
        assert "nothing to write" in page.inner_text("#publish .error")


def test_it_says_when_it_has_ended(session: Session, browser: Browser, tmp_path: Path) -> None:
    with served(session, tmp_path) as server, opened(browser, server.url) as page:
        server.studio.end()
        page.wait_for_selector("#over:not([hidden])")
        assert "film.judged.json" in page.inner_text("#over")


def test_hostile_names_and_words_run_nothing(
    trailer: tuple[Path, Path], browser: Browser, tmp_path: Path
) -> None:
    nasty = "<img src=x onerror=alert(1)>"
    texts = [nasty, "<script>alert(1)</script>", "</script><script>alert(1)</script>",
             "{{constructor.constructor('alert(1)')()}}", "javascript:alert(1)", "\u202eevil",
             "'\"><svg onload=alert(1)>"]  # fmt: skip
    film = tmp_path / f"{nasty.replace('/', '')}.mp4"
    shutil.copy(trailer[0], film)
    made = heard_film(tmp_path, film, [Line(text, Emotion.SAD) for text in texts])
    path = tmp_path / f"{nasty}.judged.json"
    session = Session(made, path)
    session.judge({"0": {"heard": "sad", "text": f"mended {nasty}"}})
    with served(session, tmp_path) as server, opened(browser, server.url) as page:
        assert page.locator("img, #cues script, #desk script, svg[onload]").count() == 0
        for _ in texts:
            page.keyboard.press("ArrowDown")
        page.keyboard.press("p")
        page.keyboard.press("Escape")
        assert page.locator("img").count() == 0
        assert page.evaluate("document.scripts.length") == 1
        assert nasty.removesuffix(">") in page.inner_text("#rows")


def test_a_theme_is_remembered_at_another_port(
    trailer: tuple[Path, Path], browser: Browser, tmp_path: Path
) -> None:
    session = Session(heard_film(tmp_path, trailer[0], LINES), tmp_path / "film.judged.json")
    ground = "getComputedStyle(document.body).backgroundColor"
    shown = "document.documentElement.dataset.theme || 'system'"
    context = browser.new_context(color_scheme="light")
    page = context.new_page()
    found: list[tuple[str, str]] = []
    for presses in (0, 2, 0, 1, 0):
        with served(session, tmp_path) as server:
            page.goto(server.url)
            page.wait_for_selector("body[data-ready]")
            for _ in range(presses):
                page.click("#theme")
            found.append((page.evaluate(shown), page.evaluate(ground)))
    assert [name for name, _ in found] == ["system", "dark", "dark", "system", "system"]
    light, dark = found[0][1], found[1][1]
    assert [colour for _, colour in found] == [light, dark, dark, light, light]
    assert light != dark
    assert page.get_attribute("#theme", "aria-label") == "Theme: as the screen"
    context.close()


def test_sounds_of_voices_are_served(
    trailer: tuple[Path, Path], browser: Browser, tmp_path: Path
) -> None:
    """A tag that is no mood: it is shown, judged and published as others are, and has no mood's colour."""
    laugh = VocalProbabilities(tuple(float(one is Sound.LAUGH) for one in SOUNDS), (0.0, 0.0))
    lines = [Line("So they say."), Line("Ha, that is good.", vocal=laugh), Line("I see.")]
    policy = TagPolicy(cues_per_tag=1, ms_per_tag=0, sounds=SoundsShown.ALL)
    film = heard_film(tmp_path, trailer[0], lines, policy=policy)
    sounds = weights_for(load_model("subemo-crnn"))
    film = replace(film, found=replace(film.found, sounds=sounds))
    session = Session(film, tmp_path / "film.judged.json")
    with served(session, tmp_path) as server, opened(browser, server.url) as page:
        assert "[laughs]" in page.inner_text("#cue-1")
        page.click("#cue-1")
        assert "Shows [laughs]" in page.inner_text("#why")
        page.keyboard.press("Enter")
        until(page, judged(session, 1), "agreeing")
        assert "[laughs]" in page.inner_text("#cue-1")
        page.click("#cue-1")
        page.keyboard.press("0")
        until(page, lambda: not session.annotation.tagged, "no tag")
        page.keyboard.press("u")
        until(page, lambda: len(session.annotation.tagged) == 1, "the tag again")
    (cue,) = session.annotation.tagged
    assert (cue.index, cue.decision.tag) == (1, Sound.LAUGH)


def test_sounds_between_the_cues_are_kept_or_removed_by_one_key(
    trailer: tuple[Path, Path], browser: Browser, tmp_path: Path
) -> None:
    session = Session(sounding_film(tmp_path, trailer[0]), tmp_path / "film.judged.json")
    with served(session, tmp_path) as server, opened(browser, server.url) as page:
        assert page.inner_text("#listed") == "5"
        assert [row.get_attribute("id") for row in by_place(page)] == [
            "cue-0", "cue-3", "cue-1", "cue-4", "cue-2",
        ]  # fmt: skip
        page.click("#cue-3")
        assert page.inner_text("#desk-title") == "A sound"
        assert "A cue of its own shows [laughs]" in page.inner_text("#why")
        assert page.is_disabled("#edit-open") and page.is_disabled("#emotions button")
        page.keyboard.press("5")
        assert "kept (Enter) or removed (0)" in page.inner_text("#toast")
        page.keyboard.press("Enter")
        until(page, judged(session, 1), "kept")
        assert "✓ kept" in page.inner_text("#cue-3")
        page.click("#cue-4")
        page.keyboard.press("0")
        until(page, judged(session, 2), "removed")
        wait_until(page, "document.getElementById('cue-5')")  # the sound that the other kept away
        assert "✓ removed" in page.inner_text("#cue-4")
        track = "document.getElementById('film').textTracks[0].cues"
        assert page.evaluate(f"[...{track}].find((cue) => cue.id == '5').text") == "[sobs]"
        page.keyboard.press("p")
        assert "2 sounds have cues of their own" in page.inner_text("#publish-summary")
        page.click("#publish-go")
        page.wait_for_selector("#published h3")
    srt = (tmp_path / "film.emo.srt").read_text()
    assert "[laughs]" in srt and srt.count("[sobs]") == 1


def by_place(page: Page) -> list[ElementHandle]:
    """The rows in the order of the list."""
    rows = page.query_selector_all(".cue")
    return sorted(rows, key=lambda row: int(row.get_attribute("aria-posinset") or 0))


def test_where_a_film_begins_is_told(
    trailer: tuple[Path, Path], browser: Browser, tmp_path: Path
) -> None:
    film = heard_film(tmp_path, trailer[0], LINES)
    taught = film.correction({0: Judgement(Emotion.FEAR)})
    assert taught is not None
    session = Session(film, tmp_path / "film.judged.json", initial=replace(taught, film="e01.mp4"))
    with served(session, tmp_path) as server, opened(browser, server.url) as page:
        said = "This film begins with what 1 cue judged in e01.mp4 taught about its voices."
        assert page.inner_text("#start") == said


@pytest.mark.parametrize("size", SIZES)
def test_a_judgement_that_cannot_be_saved_is_told_until_one_is(
    session: Session, browser: Browser, tmp_path: Path, size: str
) -> None:
    if browser.browser_type.name == "firefox" and size != "phone":
        pytest.skip("in Firefox at one size: what is visible is a matter of the same styles")
    width, height = SIZES[size]
    view = {"viewport": {"width": width, "height": height}}
    with served(session, tmp_path) as server, opened(browser, server.url, **view) as page:
        page.keyboard.press("Home")
        session.path.mkdir()
        page.keyboard.press("5")
        page.wait_for_selector("#saved.bad")  # which also is to be seen
        page.wait_for_selector("#toast.stays")
        page.wait_for_timeout(4_500)
        assert "film.judged.json" in page.inner_text("#toast")
        assert page.inner_text("#saved") == "Not saved"
        session.path.rmdir()
        page.keyboard.press("Home")
        page.keyboard.press("5")
        until(page, judged(session, 1), "the judgement")
        page.wait_for_selector("#saved:not(.bad)", state="attached")
        wait_until(page, "!document.getElementById('toast').classList.contains('stays')")


def test_the_picture_shows_the_cue_that_is_looked_at(page: Page) -> None:
    page.keyboard.press("Home")
    page.keyboard.press("ArrowDown")
    wait_until(page, "document.getElementById('film').currentTime == 10")
    page.keyboard.press("End")
    assert page.evaluate("document.getElementById('film').paused")
    page.evaluate("document.getElementById('film').currentTime = 0")
    page.keyboard.press("Space")
    wait_until(page, "document.getElementById('film').currentTime > 0.2")
    page.keyboard.press("ArrowUp")  # while it plays it goes on
    assert page.evaluate("document.getElementById('film').currentTime") < 9
    page.keyboard.press("Space")


def test_on_a_phone(session: Session, browser: Browser, tmp_path: Path) -> None:
    """All that a cue can be given is in reach, and the list opens at the cue."""
    width, height = SIZES["phone"]
    view = {"viewport": {"width": width, "height": height}}
    with served(session, tmp_path) as server, opened(browser, server.url, **view) as page:
        for button in ("#theme", "#own-open", "#edit-open", "#force", "#clear", "#agree"):
            box = page.locator(button).bounding_box()
            assert box is not None and box["width"] >= 24 and box["x"] + box["width"] <= width
        for i in range(3):
            page.click("#list-open")
            row, cues = page.locator(f"#cue-{i}"), page.locator("#cues").bounding_box()
            row.wait_for()
            page.wait_for_timeout(100)
            box = row.bounding_box()
            assert box is not None and cues is not None and box["y"] >= cues["y"]
            page.click(f"#cue-{i + 1}")
            page.wait_for_selector("#script", state="hidden")


@pytest.mark.parametrize(
    ("size", "scheme"), [*((size, "dark") for size in SIZES), ("desk", "light"), ("phone", "light")]
)
def test_axe_finds_nothing(
    session: Session, browser: Browser, tmp_path: Path, scheme: str, size: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    if browser.browser_type.name == "firefox" and (size, scheme) != ("phone", "light"):
        pytest.skip("in Firefox, axe runs once: it reads the same elements and styles")
    session.judge({"1": {"heard": "sad"}, "3": {"shown": "own", "own": "[whispers]"}})
    width, height = SIZES[size]
    view = {"viewport": {"width": width, "height": height}, "color_scheme": scheme}
    rules = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    with served(session, tmp_path) as server, opened(browser, server.url, **view) as page:
        use_scheme(page, scheme)
        for key in ("", "?", "p", "e", "t"):
            if key:
                page.keyboard.press(key)
            found = Axe().run(page, options=rules).response["violations"]
            assert [(key, one["id"], one["nodes"][0]["html"][:90]) for one in found] == []
            if key:
                page.keyboard.press("Escape")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_two_thousand_cues(trailer: tuple[Path, Path], browser: Browser, tmp_path: Path) -> None:
    """What would make a long task, counted: elements, rows made for a key, bytes for a cue."""
    if browser.browser_type.name == "firefox":
        pytest.skip("the same elements, rows and bytes are counted in Chromium")
    lines = [Line(f"Line {i}, said aloud.", EMOTIONS[i % 8], 0.5) for i in range(2_000)]
    made = heard_film(tmp_path, trailer[0], lines, step_ms=3_100)
    session = Session(made, tmp_path / "film.judged.json")
    assert len(json.dumps(session.state())) < 500 * len(lines)
    with served(session, tmp_path) as server, opened(browser, server.url) as page:
        wait_until(page, "document.body.dataset.captioned")
        page.evaluate(
            "() => { window.rows = 0; new MutationObserver((changes) => { for (const change of changes)"
            " rows += change.addedNodes.length; }).observe(document.getElementById('rows'),"
            " {childList: true}); }"
        )
        for key in ("5", "4", "u", "y", "f", "o", "End", "Home", "o", "f"):
            page.evaluate("window.rows = 0")
            page.keyboard.press(key)
            page.wait_for_timeout(150)
            assert page.locator(".cue").count() < 60, key
            # The list is sifted once, or again where the film was decided on anew, and moved.
            assert page.evaluate("rows") < 150, key
        until(page, judged(session, 2), "both judgements")
        assert page.evaluate("document.querySelectorAll('*').length") < 800
    kept = read_judged(tmp_path / "film.judged.json")
    assert len(kept.judgements) == 2


def test_it_is_painted_before_the_cues_are_told(
    session: Session, browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_tell, state = threading.Event(), session.state

    def late() -> SessionState:
        assert may_tell.wait(60)
        return state()

    monkeypatch.setattr(session, "state", late)
    with served(session, tmp_path) as server:
        page = browser.new_page()
        page.goto(server.url, wait_until="commit")
        wait_until(page, "performance.getEntriesByName('first-contentful-paint').length")
        assert page.inner_text("#count") == "Opening the film …"
        may_tell.set()
        page.wait_for_selector("body[data-ready]")
        page.close()
