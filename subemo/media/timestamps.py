"""Places samples in the film by their time stamps.

ffmpeg outputs the samples of a track without their times. A filter logs each
point where the time stamps and the number of samples so far disagree (see
`FILTERS`). `Stamps` reads these records, and `Timeline` places the samples
accordingly.
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

#: Tolerated difference between time stamps and counted samples, in milliseconds: containers
#: round to a millisecond, and some programs write time stamps tens of milliseconds off.
TOLERANCE_MS = 70

#: A jump back further than this, in seconds, is not an overlap but an error.
LONGEST_OVERLAP_S = 10

#: The most silence between parts of a film, in seconds; it alone bounds how much sound a few
#: bytes of a hostile file can ask for.
LONGEST_SILENCE_S = 24 * 3600

#: The end of a record in the log, after sixteen digits, the first of which is its kind.
_END = b".000000"
_FIRST, _STAMP, _WRITTEN = 1, 2, 3
_ONE = 10**15
#: Added to time stamps, which may be negative.
_ZERO = 5 * 10**14
#: The other content of the lines that the filters print.
_OURS = re.compile(rb"(?:\[Eval @ \w+\])?(?: -?nan)?")
#: What `WATCH` prints of a frame, at the end of a line.
_OPPOSITE = re.compile(rb"(?:frame:(\d+) +pts:\S+ +pts_time:\S+|lavfi\.aphasemeter\.phase=\S+)$")

#: The length of the pieces in which channels are compared, in milliseconds, and how many of how
#: many in a row are opposite where a mix may cancel.
PHASE_MS = 50
_OPPOSITE_OF = (5, 10)
#: ffmpeg's filters that print each such piece in which two channels are mostly opposite, for
#: `str.format` with ``size`` in samples. They cost next to nothing, and print little.
WATCH = (
    "asetnsamples=n={size}:p=0,aphasemeter=video=0,ametadata=mode=print:"
    "key=lavfi.aphasemeter.phase:value=-0.2:function=less:file=pipe\\\\:2:direct=1,anullsink"
)

#: ffmpeg's filters after the resampler, for `str.format` with ``tolerance`` and ``size``
#: in samples. They restart, and count from 0, at each change of the track's format. The
#: first prints the number of samples so far and the time stamp if that is unexpected; the
#: last prints the number of samples output. The filter between them passes pieces of
#: ``size``: each piece costs time, and a change of format loses the last.
FILTERS = (
    "asetpts='if(eq(N\\,0)+gt(abs(PTS-N-ld(0))\\,{tolerance})\\,"
    "st(0\\,PTS-N)+print(1e15+N\\,16)+print(25e14+clip(PTS\\,-4e14\\,4e14)\\,16));N',"
    "asetnsamples=n={size}:p=0,"
    "asetpts='print(3e15+N+NB_SAMPLES\\,16)*NAN'"
)


class Stamps:
    """The log of a running ffmpeg: time stamps and error messages.

    It is used only to place sound, since its lines may contain text from the
    film's maker.

    Args:
        log: a file that ffmpeg writes to
    """

    def __init__(self, log: IO[bytes]) -> None:
        self.complaints: list[str] = []
        self._log = log
        self._read = 0
        self._rest = self._prefix = b""
        self._base = self._written = self._first = 0
        #: The number of the piece, of `PHASE_MS`, from which on channels are opposite, or None.
        self.opposite_from: int | None = None
        self._pieces: deque[int] = deque(maxlen=_OPPOSITE_OF[0])
        self._pieces_base = 0

    def news(self) -> Iterator[tuple[int, int]]:
        """New records since the last call.

        A record is in the log before ffmpeg outputs the samples concerned.

        Yields:
            the index of a sample in ffmpeg's output and its time stamp, in samples.
            It applies to the samples up to the next pair; an index not greater than
            an earlier one replaces that
        """
        while data := os.pread(self._log.fileno(), 1 << 16, self._read):
            self._read += len(data)
            *lines, self._rest = (self._rest + data).split(b"\n")
            for line in lines:
                yield from self._taken(line)
            if len(self._rest) > 1 << 16:  # no line of ffmpeg is this long
                self._rest = b""

    def _taken(self, line: bytes) -> Iterator[tuple[int, int]]:
        opposite = _OPPOSITE.search(line)
        if opposite is not None:
            self._complain(line[: opposite.start()])
            if opposite[1] is not None:
                self._note(int(opposite[1]))
            return
        digits = line[-16 - len(_END) : -len(_END)]
        if not (line.endswith(_END) and len(digits) == 16 and digits.isdigit()):
            self._complain(line)
            return
        # An unfinished line of another thread may precede the record.
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

    def _note(self, number: int) -> None:
        """Notes an opposite piece; pieces are counted anew where the track's format changes."""
        if self._pieces and number + self._pieces_base <= self._pieces[-1]:
            self._pieces_base = self._pieces[-1] + 1
        self._pieces.append(number + self._pieces_base)
        most, of = _OPPOSITE_OF
        is_dense = len(self._pieces) == most and self._pieces[-1] - self._pieces[0] < of
        if is_dense and self.opposite_from is None:
            self.opposite_from = self._pieces[0]

    def _complain(self, line: bytes) -> None:
        if line == self._prefix:
            return
        if _OURS.fullmatch(line.strip()):
            self._prefix = line
        else:
            # The first message says where the damage is, the last why ffmpeg failed.
            self.complaints[1:] = [line.decode("utf-8", "replace").strip()]


