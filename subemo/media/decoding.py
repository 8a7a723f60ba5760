"""A film's sound as a stream, with every sample at the time of its time stamp."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np

from ..core.errors import MediaError
from .audio import Samples
from .ffmpeg import GUARDS, arguments_of, decoder, file_url
from .probing import AudioStream, chosen_track, probe
from .timestamps import FILTERS, TOLERANCE_MS, Stamps, Timeline

#: The length of a block, in milliseconds.
BLOCK_MS = 1000

#: The length of the pieces that ffmpeg's threads exchange, in milliseconds. AAC's own pieces
#: of 21 ms would cost a third of the decoding time; up to this much is lost where the format
#: changes.
_PIECE_MS = 100


class DecodingError(MediaError):
    """ffmpeg failed to decode all of the sound as requested."""


def stream_audio(
    path: Path,
    *,
    sample_rate: int,
    audio_stream: int | None = None,
    centre: bool = False,
    start_ms: int = 0,
    duration_ms: int | None = None,
    on_warning: Callable[[str], None] = lambda _: None,
) -> Generator[Samples]:
    """Decodes the sound of a film from time 0, in blocks of `BLOCK_MS`.

    Sample *n* is what a player plays at *n* / *sample_rate* seconds according to
    the file's time stamps, within a tenth of a second, in any format and across
    changes of format: silence precedes a track that starts late and fills gaps.


    Args:
        path: a film or sound file
        sample_rate: of the blocks, in hertz; the sound is resampled once
        audio_stream: audio track, from 0; None for the default, see `chosen_track`
        centre: whether to use only the centre channel, see `AudioStream.has_centre`;
            from where there is none, all channels are mixed
        start_ms: the time of the first sample in the film
        duration_ms: the longest duration; None for the rest of the film
        on_warning: called with a message if ffmpeg skipped damaged sound

    Yields:
        mono float32 in -1 to 1, shape (samples,); the last one may be shorter

    Raises:
        MediaError: if it cannot be decoded, or its time stamps jump further than a
            player could follow; `check_audio` finds a missing sound track earlier,
            with a better message
    """
    part = _Part(path, sample_rate, audio_stream, start_ms, duration_ms)
    with closing(_with_centre(part, on_warning) if centre else part.sound(on_warning)) as sound:
        yield from _in_blocks(sound, part.block)


def decode_audio(
    path: Path,
    *,
    sample_rate: int,
    audio_stream: int | None = None,
    centre: bool = False,
    start_ms: int = 0,
    duration_ms: int | None = None,
) -> Generator[Samples]:
    """Like `stream_audio`, but fails without a centre channel and does not report damage.

    Raises:
        DecodingError: if ffmpeg fails, including a missing centre channel
        MediaError: if the time stamps jump further than a player could follow
    """
    part = _Part(path, sample_rate, audio_stream, start_ms, duration_ms)
    with closing(part.sound(lambda _: None, centre=centre)) as sound:
        yield from _in_blocks(sound, part.block)


@dataclass(frozen=True)
class _Part:
    """What to decode; see the arguments of `stream_audio`."""

    path: Path
    sample_rate: int
    audio_stream: int | None
    start_ms: int
    duration_ms: int | None

    @property
    def block(self) -> int:
        """Samples in a block."""
        return self.sample_rate * BLOCK_MS // 1000

    def sound(
        self, on_warning: Callable[[str], None], *, centre: bool = False
    ) -> Generator[Samples]:
        """The sound placed by its time stamps, in pieces of any size."""
        path, rate = self.path, self.sample_rate
        info = probe(path)
        command = _decode_command(
            path, rate, chosen_track(info, self.audio_stream),
            centre=centre, start_ms=self.start_ms, duration_ms=self.duration_ms,
        )  # fmt: skip
        start = self.start_ms * rate // 1000
        stop = None if self.duration_ms is None else start + self.duration_ms * rate // 1000
        timeline = Timeline(path, rate, zero=info.start_us, start=start, stop=stop)
        with decoder(command) as (process, log):
            assert process.stdout is not None
            stamps = Stamps(log)
            yield from _laid_out(process.stdout, stamps, timeline, self.block)
            if timeline.is_complete:
                return
            failed = process.wait() != 0
            for _ in stamps.news():
                pass
        complaints = stamps.complaints
        if failed:
            reason = complaints[-1] if complaints else "no reason given"
            raise DecodingError(f"cannot decode its sound (ffmpeg: {reason})", path=path)
        if complaints:
            on_warning(f"{path}: skipped damaged sound (ffmpeg: {complaints[0]})")


def _with_centre(part: _Part, on_warning: Callable[[str], None]) -> Generator[Samples]:
    """The centre channel, and the mix of all channels from where there is none."""
    decoded = 0
    try:
        with closing(part.sound(on_warning, centre=True)) as pieces:
            for piece in pieces:
                decoded += piece.size
                yield piece
        return
    except DecodingError:
        pass  # if the cause is another, decoding below fails again
    # Seeking is not exact in every container, so decoding starts again from the beginning.
    with closing(part.sound(on_warning)) as pieces:
        for piece in pieces:
            known = min(decoded, piece.size)
            decoded -= known
            yield piece[known:]


def _laid_out(
    source: IO[bytes], stamps: Stamps, timeline: Timeline, size: int
) -> Iterator[Samples]:
    while not timeline.is_complete and (data := source.read(4 * size)):
        for number, stamp in stamps.news():
            timeline.mark(number, stamp)
        yield from timeline.place(np.frombuffer(data[: len(data) // 4 * 4], dtype="<f4"))


def _in_blocks(pieces: Iterable[Samples], size: int) -> Iterator[Samples]:
    """Regroups samples into blocks of *size*; the last one may be shorter."""
    waiting: list[Samples] = []
    missing = size
    for piece in pieces:
        rest = piece
        while rest.size >= missing:
            waiting.append(rest[:missing])
            yield waiting[0] if len(waiting) == 1 else np.concatenate(waiting)
            rest, waiting, missing = rest[missing:], [], size
        if rest.size:
            waiting.append(rest)
            missing -= rest.size
    if waiting:
        yield np.concatenate(waiting)


def _decode_command(
    path: Path,
    sample_rate: int,
    track: AudioStream,
    *,
    centre: bool = False,
    start_ms: int = 0,
    duration_ms: int | None = None,
) -> list[str]:
    import ffmpeg

    part = {"ss": start_ms / 1000} if start_ms else {}
    if duration_ms is not None:
        part["t"] = duration_ms / 1000
    source = ffmpeg.input(file_url(path), **GUARDS, **part)
    # One resampling: mono at the same level, at the model's rate.
    filters = f"aresample=osr={sample_rate}:ochl=mono:osf=flt:rematrix_maxval=1,"
    if centre:
        # Fails without a centre channel, where `pan` would give silence.
        filters = f"channelmap=map=FC-FC:channel_layout=mono,{filters}"
    filters += FILTERS.format(
        tolerance=sample_rate * TOLERANCE_MS // 1000, size=sample_rate * _PIECE_MS // 1000
    )
    output = source[str(track.index)].output(
        "pipe:", format="f32le", af=filters, vn=None, sn=None, dn=None, flush_packets=0
    )
    # Use the file's own time stamps: ffmpeg would close gaps in some containers and start at
    # the first sound. Every record counts, also one equal to the last.
    options = ("-copyts", "-loglevel", "repeat+error")
    return arguments_of(output.global_args("-nostdin", "-hide_banner", *options))
