"""What the studio and a review page of 2,000 cues cost the browser's main thread.

``python -m benchmarks.review``, with Chromium installed and playwright in the
environment. From Chromium's own trace it prints, of opening the page and of
each user action, the longest task on the page's main thread in milliseconds: the
processor's time, which other work on the machine does not lengthen, and the
clock's. Browsers call tasks from 50 ms on long.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from subemo.core.emotions import EMOTIONS
from subemo.review import review_page
from subemo.review.session import Session
from subemo.tagging.policy import PolicyKind, TagPolicy
from subemo.tagging.vocabulary import vocabulary_of
from tests.conftest import SAMPLES
from tests.formats.build import annotation
from tests.review.browsers import ARGUMENTS, CHROMIUM, open_page
from tests.review.sitting import Line, heard_film, served

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CUES = 2_000
KEYS = ("ArrowDown", "5", "4", "u", "y", "f", "o", "f", "o", "End", "3", "Home", "+", "g")
_CATEGORIES = ["toplevel", "devtools.timeline", "loading", "__metadata"]


def subtitles() -> bytes:
    """An hour of lines, one every two seconds."""

    def clock(ms: int) -> str:
        return f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02},{ms % 1000:03}"

    return "".join(
        f"{i + 1}\n{clock(2_000 * i)} --> {clock(2_000 * i + 1_500)}\nLine {i}, said aloud.\n\n"
        for i in range(CUES)
    ).encode()


def page_of(folder: Path) -> Path:
    """The page without a server."""
    emotions = {i: EMOTIONS[i % 8] for i in range(CUES)}
    made = annotation(subtitles(), emotions, policy=TagPolicy(policy=PolicyKind.EVERY))
    vocabulary = vocabulary_of("en")
    assert vocabulary is not None
    path = folder / "page.html"
    path.write_bytes(review_page(made, vocabulary, media=path.with_name("film.mp4"), output=path))
    return path


def session_of(folder: Path) -> Session:
    """A sitting of the studio; the cues run on behind the end of the sample's film."""
    lines = [Line(f"Line {i}, said aloud.", EMOTIONS[i % 8], 0.5) for i in range(CUES)]
    film = heard_film(folder, SAMPLES / "trailer.mp4", lines, step_ms=3_100)
    return Session(film, folder / "film.judged.json")


def tasks(trace: bytes) -> tuple[list[dict[str, Any]], float]:
    """The tasks of the page's main thread, and when it first painted; times in microseconds."""
    events = json.loads(trace)["traceEvents"]
    mains = {
        (event["pid"], event["tid"])
        for event in events
        if event["name"] == "thread_name" and event["args"]["name"] == "CrRendererMain"
    }
    found = [
        event
        for event in events
        if event.get("ph") == "X"
        and event["name"] == "ThreadControllerImpl::RunTask"
        and (event["pid"], event["tid"]) in mains
    ]
    paints = [event["ts"] for event in events if event["name"] == "firstContentfulPaint"]
    return found, max(paints, default=0.0)


def measure(browser: Browser, url: str) -> None:
    """Opens a page, uses it, and prints what that took."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})

    def traced(what: str, act: Callable[[], None]) -> None:
        browser.start_tracing(page=page, categories=_CATEGORIES)
        act()
        page.wait_for_timeout(500)
        found, paint = tasks(browser.stop_tracing())
        if not found:
            print(f"  {what}: no task")
            return
        longest = max(found, key=lambda task: float(task.get("tdur", 0)))
        clock = max(task["dur"] for task in found) / 1_000
        print(f"  {what}: {longest.get('tdur', 0) / 1_000:.0f} ms, by the clock {clock:.0f} ms")
        if paint:
            before = [task for task in found if task["ts"] < paint]
            spent = sum(task.get("tdur", 0) for task in before) / 1_000
            shown = page.evaluate("performance.getEntriesByType('paint').at(-1).startTime")
            print(f"  first paint: after {spent:.0f} ms of work, by the clock {shown:.0f} ms")

    def scroll() -> None:
        page.mouse.move(1_200, 500)
        for _ in range(20):
            page.mouse.wheel(0, 2_000)

    traced("open", lambda: open_page(page, url))
    for key in KEYS:
        traced(f"key {key}", lambda key=key: page.keyboard.press(key))  # type: ignore[misc]
    traced("scroll the list", scroll)
    traced("find", lambda: page.fill("#find", "line 19"))
    if page.locator("#export-vtt").count():
        page.keyboard.press("Escape")
        page.keyboard.press("p")
        traced("export", lambda: page.click("#export-vtt"))
    print(f"  elements: {page.evaluate('document.querySelectorAll(`*`).length')}")
    page.close()


def main() -> int:
    """Measures once and prints the results."""
    from playwright.sync_api import sync_playwright

    if CHROMIUM is None:
        print("no Chromium is installed", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        path, session = page_of(folder), session_of(folder)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        print(f"The page of {CUES} cues, {path.stat().st_size / 1e6:.1f} MB")
        measure(browser, path.as_uri())
        with served(session, folder) as server:
            size = len(json.dumps(session.state(), separators=(",", ":"))) / 1e6
            print(f"The studio with {CUES} cues, {size:.1f} MB")
            measure(browser, server.url)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
