"""Warnings about subtitles, and reasons for cues without a prediction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..features.trim import MIN_SOUND_MS
from ..sources.lookup import SubtitleTrack
from ..subtitles.document import Cue, Document
from ..tagging.annotation import AnnotatedCue
from ..tagging.decisions import Decision, Reason


def why_not(cue: Cue, audio_ms: int) -> Decision:
    """Why a cue could not be classified.

    Args:
        cue: the cue
        audio_ms: how much of it is before the end of the sound
    """
    duration_ms = cue.end_ms - cue.start_ms
    if duration_ms < MIN_SOUND_MS:
        detail = f"{duration_ms} ms, and {MIN_SOUND_MS} ms are needed"
        return Decision(None, Reason.TOO_SHORT, detail)
    if not audio_ms:
        return Decision(None, Reason.PAST_END)
    return Decision(None, Reason.TOO_LITTLE_SOUND, f"{MIN_SOUND_MS} ms are needed")


def source_warnings(track: SubtitleTrack) -> Iterator[str]:
    """Warnings about problems in subtitles."""
    return document_warnings(track.description, track.document)


def document_warnings(path: str, document: Document) -> Iterator[str]:
    """Warnings about problems in a subtitle file."""
    if document.encoding.is_guess:
        yield (
            f"{path}: not UTF-8; the encoding is guessed as {document.encoding.name} "
            "(set `encoding` to override)"
        )
    for problem in document.problems:
        place = f"{path}:{problem.line}" if problem.line else path
        yield f"{place}: {problem.message}"


def past_end_warnings(path: str, cues: Iterable[AnnotatedCue]) -> Iterator[str]:
    """Warnings about cues that start after the end of the sound."""
    for cue in cues:
        if cue.decision.reason is Reason.PAST_END:
            yield f"{path}:{cue.cue.line}: this cue starts after the end of the sound"
