"""An annotated film as a table, for notebooks and pandas."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from itertools import islice
from typing import Any

from ..core.times import clock
from .annotation import AnnotatedCue, AnnotatedFilm
from .colours import OKABE_ITO

#: The most cues shown in a notebook.
_MOST_ROWS = 200


def rows(cues: Iterable[AnnotatedCue]) -> list[dict[str, Any]]:
    """A row for each cue, with the same columns; times are integer milliseconds.

    Args:
        cues: the cues of an annotated film
    """
    return [
        {
            "start_ms": cue.start_ms,
            "end_ms": cue.shown_end_ms,
            "text": cue.styled_text.plain,
            "speaker": cue.speaker,
            "emotion": cue.prediction and cue.prediction.emotion.value,
            "confidence": cue.prediction and round(cue.prediction.confidence, 6),
            "tag": cue.decision.tag and cue.decision.tag.value,
            "shown": cue.decision.text or None,
            "reason": cue.decision.reason.value,
        }
        for cue in cues
    ]


def as_html(film: AnnotatedFilm) -> str:
    """The first cues of a film as an HTML table, with escaped text."""
    lines = [
        f"<p><b>{_safe(film.video.name)}</b>: {len(film.tagged)} of {len(film.cues)} cues show a tag, "
        f"model {_safe(film.model)}</p>",
        "<table><thead><tr><th>start</th><th>caption</th><th>sounds</th><th>why</th></tr></thead><tbody>",
        *map(_row, islice(film.cues, _MOST_ROWS)),
        "</tbody></table>",
    ]
    if len(film.cues) > _MOST_ROWS:
        lines.append(f"<p>and {len(film.cues) - _MOST_ROWS} more cues</p>")
    return "\n".join(lines)


def _row(cue: AnnotatedCue) -> str:
    tag = ""
    if cue.decision.tag is not None:
        colour = OKABE_ITO[cue.decision.tag]
        tag = f'<b style="background:#000;color:{colour};padding:0 .3em">{_safe(cue.decision.text)}</b> '
    sounds = ""
    if cue.prediction is not None:
        sounds = f"{cue.prediction.emotion} {cue.prediction.confidence:.2f}"
    words = _safe(cue.styled_text.plain).replace("\n", "<br>")
    cells = (clock(max(0, cue.start_ms)), f"{tag}{words}", sounds, _safe(cue.decision.reason))
    return "<tr>" + "".join(f'<td style="text-align:left">{cell}</td>' for cell in cells) + "</tr>"


def _safe(text: str) -> str:
    return escape(text.encode("utf-8", "replace").decode())
