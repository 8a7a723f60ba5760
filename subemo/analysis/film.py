"""A film: its contents, and the sound to analyse as a stream."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ..align.channels import speaks_in_centre
from ..core.printable import plain
from ..core.progress import OnStep, Step, ignore
from ..core.settings import check_number
from ..media import AudioStream, MediaInfo, check_audio, chosen_track, stream_audio
from ..media.audio import Samples


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
