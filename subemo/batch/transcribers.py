"""What transcribes films without subtitles."""

from __future__ import annotations

from ..core.errors import SubtitleError
from ..sources.lookup import SubtitleTrack
from ..transcription.whisper import Transcriber
from .jobs import Job


def transcriber_for(job: Job, source: SubtitleTrack | None) -> Transcriber | None:
    """What transcribes a film: nothing if it has subtitles, or gets tags alone.

    Args:
        job: the film
        source: its subtitles, or None

    Raises:
        SubtitleError: if it has none, and needs them
    """
    if source is not None or job.settings.without == "tags":
        return None
    if job.settings.without == "transcribe":
        return _transcriber(job.settings.language)
    raise SubtitleError(
        "no subtitles beside this film or in it",
        path=job.video,
        remedy='Add subtitles, or use `without="transcribe"` (or `without="tags"`).',
    )


_transcribers: dict[str | None, Transcriber] = {}


def _transcriber(language: str | None) -> Transcriber:
    """One transcriber for all films of a process."""
    if language not in _transcribers:
        _transcribers[language] = Transcriber(language=language)
    return _transcribers[language]
