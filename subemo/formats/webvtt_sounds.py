"""Cues of subemo's own in WebVTT: an identifier, and a span with a class, tell whose they are."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from ..tagging.presets import is_our_cue
from ..tagging.vocabulary import Vocabulary
from .spots import BlockSpot

if TYPE_CHECKING:
    from ..tagging.sounds import SoundCue

_NAME = "subemo-sound"
# Behind all cues of the file the identifier says how many line endings were put before it.
_BLOCK = re.compile(
    r"(?<![^\r\n])subemo-sound(?:-last-(?P<before>[012]))?(?:\r\n|\n|\r)"
    r"[^\r\n]*-->[^\r\n]*(?:\r\n|\n|\r)"
    r"<c\.subemo-sound\.[a-z]+>(?P<tag>[^<>\r\n]*)</c>(?:\r\n|\n|\r)(?(before)|(?:\r\n|\n|\r))"
)


def sound_block(cue: SoundCue, times: str, spot: BlockSpot) -> str:
    """See `subemo.formats.base.CaptionReader.sound_block`.

    Args:
        cue: what is shown
        times: the line of its times
        spot: where it goes
    """
    newline, before = spot.document.newline, spot.missing_endings
    name = f"{_NAME}-last-{before}" if spot.is_last else _NAME
    text = html.escape(cue.text, quote=False)
    rows = (name, times, f"<c.{_NAME}.{cue.sound.value}>{text}</c>")
    block = "".join(f"{row}{newline}" for row in rows)
    return newline * before + block + ("" if spot.is_last else newline)


def without_sound_blocks(
    text: str, decode: Callable[[str], str], words: Vocabulary | None
) -> tuple[str, int]:
    """A file's text without the cues of subemo's own, and how many those are.

    Args:
        text: the whole file, as `subemo.formats.splicing.rewritten` gives it
        decode: what that gives with it
        words: the user's own words for the emotions, if the tags are in those
    """
    parts: list[str] = []
    written = 0
    for match in _BLOCK.finditer(text):
        between = text[written : match.start()]
        count = int(match["before"] or 0)
        before = re.search(rf"(?:\r\n|\n|\r){{{count}}}\Z", between)
        if before is None or not is_our_cue(html.unescape(decode(match["tag"])), words):
            continue
        parts.append(between[: before.start()])
        written = match.end()
    return "".join([*parts, text[written:]]), len(parts)
