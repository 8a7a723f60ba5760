"""A film: what is in it, which of its sound is analysed, and that sound as a stream."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ..align.channels import speaks_in_centre
from ..core.progress import OnStep, Step, ignore
from ..core.settings import check_number
from ..media import MediaInfo, check_audio, stream_audio
from ..media.audio import Samples


@dataclass(frozen=True)
class Film:
    """A film or sound file, probed once.

    Attributes:
        path: where it lies
        info: what its container holds
        audio_stream: which sound track is analysed, from 0; None for ffmpeg's choice

    Example:
        >>> import subemo
        >>> film = subemo.open_film("samples/trailer.mp4")
        >>> with film.sound("listening", 16_000) as blocks:
        ...     next(blocks).dtype.name
        'float32'
    """

    path: Path
    info: MediaInfo
    audio_stream: int | None = None

    @cached_property
    def has_voice_in_centre(self) -> bool:
        """Whether the voices are in its centre channel, which is then the only one analysed."""
        return speaks_in_centre(self.path, self.info, self.audio_stream)

    def sound(
        self,
        stage: str,
        sample_rate: int,
        *,
        on_step: OnStep = ignore,
        on_warning: Callable[[str], None] = lambda _: None,
    ) -> AbstractContextManager[Iterator[Samples]]:
        """Its sound as a stream of blocks, which must be closed.

        Args:
            stage: what it is decoded for, as progress calls it
            sample_rate: in hertz
            on_step: called after each block that is decoded
            on_warning: called with a line on damage that was worked around

        Returns:
            a context with mono blocks of shape (samples,), in -1 to 1

        Raises:
            MediaError: while it is decoded, if it cannot be
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
    """A film or sound file, checked: it can be read, and has sound.

    Args:
        path: the file
        audio_stream: which sound track is analysed, from 0; None for ffmpeg's choice

    Raises:
        MediaError: if it cannot be read, or has no such sound
        SettingsError: if there cannot be such a track

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
    """The same blocks; each one is reported as it goes by."""
    samples = 0
    # Closed with this generator: behind it is a running ffmpeg.
    with closing(blocks):
        for block in blocks:
            samples += block.size
            on_step(Step(stage, samples * 1000 // sample_rate, info.duration_ms))
            yield block
