"""The page without a studio in a real browser: skipped where none is installed, as on a user's machine."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from subemo.cli import main
from subemo.core.emotions import EMOTIONS
from subemo.formats.registry import BLOCK_FORMATS
from subemo.tagging.colours import OKABE_ITO
from subemo.tagging.policy import PolicyKind, TagPolicy

from ..formats.build import annotation
from ..formats.test_formats import FILM, HOSTILE, file_of
from .browsers import BROWSERS, KEEPS_EXPORTS, exported, is_firefox, launched, open_page, wait_until
from .test_page import write_page

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Dialog, Page


@pytest.fixture(scope="module", params=BROWSERS)
def browser(request: pytest.FixtureRequest) -> Iterator[Browser]:
    with launched(request.param) as browser:
        yield browser


@pytest.fixture(scope="module")
def folder(trailer: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample, its page, and what `annotate` writes of it in each format."""
    folder = tmp_path_factory.mktemp("a film's page")
    video, subs = (Path(shutil.copy(path, folder)) for path in trailer)
    assert main(["review", str(video), str(subs), "--all", "--page"]) == 0
    for form in BLOCK_FORMATS:
        assert main(["annotate", str(video), str(subs), "--all", "--format", form]) == 0
    return folder


@pytest.fixture
def page(browser: Browser, folder: Path) -> Iterator[Page]:
    context = browser.new_context(accept_downloads=True, viewport={"width": 1400, "height": 900})
    page = context.new_page()
    page.add_init_script(KEEPS_EXPORTS)
    asked: list[str] = []
    faults: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
    open_page(page, (folder / "trailer.review.html").as_uri())
    yield page
    assert faults == []
    assert all(url.startswith(("file:", "blob:", "data:")) for url in asked)
    context.close()


def export(page: Page, name: str) -> bytes:
    page.keyboard.press("p")
    if is_firefox(page):  # which tells of no download of a blob by WebDriver BiDi
        made = exported(page, name)
    else:
        with page.expect_download() as download:
            page.click(f"#export-{name}")
        made = Path(download.value.path()).read_bytes()
    page.keyboard.press("Escape")
    return made


def row(page: Page, cue: int) -> str:
    """What the list says of a cue."""
    return " ".join(page.inner_text(f"#cue-{cue}").split())


@pytest.mark.parametrize("form", BLOCK_FORMATS)
def test_an_unedited_export_is_pythons_bytes(page: Page, folder: Path, form: str) -> None:
    assert export(page, form) == (folder / f"trailer.emo.{form}").read_bytes()


def test_a_cue_is_heard_by_a_click(page: Page) -> None:
    page.click("#cue-1")
    wait_until(page, "document.getElementById('film').currentTime > 18.6")
    wait_until(page, "document.getElementById('film').paused")
    ended = page.evaluate("document.getElementById('film').currentTime")
    assert 20.4 < ended < 21.2
    assert page.get_attribute("#cue-1", "aria-selected") == "true"


def test_captions_are_live_in_the_browsers_own_track(page: Page) -> None:
    track = "document.getElementById('film').textTracks[0]"
    assert page.evaluate(f"{track}.cues.length") == 4
    assert page.evaluate(f"{track}.cues[1].text") == "[calmly] I'm searching for someone."
    page.evaluate("document.getElementById('film').currentTime = 19")
    wait_until(page, f"{track}.activeCues.length == 1")
    page.click("#cue-1")
    page.keyboard.press("5")
    assert page.evaluate(f"{track}.cues[1].text").startswith("[angrily]")


def test_by_keyboard_alone(page: Page, folder: Path) -> None:
    assert page.evaluate("document.activeElement.id") == "cues"
    page.keyboard.press("ArrowDown")
    assert page.get_attribute("#cues", "aria-activedescendant") == "cue-1"
    page.keyboard.press("5")
    assert "[angrily]" in row(page, 1)
    assert page.get_attribute("#cues", "aria-activedescendant") == "cue-2", "one key a cue"
    page.keyboard.press("0")
    assert "[" not in page.inner_text("#cue-2 .words")
    page.keyboard.press("Enter")
    srt = export(page, "srt").decode()
    assert "[angrily] I'm searching" in srt
    assert "\nA dangerous quest" in srt
    rows = list(csv.DictReader(export(page, "labels").decode().splitlines()))
    assert [(row["start"], row["end"], row["emotion"]) for row in rows] == [
        ("18.5", "20.5", "angry"), ("41.5", "44", "calm"),
    ]  # fmt: skip


