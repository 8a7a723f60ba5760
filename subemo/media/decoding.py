"""A film's sound as a stream, with every sample at the time of its time stamp."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import IO

import numpy as np

from ..core.errors import MediaError
from .audio import PhaseMixer, Samples
from .ffmpeg import decoder, ffmpeg_executable, input_arguments
from .probing import AudioStream, MediaInfo, chosen_track, probe
from .timestamps import FILTERS, PHASE_MS, TOLERANCE_MS, WATCH, Stamps, Timeline

#: The length of a block, in milliseconds.
BLOCK_MS = 1000

#: How much sound is held back, in seconds, until it is known that its channels do not cancel.
_HELD_S = 2

#: The length of the pieces that ffmpeg's threads exchange, in milliseconds. AAC's own pieces
#: of 21 ms would cost a third of the decoding time; up to this much is lost where the format
#: changes.
_PIECE_MS = 100

#: How far PyAV's and ffmpeg's first time stamps of a film may differ, in milliseconds.
_MARGIN_MS = 500


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
            from where there is none, all channels are mixed; see `subemo.media.audio`
        start_ms: the time of the first sample in the film
        duration_ms: the longest duration; None for the rest of the film
        on_warning: called with a message if ffmpeg skipped damaged sound, or channels cancel

    Yields:
        mono float32 in -1 to 1, shape (samples,); the last one may be shorter

    Raises:
        MediaError: if it cannot be decoded, or its time stamps jump further than a
            player could follow; `check_audio` finds a missing sound track earlier,
            with a better message
    """
    part = _Part(path, sample_rate, audio_stream, start_ms, duration_ms)
    with closing((_with_centre if centre else _all)(part, on_warning)) as sound:
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

    Channels that cancel each other are mixed.

    Raises:
        DecodingError: if ffmpeg fails, including a missing centre channel
        MediaError: if the time stamps jump further than a player could follow
    """
    part = _Part(path, sample_rate, audio_stream, start_ms, duration_ms)
    channels = _Channels.CENTRE if centre else _Channels.MIX
    with closing(part.sound(lambda _: None, channels)) as sound:
        yield from _in_blocks(sound, part.block)


class _Channels(Enum):
    """The channels to decode."""

    MIX = "all, mixed"
    WATCHED = "all, mixed; `_OppositeError` where they cancel each other"
    APART = "two channels and the mix; the louder one where they cancel"
    CENTRE = "the centre alone"


class _OppositeError(Exception):
    """Channels cancel each other, from a sample of ffmpeg's output on."""

    def __init__(self, first: int) -> None:
        self.first = first


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

    @property
    def track(self) -> AudioStream:
        """The audio track."""
        return chosen_track(probe(self.path), self.audio_stream)

    @property
    def within(self) -> tuple[int, int | None]:
        """How much to skip and to decode: ffmpeg counts from the film's first time stamp."""
        info = probe(self.path)
        before_ms = (info.start_us - info.zero_us) // 1000
        if not before_ms:
            return self.start_ms, self.duration_ms
        skipped_ms = max(0, self.start_ms - before_ms - _MARGIN_MS)
        if self.duration_ms is None:
            return skipped_ms, None
        stop_ms = self.start_ms + self.duration_ms - before_ms
        return skipped_ms, max(0, stop_ms - skipped_ms) + _MARGIN_MS

    def _continuous(self, info: MediaInfo) -> str:
        """How to write a film whose time stamps jump anew, so that they do not.

        Copied streams would keep or lose them, by format; encoded anew, they are counted.
        """
        streams = [*info.video[:1], self.track]
        maps = " ".join(f"-map 0:{stream.index}" for stream in streams)
        return (
            f"Write it anew with: ffmpeg -i FILM {maps} NEW.mkv, then check that the subtitles "
            "still fit."
        )

    def sound(
        self, on_warning: Callable[[str], None], channels: _Channels, *, opposite_from: int = 0
    ) -> Generator[Samples]:
        """The sound placed by its time stamps, in pieces of any size."""
        path, rate = self.path, self.sample_rate
        start = self.start_ms * rate // 1000
        stop = None if self.duration_ms is None else start + self.duration_ms * rate // 1000
        info = probe(path)
        timeline = Timeline(
            path, rate, zero=info.zero_us, start=start, stop=stop, remedy=self._continuous(info)
        )
        apart = PhaseMixer(rate, first=opposite_from) if channels is _Channels.APART else None
        try:
            with decoder(_decode_command(self, channels)) as (process, log):
                assert process.stdout is not None
                stamps = Stamps(log)
                yield from _laid_out(process.stdout, stamps, timeline, self.block, apart)
                if timeline.is_complete:
                    return
                failed = process.wait() != 0
                for _ in stamps.news():
                    pass
                _refuse_opposite(stamps, rate)
        finally:
            if apart is not None and apart.replaced:
                on_warning(
                    f"{path}: channels of its sound are out of phase and cancel each other for "
                    f"{max(1, round(apart.replaced / rate))} s; the louder one is heard there"
                )
        complaints = stamps.complaints
        if failed:
            reason = complaints[-1] if complaints else "no reason given"
            raise DecodingError(f"cannot decode its sound (ffmpeg: {reason})", path=path)
        if complaints:
            on_warning(f"{path}: skipped damaged sound (ffmpeg: {complaints[0]})")


