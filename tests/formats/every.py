"""Files of every registered format that can be read, so that a new format is in every suite."""

from __future__ import annotations

from collections.abc import Sequence

from subemo.formats.registry import DEFAULT, FORMATS, READERS_BY_NAME
from subemo.subtitles.document import Document
from subemo.subtitles.encoding import Encoding
from subemo.tagging.policy import TagPolicy

from .build import annotation

READABLE = tuple(READERS_BY_NAME)


def line_break(form: str) -> str:
    """What ends a line within a cue."""
    empty = Document(b"", Encoding("utf-8"), form, (), ())
    return READERS_BY_NAME[form].splicing(empty).newline


def composed(form: str, texts: Sequence[str], times: Sequence[tuple[int, int]]) -> str:
    """A file as the format's writer makes it, with texts as they are, markup and all.

    Args:
        form: the name of a format that can be read
        texts: of the cues, whose lines end as `line_break` says
        times: when each appears and goes, in milliseconds, whole tenths of a second
    """
    plain = "\n".join(
        f"{i}\n{_clock(start)} --> {_clock(end)}\nQ{i}Q\n"
        for i, (start, end) in enumerate(times, 1)
    )
    made = annotation(plain.encode(), policy=TagPolicy(min_confidence=1))
    assert made.document is not None and made.document.form == DEFAULT.name
    text = READERS_BY_NAME[form].untag(FORMATS[form].write(made)).data.decode()  # no note of ours
    for i, own in enumerate(texts, 1):
        text = text.replace(f"Q{i}Q", own)
    return text


def _clock(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02},{rest:03}"