class Timeline:
    """Places samples by their time stamps.

    Gaps between parts are filled with silence, in pieces. Where two parts overlap,
    the first is kept, as a player would have played it.

    Args:
        path: the film, for messages
        sample_rate: in hertz
        zero: the time stamp of a player's time 0, in microseconds
        start: the first requested sample of the film
        stop: the sample after the last requested one; None for the film's end
        remedy: what to do about time stamps that jump, for messages
    """

    def __init__(
        self,
        path: Path,
        sample_rate: int,
        *,
        zero: int = 0,
        start: int = 0,
        stop: int | None = None,
        remedy: str | None = None,
    ) -> None:
        self._path, self._rate, self._remedy = path, sample_rate, remedy
        self._zero = round(zero * sample_rate / 1_000_000)
        self._position, self._stop = start, stop
        self._marks: deque[tuple[int, int]] = deque()
        self._taken = self._silence = 0
        self._offset: int | None = None
        self._has_sound = False

    @property
    def is_complete(self) -> bool:
        """Whether all requested sound has been produced."""
        return self._stop is not None and self._position >= self._stop

    def mark(self, number: int, stamp: int) -> None:
        """Notes a time stamp, see `Stamps.news`."""
        while self._marks and self._marks[-1][0] >= number:
            self._marks.pop()
        self._marks.append((number, stamp))

    def place(self, samples: Samples) -> Iterator[Samples]:
        """Places the next samples.

        Args:
            samples: mono, any number

        Yields:
            the film's sound from the end of the last call, in pieces of at most a
            second of silence, or of the given samples

        Raises:
            MediaError: if the time stamps jump further than a player could follow
        """
        while samples.size and not self.is_complete:
            while self._marks and self._marks[0][0] <= self._taken:
                number, stamp = self._marks.popleft()
                self._offset = stamp - self._zero - number
            if self._offset is None:
                raise MediaError(
                    "this ffmpeg does not report the time stamps of sound",
                    path=self._path,
                    remedy="Unset SUBEMO_FFMPEG to use the bundled one.",
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
            f"the time stamps of its sound jump from {clock_in_days(self._position / self._rate)} to "
            f"{clock_in_days(start / self._rate)}, further than a player could follow",
            path=self._path,
            remedy=self._remedy,
        )