def _with_centre(part: _Part, on_warning: Callable[[str], None]) -> Generator[Samples]:
    """The centre channel, and all channels from where there is none."""
    decoded = 0
    try:
        with closing(part.sound(on_warning, _Channels.CENTRE)) as pieces:
            for piece in pieces:
                decoded += piece.size
                yield piece
        return
    except DecodingError:
        pass  # if the cause is another, decoding below fails again
    yield from _after(decoded, _all(part, on_warning))


def _all(part: _Part, on_warning: Callable[[str], None]) -> Generator[Samples]:
    """All channels mixed, and the louder one where they cancel each other."""
    if len(part.track.channels) == 1:
        yield from part.sound(on_warning, _Channels.MIX)
        return
    decoded = 0
    waiting: deque[Samples] = deque()
    held = 0
    try:
        with closing(part.sound(on_warning, _Channels.WATCHED)) as pieces:
            for piece in pieces:
                waiting.append(piece)
                held += piece.size
                while held - waiting[0].size >= _HELD_S * part.sample_rate:
                    held -= waiting[0].size
                    decoded += waiting[0].size
                    yield waiting.popleft()
        yield from waiting
        return
    except _OppositeError as error:
        first = error.first
    yield from _after(decoded, part.sound(on_warning, _Channels.APART, opposite_from=first))


def _after(decoded: int, sound: Generator[Samples]) -> Generator[Samples]:
    """What follows *decoded* samples; seeking is not exact in every container."""
    with closing(sound) as pieces:
        for piece in pieces:
            known = min(decoded, piece.size)
            decoded -= known
            yield piece[known:]


def _laid_out(
    source: IO[bytes], stamps: Stamps, timeline: Timeline, size: int, apart: PhaseMixer | None
) -> Iterator[Samples]:
    width = 4 if apart is None else 12
    while not timeline.is_complete:
        data = source.read(width * size)
        for number, stamp in stamps.news():
            timeline.mark(number, stamp)
        _refuse_opposite(stamps, size * 1000 // BLOCK_MS)
        samples = np.frombuffer(data[: len(data) // width * width], dtype="<f4")
        if apart is None:
            yield from timeline.place(samples)
        else:
            for mixed in apart.mixed(samples.reshape(-1, 3), is_last=not data):
                yield from timeline.place(mixed)
        if not data:
            return


def _refuse_opposite(stamps: Stamps, sample_rate: int) -> None:
    if stamps.opposite_from is not None:
        first_ms = max(0, stamps.opposite_from * PHASE_MS - 1000)
        raise _OppositeError(first_ms * sample_rate // 1000)


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


def _decode_command(part: _Part, channels: _Channels) -> list[str]:
    rate, track = part.sample_rate, part.track
    skipped_ms, length_ms = part.within

    def resampled(layout: str) -> str:
        # One resampling: at the same level, at the model's rate.
        return f"aresample=osr={rate}:ochl={layout}:osf=flt:rematrix_maxval=1"

    placed = FILTERS.format(tolerance=rate * TOLERANCE_MS // 1000, size=rate * _PIECE_MS // 1000)
    source = f"[0:{track.index}]"
    if channels is _Channels.CENTRE:
        # Fails without a centre channel, where `pan` would give silence.
        source += "channelmap=map=FC-FC:channel_layout=mono,"
    elif channels is _Channels.WATCHED:
        watch = WATCH.format(size=max(1, (track.rate or 48_000) * PHASE_MS // 1000))
        source += f"asplit[sound][watched];[watched]{watch};[sound]"
    graph = f"{source}{resampled('mono')},{placed}"
    if channels is _Channels.APART:
        graph = (
            f"{source}asplit[all][pair];[all]{resampled('mono')}[mix];"
            # Left and right come before the centre, which is the mix.
            f"[pair]{resampled('stereo')}[channels];[mix][channels]amerge,{placed}"
        )
    # Use the file's own time stamps: ffmpeg would close gaps in some containers and start at
    # the first sound. Every record counts, also one equal to the last.
    return [
        ffmpeg_executable(), "-nostdin", "-hide_banner", "-copyts", "-loglevel", "repeat+error",
        *(("-ss", str(skipped_ms / 1000)) if skipped_ms else ()),
        *(() if length_ms is None else ("-t", str(length_ms / 1000))),
        *input_arguments(part.path),
        "-filter_complex", graph, "-vn", "-sn", "-dn", "-flush_packets", "0", "-f", "f32le", "pipe:",
    ]  # fmt: skip
