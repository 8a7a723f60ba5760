"""Cues for a film that has no subtitles: where it sounds, where somebody speaks, what is said."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager

from ..align import SilencePolicy, cut, measure, split_on_silence, windows
from ..align.voice_activity import SAMPLE_RATE, SpeechPolicy, split_on_speech
from ..media.audio import Samples
from ..subtitles.document import Cue
from ..tagging.limits import ReadingLimits
from ..transcription.whisper import Transcriber, together
from .transcript import compose

#: The film's sound at a rate, under the name of what it is wanted for.
Sound = Callable[[str, int], AbstractContextManager[Iterable[Samples]]]

#: At what rate levels are measured, in hertz.
_LEVEL_RATE = 22_050


def find_cues(
    sound: Sound,
    split: SilencePolicy | SpeechPolicy,
    transcriber: Transcriber | None,
    limits: ReadingLimits,
) -> tuple[Cue, ...]:
    """A cue for each stretch, with the words that are said in it if somebody writes them down.

    Args:
        sound: gives the film's sound, as often as it is asked
        split: how the film is cut
        transcriber: who writes the words down; None leaves the cues empty
        limits: what can be read, for cues of words
    """
    stretches = list(_stretches(sound, split, limits))
    if transcriber is None:
        return tuple(Cue(index, start, end, "") for index, (start, end) in enumerate(stretches))
    with sound("writing down", SAMPLE_RATE) as blocks:
        segments = cut(blocks, together(stretches), sample_rate=SAMPLE_RATE)
        words = (word for segment in segments for word in transcriber.words(segment))
        return compose(words, limits)


def _stretches(
    sound: Sound, split: SilencePolicy | SpeechPolicy, limits: ReadingLimits
) -> Iterator[tuple[int, int]]:
    if isinstance(split, SilencePolicy):
        with sound("finding silence", _LEVEL_RATE) as blocks:
            yield from split_on_silence(measure(blocks, sample_rate=_LEVEL_RATE), split)
        return
    with sound("finding speech", SAMPLE_RATE) as blocks:
        for start_ms, end_ms in split_on_speech(blocks, split):
            yield from windows(start_ms, end_ms, longest_ms=limits.longest_ms)
