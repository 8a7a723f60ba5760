"""Films of tones whose picture and sound begin at 3 s, in Chromium: it plays what subemo heard."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from subemo.media import stream_audio
from subemo.render.films import final_film, proxy
from subemo.review.session import Session

from ..conftest import run_ffmpeg, write_srt
from ..render.tones import RATE, film_of_tones
from .browsers import launched, open_page, wait_until
from .sitting import Line, heard_film, served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

#: How near the browser's beginning must be, in seconds: 0 and 3 are told apart, however seldom a busy machine looks.
NEAR_S = 0.5

#: Plays the film from 6 s on, and notes the brightest frequency, the picture and the time.
_PLAYED = """async (film) => {
  const audio = new AudioContext(), ear = audio.createAnalyser();
  ear.fftSize = 2048; ear.smoothingTimeConstant = 0;
  audio.createMediaElementSource(film).connect(ear); ear.connect(audio.destination);
  await audio.resume();
  film.currentTime = 6.7;
  await film.play();
  const canvas = document.createElement("canvas"), levels = new Float32Array(ear.frequencyBinCount);
  const brush = canvas.getContext("2d", { willReadFrequently: true }), seen = [];
  for (const until = performance.now() + 20000; film.currentTime < 9.7 && performance.now() < until;) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    ear.getFloatFrequencyData(levels);
    const loudest = levels.reduce((best, level, i) => (level > levels[best] ? i : best), 0);
    brush.drawImage(film, 0, 0, 16, 9);
    seen.push([film.currentTime, levels[loudest] > -50 ? loudest * audio.sampleRate / 2048 : 0,
               film.videoWidth ? brush.getImageData(8, 2, 1, 1).data[0] : -1]);
  }
  film.pause();
  return seen;
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched("chromium") as browser:
        yield browser


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A film of tones that starts at 3 s, in several containers."""
    folder = tmp_path_factory.mktemp("tones in chromium")
    film = film_of_tones(folder)
    for kind, *codecs in (("mp4", "copy"), ("mkv", "copy"), ("ts", "copy"), ("mpg", "mpeg2video", "mp2"),
                          ("webm", "libvpx", "libvorbis")):  # fmt: skip
        run_ffmpeg(
            "-i", film, "-r", "25", "-c:v", codecs[0], "-c:a", codecs[-1], "-ar", "44100", "-muxdelay", "0",
            "-output_ts_offset", "3", folder / f"film.{kind}",
        )  # fmt: skip
    return folder


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: Any) -> None: ...

    with http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), partial(Handler, directory=folder)
    ) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def begins(played: list[tuple[float, float, int]]) -> tuple[float, float]:
    """When picture and sound begin for the browser: the median of what each moment tells."""
    sounds = {round(hertz / 100) - 4: at for at, hertz, _ in reversed(played) if hertz}
    pictures = {round(light * 219 / 255 / 15): at for at, _, light in reversed(played)}
    first_picture, first_sound = min(pictures), min(sounds)  # of which the beginning may be missed
    return (
        float(
            np.median([at - second for second, at in pictures.items() if second > first_picture])
        ),
        float(
            np.median([at - second - 0.25 for second, at in sounds.items() if second > first_sound])
        ),
    )


def heard(film: Path) -> float:
    """When the sound begins for subemo."""
    level = np.abs(np.concatenate(list(stream_audio(film, sample_rate=RATE)))) > 0.2
    return float(np.flatnonzero(level)[0] / RATE - 0.25)


@pytest.mark.parametrize("kind", ["mp4", "mkv", "webm"])
def test_the_film_itself(browser: Browser, folder: Path, address: str, kind: str) -> None:
    page = browser.new_page()
    page.goto(address)
    page.set_content("<video id=film preload=auto></video>")
    check(page, folder / f"film.{kind}", f"{address}film.{kind}", 3.0)


@pytest.mark.parametrize("kind", ["ts", "mpg", "mp4"])
def test_a_copy_of_it(browser: Browser, folder: Path, address: str, kind: str) -> None:
    film, copy = folder / f"film.{kind}", f"copy of {kind}.mp4"
    proxy(final_film(write_srt(folder / "film.srt", [(0, 1, "Hi")]), film), folder / copy)
    page = browser.new_page()
    page.goto(address)
    page.set_content("<video id=film preload=auto></video>")
    check(page, film, f"{address}{copy}", 3.0 if kind == "mp4" else 0.0)


def check(page: Page, film: Path, url: str, begin: float) -> None:
    assert heard(film) == pytest.approx(begin, abs=0.1)
    page.evaluate("(url) => { document.getElementById('film').src = url; }", url)
    wait_until(page, "document.getElementById('film').readyState == 4")
    played = page.evaluate(f"({_PLAYED})(document.getElementById('film'))")
    assert begins(played) == pytest.approx((begin, begin), abs=NEAR_S)
    page.close()


@pytest.mark.parametrize("kind", ["mp4", "ts"])
def test_the_studio(browser: Browser, folder: Path, tmp_path: Path, kind: str) -> None:
    """The page's clock, its picture and sound, and its captions."""
    film = folder / f"film.{kind}"
    lines = [Line("first"), Line("second")]
    session = Session(
        heard_film(tmp_path, film, lines, step_ms=7_000), tmp_path / "film.judged.json"
    )
    with served(session, tmp_path) as server:
        page = browser.new_page()
        open_page(page, server.url)
        wait_until(page, "document.getElementById('film').src.endsWith('/proxy')")
        wait_until(page, "document.getElementById('film').readyState == 4")
        played = page.evaluate(f"({_PLAYED})(document.getElementById('film'))")
        begin = heard(film)
        assert begins(played) == pytest.approx((begin, begin), abs=NEAR_S)
        cues = page.evaluate(
            "[...document.getElementById('film').textTracks[0].cues].map((cue) => cue.startTime)"
        )
        assert cues == [0, 7]
        page.close()