def test_undo_and_redo(page: Page) -> None:
    before = row(page, 0)
    page.click("#cue-0")
    page.keyboard.press("5")
    page.click("#cue-0")
    page.keyboard.press("3")
    page.keyboard.press("u")
    assert "✓ angry" in row(page, 0)
    page.keyboard.press("Control+z")
    assert row(page, 0) == before
    assert page.is_disabled("#undo")
    page.keyboard.press("y")
    assert "✓ angry" in row(page, 0)


def test_neutral_is_a_judgement_and_shows_nothing(page: Page) -> None:
    page.click("#cue-1")
    page.keyboard.press("1")
    assert page.inner_text("#cue-1 .words").strip() == "I'm searching for someone."
    assert "18.5,20.5,neutral" in export(page, "labels").decode()


def test_unsaved_work_survives_a_reload(page: Page) -> None:
    page.click("#cue-1")
    page.keyboard.press("5")
    page.reload()
    page.wait_for_selector("body[data-ready]")
    assert "[angrily]" in row(page, 1)
    assert "1 of your decisions were brought back" in page.inner_text("#toast")
    assert b"[angrily] I'm searching" in export(page, "srt")


def test_its_judgements_are_what_annotate_takes(page: Page, folder: Path, tmp_path: Path) -> None:
    page.click("#cue-1")
    page.keyboard.press("5")
    judged = tmp_path / "judged.json"
    judged.write_bytes(export(page, "judged"))
    out = tmp_path / "out.srt"
    of_film = [str(folder / "trailer.mp4"), str(folder / "trailer.srt")]
    assert main(["annotate", *of_film, "--judged", str(judged), "-o", str(out)]) == 0
    assert "[angrily] I'm searching" in out.read_text()


def test_labels_are_what_evaluate_takes(page: Page, folder: Path, tmp_path: Path) -> None:
    for cue, key in ((0, "1"), (1, "4"), (2, "4"), (3, "6")):
        page.click(f"#cue-{cue}")
        page.keyboard.press(key)
    labels = tmp_path / "labels.csv"
    labels.write_bytes(export(page, "labels"))
    out = tmp_path / "results"
    arguments = ["evaluate", str(folder / "trailer.mp4"), "--labels", str(labels), "-o", str(out)]
    assert main(arguments) == 0
    assert json.loads((out / "results.json").read_text())


def test_axe_finds_nothing(page: Page) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page.click("#cue-1")
    page.keyboard.press("5")
    rules = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    found = Axe().run(page, options=rules)
    assert [(one["id"], one["nodes"][0]["html"][:80]) for one in found.response["violations"]] == []
    assert len(found.response["passes"]) > 15


def test_a_screen_readers_roles(page: Page) -> None:
    tree = page.locator("body").aria_snapshot()
    for part in ('listbox "Cues"', 'slider "Position in the film"', 'group "What you hear"',
                 'button "Undo" [disabled]', "status", 'heading "Cue ',
                 'progressbar "Cues checked"'):  # fmt: skip
        assert part in tree, tree


def test_the_timeline(page: Page) -> None:
    page.focus("#timeline")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    wait_until(page, "Math.abs(document.getElementById('film').currentTime - 1) < 0.1")
    box = page.locator("#overview").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] * 19.5 / 52.21, box["y"] + 5)
    assert page.get_attribute("#cue-1", "aria-selected") == "true"


