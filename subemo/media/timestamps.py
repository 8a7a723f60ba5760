"""From time stamps to places in the film: which sample sounds when.

ffmpeg hands out the samples of a track without their times. A filter in it
writes down, beside them, wherever the time stamps and the samples counted so
far no longer agree (see `FILTERS`). `Stamps` reads these records, `Timeline`
lays the samples out by them.
"""

from __future__ import annotations

import os
import re
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import numpy as np

from ..core.errors import MediaError
from ..core.times import clock_in_days
from .audio import Samples

#: So much may time stamps differ from the samples counted, in milliseconds: containers
#: round theirs to a millisecond, and some programs write them tens of milliseconds off.
TOLERANCE_MS = 70

#: Sound that lies further back than this, in seconds, is no overlap but another film.
LONGEST_OVERLAP_S = 10

#: So much silence, in seconds, may lie between the parts of a film; what a few bytes of a
#: hostile one can ask for is bounded by this alone.
LONGEST_SILENCE_S = 24 * 3600

#: In the log a record is a line that ends in sixteen digits, the first one its kind, and this.
_END = b".000000"
_FIRST, _STAMP, _WRITTEN = 1, 2, 3
_ONE = 10**15
#: Added to time stamps, which may be negative.
_ZERO = 5 * 10**14
#: What else stands in the lines that the filters print.
_OURS = re.compile(rb"(?:\[Eval @ \w+\])?(?: -?nan)?")

#: ffmpeg's filters behind the resampler, for `str.format` with ``tolerance`` and ``size``
#: in samples. They run anew, and count anew, after each change of the track's format. The
#: first prints how many samples it has seen and the time stamp, if that is not as
#: expected; the last one how many samples have gone out. What lies between hands them on
#: in pieces of ``size``: it costs time for each, and a change of format loses the last.
FILTERS = (
    "asetpts='if(eq(N\\,0)+gt(abs(PTS-N-ld(0))\\,{tolerance})\\,"
    "st(0\\,PTS-N)+print(1e15+N\\,16)+print(25e14+clip(PTS\\,-4e14\\,4e14)\\,16));N',"
    "asetnsamples=n={size}:p=0,"
    "asetpts='print(3e15+N+NB_SAMPLES\\,16)*NAN'"
)


class Stamps:
    """The log of a running ffmpeg: time stamps, and complaints.

    Nothing in it is relied on but for where sound is put: its lines may hold
    words of the film's maker.

    Args:
        log: a file that ffmpeg writes to
    """

    def __init__(self, log: IO[bytes]) -> None:
        self.complaints: list[str] = []
        self._log = log
        self._read = 0
        self._rest = self._prefix = b""
        self._base = self._written = self._first = 0

    def news(self) -> Iterator[tuple[int, int]]:
        """What has come since the last time.

        A record is in the log before ffmpeg hands out the samples that it is about.

        Yields:
            the number of a sample, counted among all that ffmpeg hands out, and its
            time stamp, in samples. It holds for those that follow, up to the next
            pair; a number that is no greater than one before replaces that
        """
        while data := os.pread(self._log.fileno(), 1 << 16, self._read):
            self._read += len(data)
            *lines, self._rest = (self._rest + data).split(b"\n")
            for line in lines:
                yield from self._taken(line)
            if len(self._rest) > 1 << 16:  # no line of ffmpeg's is so long
                self._rest = b""

    def _taken(self, line: bytes) -> Iterator[tuple[int, int]]:
        digits = line[-16 - len(_END) : -len(_END)]
        if not (line.endswith(_END) and len(digits) == 16 and digits.isdigit()):
            self._complain(line)
            return
        # Another thread's line that had no end may stand before the record.
        self._complain(line[: -16 - len(_END)])
        kind, value = divmod(int(digits), _ONE)
        if kind == _WRITTEN:
            self._written = value
        elif kind == _STAMP:
            yield self._first, value - _ZERO
        elif kind == _FIRST:
            if value == 0:
                self._base += self._written
                self._written = 0
            self._first = self._base + value

    def _complain(self, line: bytes) -> None:
        if line == self._prefix:
            return
        if _OURS.fullmatch(line.strip()):
            self._prefix = line
        else:
            # The first says where the damage is, the last why ffmpeg gave up.
            self.complaints[1:] = [line.decode("utf-8", "replace").strip()]


