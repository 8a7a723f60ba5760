"""A film: its contents, and the sound to analyse as a stream.

Films with five or more channels usually have the dialogue in the centre (ITU-R
BS.775, "multichannel stereophonic sound system"), with less music and noise
around it. Some do not: a stereo film converted to surround has an empty or weak
centre. So speech is measured in both the centre and the mix, at several places.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ..align.voice_activity import SAMPLE_RATE, speech_probabilities
from ..core.printable import plain
from ..core.progress import OnStep, Step, ignore
from ..core.settings import check_number
from ..core.times import DAY_MS
from ..media import (
    AudioStream,
    DecodingError,
    MediaInfo,
    check_audio,
    chosen_track,
    decode_audio,
    stream_audio,
)
from ..media.audio import Samples

#: The number of places in a film where channels are compared, and their duration.
_PLACES, _PLACE_MS = 12, 5_000
#: The probability at which a chunk of 32 ms counts as speech.
_IS_SPEECH = 0.5
#: The share of the speech in the mix that must be found in the centre to use it.
_SHARE = 0.8


@dataclass(frozen=True)
class Film:
    """A film or sound file, probed once.

    Attributes:
        path: the file
        info: the contents of its container
        audio_stream: audio track to analyse, from 0; None for the default track

    Example:
        >>> import subemo
        >>> film = subemo.open_film("samples/trailer.mp4")
        >>> with film.sound("extracting features", 16_000) as blocks:
        ...     next(blocks).dtype.name
        'float32'
    """

    path: Path
    info: MediaInfo
    audio_stream: int | None = None

    @property
    def track(self) -> AudioStream:
        """The audio track that is analysed."""
        return chosen_track(self.info, self.audio_stream)

    @property
    def track_of_several(self) -> str:
        """Which of several audio tracks is analysed, for people; empty if there is one."""
        if len(self.info.audio) == 1:
            return ""
        language = plain(self.track.language or "language unknown")
        count = len(self.info.audio)
        return f"{self.track.number} of {count}, counted from 0 ({language}, {self.track.layout})"

    @cached_property
    def has_voice_in_centre(self) -> bool:
        """Whether the voices are in the centre channel; if so, only that is analysed."""
        return speaks_in_centre(self.path, self.info, self.audio_stream)

    @property
    def heard(self) -> str:
        """The track and channels that are analysed, for keys of caches."""
        return f"stream {self.track.index}, {'centre' if self.has_voice_in_centre else 'all'}"

    def sound(
        self,
        stage: str,
        sample_rate: int,
        *,
        on_step: OnStep = ignore,
        on_warning: Callable[[str], None] = lambda _: None,
    ) -> AbstractContextManager[Iterator[Samples]]:
        """Opens its sound as a stream of blocks, which must be closed.

        Args:
            stage: name of the stage in progress reports
            sample_rate: in hertz
            on_step: called after each decoded block
            on_warning: called with a message if damaged sound was skipped

        Returns:
            a context of mono blocks, shape (samples,), in -1 to 1

        Raises:
            MediaError: during decoding, if it fails
        """
        blocks = stream_audio(
            self.path,
            sample_rate=sample_rate,
            audio_stream=self.audio_stream,
            centre=self.has_voice_in_centre,
            on_warning=on_warning,
        )
        return closing(_watched(blocks, sample_rate, self.info, stage, on_step))


def open_film(path: str | Path, *, audio_stream: int | None = None) -> Film:
    """Opens a film or sound file and checks that it has sound.

    Args:
        path: the file
        audio_stream: audio track to analyse, from 0; None for the default track

    Raises:
        MediaError: if it cannot be read or has no such track
        SettingsError: if *audio_stream* is invalid

    Example:
        >>> import subemo
        >>> film = subemo.open_film("samples/trailer.mp4")
        >>> film.info.duration_ms
        52210
    """
    if audio_stream is not None:
        check_number("audio_stream", audio_stream, low=0)
    path = Path(path)
    return Film(path, check_audio(path, audio_stream), audio_stream)


def speaks_in_centre(path: Path, info: MediaInfo, audio_stream: int | None = None) -> bool:
    """Whether a film's speech is in its centre channel.

    Args:
        path: the film
        info: what it holds
        audio_stream: audio track, from 0; None for the default track

    Returns:
        False also if there is no centre in any of the places, or no speech
    """
    if not chosen_track(info, audio_stream).has_centre:
        return False

    def speech(centre: bool) -> int:
        blocks = _excerpts(path, info, audio_stream, centre)
        return sum(probability >= _IS_SPEECH for probability in speech_probabilities(blocks))

    in_all = speech(centre=False)
    try:
        in_centre = speech(centre=True)
    except DecodingError:
        return False  # the channels change, and some part has no centre
    return in_centre > 0 and in_centre >= _SHARE * in_all


def _excerpts(
    path: Path, info: MediaInfo, audio_stream: int | None, centre: bool
) -> Iterator[Samples]:
    # A header may claim ten years; at most a day is analysed.
    duration_ms = min(info.duration_ms or _PLACE_MS, DAY_MS)
    places = min(_PLACES, -(-duration_ms // _PLACE_MS))
    for place in range(places):
        blocks = decode_audio(
            path,
            sample_rate=SAMPLE_RATE,
            audio_stream=audio_stream,
            centre=centre,
            start_ms=duration_ms * place // places,
            duration_ms=_PLACE_MS,
        )
        with closing(blocks):
            yield from blocks


def _watched(
    blocks: Generator[Samples], sample_rate: int, info: MediaInfo, stage: str, on_step: OnStep
) -> Generator[Samples]:
    """Passes blocks on and reports each as progress."""
    samples = 0
    # Closed with this generator, since it runs ffmpeg.
    with closing(blocks):
        for block in blocks:
            samples += block.size
            on_step(Step(stage, samples * 1000 // sample_rate, info.end_ms))
            yield block
