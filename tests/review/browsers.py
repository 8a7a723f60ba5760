"""The browsers that the pages are tested in, each where it is installed: Chromium, and Firefox as it is distributed."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

BROWSERS = ("chromium", "firefox")


def _installed(variable: str, *names: str) -> str | None:
    found = (shutil.which(name) for name in names)
    return os.environ.get(variable) or next(filter(None, found), None)


CHROMIUM = _installed("SUBEMO_CHROMIUM", "chromium", "chrome")
FIREFOX = _installed("SUBEMO_FIREFOX", "firefox", "firefox-esr")
#: What keeps a browser in a closed network from asking for its maker's hosts.
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
             "--disable-background-networking", "--disable-component-update", "--disable-sync",
             "--autoplay-policy=no-user-gesture-required"]  # fmt: skip


#: Keeps what the page hands to the browser's downloads.
KEEPS_EXPORTS = """
    window.exported = [];
    const url = URL.createObjectURL;
    URL.createObjectURL = (blob) => { exported.push(blob); return url.call(URL, blob); };
"""


@contextmanager
def launched(name: str) -> Iterator[Browser]:
    """A browser by its name in `BROWSERS`; skips the test where it is not installed."""
    from playwright.sync_api import sync_playwright

    path = CHROMIUM if name == "chromium" else FIREFOX
    if path is None:
        pytest.skip(f"no {name.title()} is installed")
    with sync_playwright() as playwright:
        if name == "chromium":
            browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        else:
            # By WebDriver BiDi, which every Firefox speaks: not only the one that Playwright patches.
            browser = playwright.firefox.launch(
                channel="moz-firefox",
                executable_path=path,
                firefox_user_prefs={"media.autoplay.default": 0},
            )
        yield browser
        browser.close()


def open_page(page: Page, url: str) -> None:
    """Opens a page of subemo's and waits until it answers keys."""
    page.goto(url)
    page.wait_for_selector("body[data-ready]", timeout=120_000)


def wait_until(page: Page, expression: str) -> None:
    """As `wait_for_function`, which the page's own security policy keeps from its work."""
    deadline = time.monotonic() + 120
    while not page.evaluate(expression):
        assert time.monotonic() < deadline, expression
        page.wait_for_timeout(50)


def is_firefox(page: Page) -> bool:
    """Whether a page is shown by Firefox."""
    return page.context.browser is not None and page.context.browser.browser_type.name == "firefox"


def use_scheme(page: Page, scheme: str) -> None:
    """Makes a page light or dark, by its button where the browser cannot be told to prefer one."""
    shown = "getComputedStyle(document.documentElement).colorScheme"
    for _ in range(3):
        if page.evaluate(shown) == scheme:
            return
        page.evaluate("document.getElementById('theme').click()")  # a phone does not show it
    raise AssertionError(f"the page cannot be made {scheme}")


def exported(page: Page, name: str) -> bytes:
    """What the page makes, without the browser's download of it."""
    page.evaluate(f"document.getElementById('export-{name}').click()")
    made = page.evaluate("async () => [...new Uint8Array(await exported.at(-1).arrayBuffer())]")
    return bytes(made)
