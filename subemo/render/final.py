"""Finished captions and their film, rendered without a model."""

from __future__ import annotations

from pathlib import Path

from ..formats import parse_document, read_bytes
from ..formats.registry import styled_text
from ..tagging.annotation import AnnotatedCue, AnnotatedFilm
from ..tagging.decisions import Decision, Reason
from ..tagging.languages import language_of
from ..tagging.policy import TagPolicy

#: Tags in them are ordinary words.
_FINAL = Decision(None, Reason.HAS_TAG)


def final_film(
    captions: Path,
    video: Path | None = None,
    *,
    language: str | None = None,
    encoding: str | None = None,
) -> AnnotatedFilm:
    """Makes an annotated film from finished captions.

    Args:
        captions: a subtitle file; tags in it stay unchanged
        video: the film, or None to write captions only
        language: a BCP 47 code; None for that in the captions' name, else English
        encoding: the captions' encoding; None to detect it

    Raises:
        SubtitleError: if the captions cannot be read
    """
    document = parse_document(read_bytes(captions), path=captions, encoding=encoding)
    cues = tuple(
        AnnotatedCue(cue, None, _FINAL, styled_text(cue.text, document.form))
        for cue in document.cues
    )
    return AnnotatedFilm(
        video=video or captions,
        subtitles=captions,
        document=document,
        cues=cues,
        policy=TagPolicy(),
        model="",
        adaptation="none",
        adapted_on=0,
        duration_ms=None,
        language=language or language_of(captions) or "en",
    )
