"""Fuzzes captions: damaged subtitle files, checked by independent readers including Chromium.

``make fuzz``, or ``python -m fuzz.captions SECONDS [FOLDER]`` with a folder of
your own subtitle files. Every cue is tagged, the captions are checked and
written, and pysrt, pysubs2, webvtt-py and, for WebVTT, a browser's ``<track>``
report missing words and cues. A failing file is saved in the temporary
folder and ends the run with exit code 1.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from subemo.captions import untag
from subemo.core.errors import SubemoError
from subemo.formats.registry import FORMATS, READ_SUFFIXES
from subemo.proof import prove
from subemo.tagging.colours import OKABE_ITO
from tests.formats.attack import (
    _words,
    complaints,
    examples,
    mutated,
    read_by_pysrt,
    read_by_pysubs2,
    read_by_webvtt,
)
from tests.formats.build import annotation
from tests.proof.test_sound_cues import own

_TRACK = """
text => new Promise(done => {
  const film = document.createElement('video');
  const track = document.createElement('track');
  const url = URL.createObjectURL(new Blob([text], {type: 'text/vtt'}));
  const end = () => { URL.revokeObjectURL(url); film.remove(); };
  track.addEventListener('load', () => {
    done([...track.track.cues].map(cue => [Math.round(cue.startTime * 1000), cue.text]));
    end();
  });
  track.addEventListener('error', () => { done(null); end(); });
  track.src = url;
  film.append(track);
  document.body.append(film);
  track.track.mode = 'hidden';
})
"""


@contextmanager
def chromium() -> Iterator[Callable[[str, str], Any] | None]:
    """A browser as a WebVTT reader; None if there is none."""
    program = os.environ.get("SUBEMO_CHROMIUM") or shutil.which("chromium")
    if program is None:
        print("Chromium is not installed: skipping its <track>", file=sys.stderr)
        yield None
        return
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page()

        def read_by_chromium(text: str, form: str) -> Any:
            if form != "vtt":
                return None
            cues = page.evaluate(_TRACK, text)
            return None if cues is None else [(start, _words(words)) for start, words in cues]

        yield read_by_chromium
        browser.close()


def _late(data: bytes, chance: random.Random) -> bytes:
    """Cues after ten hours."""
    hours = chance.choice([b"10:", b"11:", b"99:", b"123:"])
    return re.sub(rb"(?<![\d:])0?0:(?=\d\d:\d)", hours, data)


def _damaged(data: bytes, chance: random.Random) -> bytes:
    """Times that have to be recovered."""
    old, new = chance.choice(
        [(rb"(:\d\d)[.,](\d\d)", rb"\1:\2"), (rb"-->", b"-x->"), (b",0:", b",")]
    )
    return re.sub(old, new, data)


def _together(data: bytes, chance: random.Random) -> bytes:
    """Many cues that start together."""
    return re.sub(rb"\d\d:\d\d[.,]\d{3}(?= *-->)", b"00:01.000", data).replace(
        b"00:01.000", b"00:01,000", chance.choice([0, -1])
    )


def _encoded(data: bytes, chance: random.Random) -> bytes:
    """Another encoding, with line feeds alone or both."""
    text = data.decode("utf-8", "replace")
    if chance.random() < 0.5:
        text = re.sub(r"\r\n?", "\n", text)
    name = chance.choice(["utf-16-le", "utf-16-be", "cp1252", "cp1250", "cp1251", "shift_jis"])
    return (("\ufeff" if name.startswith("utf") else "") + text).encode(name, "ignore")


_KINDS = (_late, _damaged, _together, _encoded)


def with_sounds(data: bytes, chance: random.Random) -> None:
    """Sound cues, colours and another format: refused with a remedy, or written and read."""
    try:
        made = annotation(untag(Path("film.subs"), data).data)
        sounds = (own(chance.randrange(60_000)), own(chance.randrange(60_000, 10**8)))
        made = replace(made, sound_cues=tuple(sorted(sounds, key=lambda one: one.start_ms)))
        prove(made, made.form, colours=chance.choice([None, OKABE_ITO]))
        prove(made, chance.choice(sorted(FORMATS)), colours=chance.choice([None, OKABE_ITO]))
    except SubemoError as error:
        assert error.remedy, error


def main(seconds: float, folder: Path | None) -> int:
    """Damages and checks files for a number of seconds.

    Returns:
        the exit code
    """
    files = examples()
    if folder is not None:
        files += sorted(path for path in folder.rglob("*") if path.suffix.lower() in READ_SUFFIXES)
    seed = int(os.environ.get("SUBEMO_SEED", time.time_ns() % 2**32))
    chance = random.Random(seed)
    until = time.monotonic() + seconds
    tried = 0
    out = Path(tempfile.mkdtemp())
    with chromium() as browser:
        readers = [read_by_pysrt, read_by_pysubs2, read_by_webvtt, *([browser] if browser else [])]
        while time.monotonic() < until:
            data = chance.choice(files).read_bytes()[: chance.choice([2_000, 20_000, 10**7])]
            if chance.random() < 0.5:
                data = chance.choice(_KINDS)(data, chance)
            spoilt = mutated(data, chance) if chance.random() < 0.8 else data
            found = list(complaints(spoilt, out, chance, readers))
            with_sounds(spoilt, chance)
            tried += 1
            if found:
                kept = out / "failed.subs"
                kept.write_bytes(spoilt)
                print(*found, f"seed {seed}, file {tried}, saved as {kept}", sep="\n")
                return 1
    print(
        f"{tried} damaged files from {len(files)}, seed {seed}: no word was lost, all were stripped"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None))
