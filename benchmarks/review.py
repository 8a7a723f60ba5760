"""How long a review page of 2,000 cues, with the studio's script, blocks the browser.

``python -m benchmarks.review``, with Chromium installed and playwright in the
environment. Prints the longest task of each user action, in
milliseconds; tasks below 50 do not count as long in browsers.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from subemo.core.emotions import EMOTIONS
from subemo.review import review_page
from subemo.tagging.policy import PolicyKind, TagPolicy
from subemo.tagging.vocabulary import vocabulary_of
from tests.formats.build import annotation
from tests.review.browsers import ARGUMENTS, CHROMIUM, open_page

CUES = 2_000
KEYS = ("ArrowDown", "5", "u", "f", "f", "End", "3", "Home")
_WATCH = (
    "window.longTasks = []; new PerformanceObserver((list) => longTasks.push("
    "...list.getEntries().map((e) => e.duration))).observe({type: 'longtask', buffered: true});"
)


def subtitles() -> bytes:
    """An hour of lines, one every two seconds."""

    def clock(ms: int) -> str:
        return f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02},{ms % 1000:03}"

    return "".join(
        f"{i + 1}\n{clock(2_000 * i)} --> {clock(2_000 * i + 1_500)}\nLine {i}, said aloud.\n\n"
        for i in range(CUES)
    ).encode()


def main() -> int:
    """Measures once and prints the results."""
    from playwright.sync_api import sync_playwright

    if CHROMIUM is None:
        print("no Chromium is installed", file=sys.stderr)
        return 1
    emotions = {i: EMOTIONS[i % 8] for i in range(CUES)}
    made = annotation(subtitles(), emotions, policy=TagPolicy(policy=PolicyKind.EVERY))
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        path = Path(folder) / "page.html"
        vocabulary = vocabulary_of("en")
        assert vocabulary is not None
        path.write_bytes(
            review_page(made, vocabulary, media=path.with_name("film.mp4"), output=path)
        )
        print(f"page of {CUES} cues: {path.stat().st_size / 1e6:.1f} MB")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        page.add_init_script(_WATCH)
        open_page(page, path.as_uri())

        def report(what: str) -> None:
            page.wait_for_timeout(300)
            print(f"{what}: {max(page.evaluate('longTasks.splice(0)'), default=0):.0f} ms")

        report("open")
        for key in KEYS:
            page.keyboard.press(key)
            report(f"key {key}")
        page.select_option("#filter", "tagged")
        report("filter")
        page.keyboard.press("Home")
        page.keyboard.press("p")
        page.click("#export-vtt")
        report("export")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
