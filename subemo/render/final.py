"""Captions that are final, with the film that they belong to: nothing is asked, nothing decided."""

from __future__ import annotations

from pathlib import Path

from ..formats import parse_document, read_bytes
from ..formats.registry import styled_text
from ..tagging.annotation import AnnotatedCue, AnnotatedFilm
from ..tagging.languages import language_of
from ..tagging.policy import TagPolicy
from ..tagging.reasons import Decision, Reason

#: Tags, if there are any, are words like others.
_FINAL = Decision(None, Reason.HAS_TAG)


def final_film(
    captions: Path,
    video: Path | None = None,
    *,
    language: str | None = None,
    encoding: str | None = None,
) -> AnnotatedFilm:
    """A film whose captions are as they will be shown.

    Args:
        captions: a subtitle file; the tags in it stay as they are
        video: the film, or None where captions alone are written
        language: a BCP 47 code; None for what the captions' name tells, else English
        encoding: the user's word for how the captions are encoded

    Raises:
        SubtitleError: if the captions cannot be understood
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