def test_hostile_text_is_only_text(browser: Browser, tmp_path: Path) -> None:
    texts = [text for text in HOSTILE if text != "\ud800"]
    texts += ['"><img src=x onerror=alert(1)>', "</script><script>alert(1)</script>", "@@DATA@@"]
    path = write_page(tmp_path, annotation(file_of(texts)))
    page = browser.new_page()
    opened: list[str] = []

    def dismiss(dialog: Dialog) -> None:
        opened.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", dismiss)
    open_page(page, path.as_uri())
    rows = len(annotation(file_of(texts)).cues)
    assert page.inner_text("#listed") == str(rows)
    for _ in range(rows):
        page.keyboard.press("ArrowDown")
        assert page.locator(".cue img, .cue script, .cue b").count() == 0
        assert page.locator("#desk img, #desk script, #desk b").count() == 0
    assert page.get_attribute("#cues", "aria-activedescendant") == f"cue-{rows - 1}"
    assert opened == []
    page.close()


def test_chromium_reads_our_webvtt(browser: Browser) -> None:
    """With a <track>, as a web page has it: cues, classes, colours, and no markup from the text."""
    page = browser.new_page()
    vtt = annotation(FILM).render("vtt", colours=OKABE_ITO).decode()
    found = page.evaluate(
        """async (text) => {
          const video = document.createElement("video");
          const track = document.createElement("track");
          track.src = URL.createObjectURL(new Blob([text], { type: "text/vtt" }));
          video.append(track);
          document.body.append(video);
          track.track.mode = "showing";
          await new Promise((done, fail) => { track.onload = done; track.onerror = fail; });
          return [...track.track.cues].map((cue) => [cue.startTime, cue.endTime,
            cue.getCueAsHTML().textContent, cue.getCueAsHTML().querySelector("span")?.className]);
        }""",
        vtt,
    )
    assert [tuple(cue[:2]) for cue in found] == [(1, 3), (4, 6), (7, 9.5)]
    assert found[0][2:] == ["[angrily] Get out!", "subemo angry"]
    assert found[1][2].startswith('- JOHN: [angrily] "Fish & <chips>"?')
    page.close()


def test_no_film_is_said(browser: Browser, tmp_path: Path) -> None:
    page = browser.new_page()
    open_page(page, write_page(tmp_path, annotation(file_of(["Hi"]))).as_uri())
    page.wait_for_selector("#notice:not([hidden])")
    assert "--proxy" in page.inner_text("#notice")
    page.close()


def test_two_thousand_cues(browser: Browser, tmp_path: Path) -> None:
    """What would make a long task, counted: elements, rows made for a key, bytes read at the start."""
    if browser.browser_type.name == "firefox":
        pytest.skip("the same elements, rows and bytes are counted in Chromium")
    blocks = "".join(
        f"{i + 1}\n{i // 1800:02}:{i // 30 % 60:02}:{2 * i % 60:02},000 --> "
        f"{i // 1800:02}:{i // 30 % 60:02}:{2 * i % 60 + 1:02},500\nLine {i}, said aloud.\n\n"
        for i in range(2_000)
    )
    emotions = {i: EMOTIONS[i % 8] for i in range(2_000)}
    made = annotation(blocks.encode(), emotions, policy=TagPolicy(policy=PolicyKind.EVERY))
    page = browser.new_page()
    open_page(page, write_page(tmp_path, made).as_uri())
    wait_until(page, "document.body.dataset.captioned")
    assert page.evaluate("document.getElementById('data').textContent.length") < 2_000 * 700
    page.evaluate(
        "() => { window.rows = 0; new MutationObserver((changes) => { for (const change of changes)"
        " rows += change.addedNodes.length; }).observe(document.getElementById('rows'),"
        " {childList: true}); }"
    )
    for key in ("ArrowDown", "5", "u", "f", "f", "End", "3", "Home"):
        page.evaluate("window.rows = 0")
        page.keyboard.press(key)
        page.wait_for_timeout(60)
        assert page.evaluate("rows") < 150, key
    page.select_option("#filter", "tagged")
    assert page.inner_text("#listed") == "2000"
    assert page.locator(".cue").count() < 60
    assert page.evaluate("document.querySelectorAll('*').length") < 800
    page.close()
