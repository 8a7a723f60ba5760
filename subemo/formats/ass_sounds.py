"""Cues of subemo's own in Advanced SubStation: lines whose text begins with a comment that marks them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from ..subtitles.encoding import Encoding
from ..tagging.presets import is_our_cue
from ..tagging.vocabulary import Vocabulary
from .ass_event import like_most
from .splicing import rewritten
from .spots import BlockSpot

if TYPE_CHECKING:
    from ..tagging.sounds import SoundCue

#: A line of subemo's own; where it was put behind a last line without an ending, it says so.
_SOUND = re.compile(
    r"(?P<before>(?:\r\n|\n|\r)?)(?<![^\r\n])Dialogue:[^\r\n{}]*,"
    r"\{=subemo-sound (?P<last>last )?[a-z]+\}(?P<tag>[^{}\r\n]*)\{=\}(?(last)|(?:\r\n|\n|\r))"
)


def sound_line(cue: SoundCue, times: tuple[str, str], text: str, spot: BlockSpot) -> str:
    """See `subemo.formats.base.CaptionReader.sound_block`; in the style of most cues.

    Args:
        cue: what is shown
        times: when, as the script has times
        text: what the viewer reads, without what would be markup
        spot: where it goes
    """
    mark = "last " if spot.is_behind_open_line else ""
    said = f"{{=subemo-sound {mark}{cue.sound.value}}}{text}{{=}}"
    fields = {"name": "", "actor": "", "effect": "", "text": said}
    fields |= {"start": times[0], "end": times[1]}
    line, newline = like_most(spot.document, fields), spot.document.newline
    return f"{newline}{line}" if spot.is_behind_open_line else f"{line}{newline}"


def without_sound_lines(
    data: bytes, encoding: Encoding, words: Vocabulary | None
) -> tuple[bytes, int]:
    """A script without the lines of subemo's own, and how many those are.

    Args:
        data: the script
        encoding: of it
        words: the user's own words for the emotions, if the tags are in those
    """
    removed = 0

    def bare(text: str, decode: Callable[[str], str]) -> str:
        def gone(match: re.Match[str]) -> str:
            nonlocal removed
            is_last = match["last"] is not None
            if not is_our_cue(decode(match["tag"]), words) or (is_last and not match["before"]):
                return match[0]
            removed += 1
            return "" if is_last else match["before"]

        return _SOUND.sub(gone, text)

    return rewritten(data, encoding, bare), removed
