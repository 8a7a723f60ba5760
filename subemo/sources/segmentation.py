"""Cues for a film without subtitles, from silence, detected speech and transcription."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager

from ..align import SilencePolicy, cut, measure, split_on_silence, windows
from ..align.voice_activity import SAMPLE_RATE, SpeechPolicy, split_on_speech
from ..media.audio import Samples
from ..subtitles.document import Cue
from ..tagging.limits import ReadingLimits
from ..transcription.whisper import Transcriber, together
from ..transcription.words import Transcript

#: Opens the film's sound at a sample rate, given the name of the stage.
Sound = Callable[[str, int], AbstractContextManager[Iterable[Samples]]]

#: The sample rate at which levels are measured, in hertz.
_LEVEL_RATE = 22_050


def empty_cues(
    sound: Sound, split: SilencePolicy | SpeechPolicy, limits: ReadingLimits
) -> tuple[Cue, ...]:
    """An empty cue for each segment.

    Args:
        sound: opens the film's sound, any number of times
        split: how the film is segmented
        limits: the limits on a cue's duration
    """
    stretches = _stretches(sound, split, limits)
    return tuple(Cue(index, start, end, "") for index, (start, end) in enumerate(stretches))


def transcribed(
    sound: Sound,
    split: SilencePolicy | SpeechPolicy,
    transcriber: Transcriber,
    limits: ReadingLimits,
) -> Transcript:
    """Transcribes the film; `subemo.sources.transcript.compose` makes cues from the words.

    Args:
        sound: see `empty_cues`
        split: see `empty_cues`
        transcriber: the speech recogniser
        limits: see `empty_cues`
    """
    stretches = list(_stretches(sound, split, limits))
    with sound("transcribing", SAMPLE_RATE) as blocks:
        segments = cut(blocks, together(stretches), sample_rate=SAMPLE_RATE)
        return transcriber.transcript(segments)


def _stretches(
    sound: Sound, split: SilencePolicy | SpeechPolicy, limits: ReadingLimits
) -> Iterator[tuple[int, int]]:
    if isinstance(split, SilencePolicy):
        with sound("detecting silence", _LEVEL_RATE) as blocks:
            yield from split_on_silence(measure(blocks, sample_rate=_LEVEL_RATE), split)
        return
    with sound("detecting speech", SAMPLE_RATE) as blocks:
        for start_ms, end_ms in split_on_speech(blocks, split):
            yield from windows(start_ms, end_ms, longest_ms=limits.longest_ms)
