"""TSV with all data, one line per cue, for spreadsheets and scripts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..core.emotions import EMOTIONS
from ..core.tables import tsv_rows, tsv_table
from ..tagging.colours import Palette
from .base import CaptionWriter, PlainCue

if TYPE_CHECKING:
    from ..tagging.annotation import AnnotatedCue, AnnotatedFilm
    from ..tagging.sounds import SoundCue

_COLUMNS = (
    "index", "start", "end", "shown_end", "text", "emotion", "confidence", "tag", "shown",
    "placed", "reason", "detail", "remedy", *(emotion.value for emotion in EMOTIONS),
)  # fmt: skip


class Tsv(CaptionWriter):
    r"""Tab-separated cells, with ``\t`` and ``\n`` as escapes; times in milliseconds."""

    name = "tsv"
    suffixes = (".tsv",)
    is_data = True

    def write(self, annotation: AnnotatedFilm, *, colours: Palette | None = None) -> bytes:
        """See `subemo.formats.base.CaptionWriter.write`."""
        own = (_own_row(cue) for cue in annotation.sound_cues)
        rows = [_COLUMNS, *(_row(cue) for cue in annotation.cues), *own]
        return tsv_table(rows).encode("utf-8", "backslashreplace")

    def cues_in(self, data: bytes) -> Iterator[PlainCue]:
        """See `subemo.formats.base.CaptionWriter.cues_in`."""
        for row in tsv_rows(data.decode()):
            yield int(row["start"]), int(row["end"]), row["text"]


def _row(cue: AnnotatedCue) -> tuple[object, ...]:
    decision, prediction = cue.decision, cue.prediction
    probabilities = prediction.by_emotion() if prediction else dict.fromkeys(EMOTIONS, "")
    return (
        cue.index,
        cue.start_ms,
        cue.end_ms,
        cue.shown_end_ms,
        cue.text,
        prediction.emotion.value if prediction else "",
        f"{prediction.confidence:.6f}" if prediction else "",
        decision.tag.value if decision.tag else "",
        decision.text,
        ("above" if decision.is_above else "inline") if decision.tag else "",
        decision.reason.value,
        decision.detail,
        decision.remedy.value,
        *probabilities.values(),
    )


def _own_row(cue: SoundCue) -> tuple[object, ...]:
    """A cue of subemo's own: behind those of the input, without an index and without words."""
    known = {
        "start": cue.start_ms,
        "end": cue.end_ms,
        "shown_end": cue.end_ms,
        "confidence": f"{cue.probability:.6f}",
        "tag": cue.sound.value,
        "shown": cue.text,
        "reason": "a sound between cues",
    }
    return tuple(known.get(name, "") for name in _COLUMNS)


FORMAT = Tsv()