class Timeline:
    """Lays samples out by their time stamps.

    What lies between two parts is silence, handed out in pieces; of what two
    parts both claim, the first one's is kept, as a player has sounded it.

    Args:
        path: the film, for messages
        sample_rate: in hertz
        zero: the time stamp that a player calls 0, in microseconds
        start: the first sample of the film that is wanted
        stop: the sample behind the last that is wanted; None for the film's end
    """

    def __init__(
        self,
        path: Path,
        sample_rate: int,
        *,
        zero: int = 0,
        start: int = 0,
        stop: int | None = None,
    ) -> None:
        self._path, self._rate = path, sample_rate
        self._zero = round(zero * sample_rate / 1_000_000)
        self._position, self._stop = start, stop
        self._marks: deque[tuple[int, int]] = deque()
        self._taken = self._silence = 0
        self._offset: int | None = None
        self._has_sound = False

    @property
    def is_complete(self) -> bool:
        """Whether all that is wanted has been handed out."""
        return self._stop is not None and self._position >= self._stop

    def mark(self, number: int, stamp: int) -> None:
        """Notes a time stamp, see `Stamps.news`."""
        while self._marks and self._marks[-1][0] >= number:
            self._marks.pop()
        self._marks.append((number, stamp))

    def place(self, samples: Samples) -> Iterator[Samples]:
        """The next samples, each at its place.

        Args:
            samples: mono, any number

        Yields:
            the film's sound from where the last call ended, in pieces of at most a
            second of silence, or of what was given

        Raises:
            MediaError: if the time stamps jump further than a player could follow
        """
        while samples.size and not self.is_complete:
            while self._marks and self._marks[0][0] <= self._taken:
                number, stamp = self._marks.popleft()
                self._offset = stamp - self._zero - number
            if self._offset is None:
                raise MediaError(
                    "this ffmpeg does not tell when its sound sounds",
                    path=self._path,
                    remedy="Unset SUBEMO_FFMPEG to use the one that subemo brings.",
                )
            count = self._marks[0][0] - self._taken if self._marks else samples.size
            part, samples = samples[:count], samples[count:]
            start = self._taken + self._offset
            self._taken += part.size
            yield from self._placed(part, start)

    def _placed(self, part: Samples, start: int) -> Iterator[Samples]:
        if self._has_sound and self._position - start > LONGEST_OVERLAP_S * self._rate:
            raise self._jump(start)
        until = start if self._stop is None else min(start, self._stop)
        if until > self._position:
            self._silence += until - self._position
            if self._silence > LONGEST_SILENCE_S * self._rate:
                raise self._jump(start)
            yield from self._quiet(until)
        part = part[max(0, self._position - start) :]
        if self._stop is not None:
            part = part[: self._stop - self._position]
        if part.size:
            self._has_sound = True
            self._position += part.size
            yield part

    def _quiet(self, until: int) -> Iterator[Samples]:
        while (count := min(until - self._position, self._rate)) > 0:
            self._position += count
            yield np.zeros(count, dtype=np.float32)

    def _jump(self, start: int) -> MediaError:
        return MediaError(
            f"its sound's time stamps jump from {clock_in_days(self._position / self._rate)} to "
            f"{clock_in_days(start / self._rate)}, where no player could follow",
            path=self._path,
            remedy=(
                "Write it anew with: ffmpeg -i FILM -map 0 -c copy NEW.mkv; then check that "
                "the subtitles still fit."
            ),
        )
