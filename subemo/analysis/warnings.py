"""What a user is told of subtitles, and why a cue has no answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..features.trim import MIN_SOUND_MS
from ..sources.lookup import SubtitleTrack
from ..subtitles.document import Cue, Document
from ..tagging.annotation import AnnotatedCue
from ..tagging.reasons import Decision, Reason


def why_not(cue: Cue, audio_ms: int) -> Decision:
    """Why a cue could not be classified.

    Args:
        cue: the cue
        audio_ms: how much of it lies before the end of the sound
    """
    duration_ms = cue.end_ms - cue.start_ms
    if duration_ms < MIN_SOUND_MS:
        detail = f"{duration_ms} ms, and {MIN_SOUND_MS} ms are needed"
        return Decision(None, Reason.TOO_SHORT, detail)
    if not audio_ms:
        return Decision(None, Reason.PAST_END)
    return Decision(None, Reason.TOO_LITTLE_SOUND, f"{MIN_SOUND_MS} ms are needed")


def source_warnings(track: SubtitleTrack) -> Iterator[str]:
    """What was worked around in subtitles, a line each."""
    return document_warnings(track.description, track.document)


def document_warnings(path: str, document: Document) -> Iterator[str]:
    """What was worked around in a subtitle file, a line each."""
    if document.encoding.is_guess:
        yield (
            f"{path}: not UTF-8; taken for {document.encoding.name}, which is a guess "
            "(--encoding overrides it)"
        )
    for problem in document.problems:
        place = f"{path}:{problem.line}" if problem.line else path
        yield f"{place}: {problem.message}"


def past_end_warnings(path: str, cues: Iterable[AnnotatedCue]) -> Iterator[str]:
    """The cues that start after the sound has ended, a line each."""
    for cue in cues:
        if cue.decision.reason is Reason.PAST_END:
            yield f"{path}:{cue.cue.line}: this cue starts after the sound has ended"
