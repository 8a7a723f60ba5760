"""Every cue hears the sound that a player would play then: a schedule of tones.

A tone of its own sounds in each two seconds. It is brought into every kind of
file, each with every fault that the kind can carry, and what is heard at each
moment is held against two witnesses of what the file says: the time stamps of
its packets, by ffmpeg's ``framecrc``, and those of its frames, by PyAV, which
brings libraries of its own.
"""

from __future__ import annotations

import itertools
import re
import resource
import subprocess
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt
import pytest

import subemo
from subemo import media
from subemo.align import Span, cut
from subemo.core.errors import MediaError
from subemo.media.audio import Samples

from ..conftest import run_ffmpeg, write_wav

RATE = 16_000
SECONDS, SLOT = 24, 2
#: The grid on which is asked what is heard, and how far a time may be off.
STEP, TOLERANCE = 0.01, 0.1
#: How much later than its packet's time a codec may sound what it holds.
DELAY = 0.05

Slots = npt.NDArray[np.int64]
#: Gives the schedule as a file of a kind and codec, with options of ffmpeg.
Original = Callable[..., Path]
#: Gives its halves in a codec, each in a layout and at a rate.
Parts = Callable[[str, tuple[str, str], tuple[int, int]], list[Path]]


#: Every how many frames PyAV is asked.
FRAMES = 5


@dataclass(frozen=True)
class Packet:
    """One packet, by ffmpeg: when it begins, how long it lasts, and what tells it from others."""

    start: float
    length: float
    mark: tuple[str, str]


@pytest.fixture(scope="session")
def schedule(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Slot *n* sounds with 300 + 100 *n* hertz, over noise that makes every packet its own."""
    rate = 48_000
    time = np.arange(SECONDS * rate) / rate
    hertz = 300 + 100 * (time // SLOT)
    noise = 1e-4 * np.random.default_rng(0).standard_normal(time.size)
    sound = (0.3 * np.sin(2 * np.pi * hertz * time) + noise).astype(np.float32)
    return write_wav(tmp_path_factory.mktemp("schedule") / "schedule.wav", sound, rate)


@pytest.fixture(scope="session")
def original(schedule: Path) -> Original:
    """Gives the schedule as a file of one kind and codec; each is made once."""

    def make(kind: str, codec: str, *options: str) -> Path:
        path = schedule.with_name("-".join(["original", codec, *options]).replace(":", "") + kind)
        if not path.exists():
            run_ffmpeg("-i", schedule, *options, "-c:a", codec, path)
        return path

    return make


def slots(sound: Samples, rate: int, *, window: float = 0.06) -> Slots:
    """Which slot's tone sounds around each step of the grid; -1 for silence."""
    size, step = int(window * rate), int(STEP * rate)
    padded = np.concatenate((np.zeros(size // 2), sound, np.zeros(size)))
    parts = np.lib.stride_tricks.sliding_window_view(padded, size)[: sound.size : step]
    spectrum = np.abs(np.fft.rfft(parts * np.hanning(size), n=2048, axis=1))
    found: Slots = np.rint((spectrum.argmax(axis=1) * rate / 2048 - 300) / 100).astype(np.int64)
    found[np.sqrt(np.mean(np.square(parts), axis=1)) < 0.02] = -1
    return found


def heard(path: Path, **options: Any) -> Slots:
    warnings: list[str] = []
    blocks = media.stream_audio(path, sample_rate=RATE, on_warning=warnings.append, **options)
    found = slots(np.concatenate(list(blocks)), RATE)
    assert not [text for text in warnings if "Eval" in text]
    return found


def around(found: Slots, time: float, tolerance: float = TOLERANCE) -> set[int]:
    """What is heard at a time, give or take."""
    first, last = round((time - tolerance) / STEP), round((time + tolerance) / STEP)
    return {int(slot) for slot in found[max(0, first) : max(0, last + 1)]}


def zero(path: Path) -> float:
    """Where a player begins to count: the container's start."""
    report = subprocess.run(
        [media.ffmpeg_executable(), "-i", path], capture_output=True, check=False
    ).stderr.decode()
    start = re.search(r"start: (-?[\d.]+)", report)
    return float(start[1]) if start else 0.0


@lru_cache
def packets(path: Path) -> list[Packet]:
    """By the demuxer alone; times from the container's start."""
    command: list[str | Path] = [
        media.ffmpeg_executable(), "-loglevel", "error", "-copyts", "-i", path, "-map", "0:a:0",
        "-c", "copy", "-f", "framecrc", "-",
    ]  # fmt: skip
    lines = subprocess.run(command, capture_output=True, check=True).stdout.decode().splitlines()
    base = re.search(r"#tb 0: (\d+)/(\d+)", "\n".join(lines))
    assert base
    unit, start = int(base[1]) / int(base[2]), zero(path)
    rows = [re.split(r",\s*", line) for line in lines if not line.startswith("#")]
    return [
        # In MP4 the one before a gap lasts as long as that.
        Packet(int(row[2]) * unit - start, min(int(row[3]) * unit, 0.1), (row[4], row[5]))
        for row in rows
    ]


def assert_as_stamped(path: Path, originals: list[tuple[Path, float]], found: Slots) -> None:
    """What is heard is what the packets hold, when they say.

    Args:
        path: the file
        originals: where its packets come from, and the second of the schedule that
            each begins with
        found: what is heard of it
    """
    source = {
        packet.mark: packet.start + begin
        for original, begin in originals
        for packet in packets(original)
    }
    covered = np.zeros(found.size + 10_000, dtype=bool)
    known = 0
    settled = end = content_end = 0.0
    for packet in packets(path):
        content = source.get(packet.mark, content_end)
        if packet.start > end + 1 or content > content_end + 1:
            # What MP3 keeps in earlier packets is missing for a while.
            settled = packet.start + 0.15
        end, content_end = packet.start + packet.length, content + packet.length
        margin = TOLERANCE + 0.05
        first, last = packet.start - margin, packet.start + packet.length + margin
        covered[max(0, round(first / STEP)) : max(0, round(last / STEP))] = True
        middle = packet.start + packet.length / 2
        if packet.mark not in source or middle < settled:
            continue
        slot, inside = divmod(source[packet.mark] + packet.length / 2, SLOT)
        # A codec's delay may have the other tone at a slot's ends.
        if DELAY < inside < SLOT - DELAY:
            known += 1
            assert int(slot) in around(found, middle, TOLERANCE - DELAY), middle
    assert known > 200
    assert set(found[~covered[: found.size]]) <= {-1}


def assert_as_decoded(path: Path, found: Slots) -> None:
    """What is heard is what PyAV's libraries decode, when they say."""
    told = 0
    with av.open(str(path)) as container:
        start = (container.start_time or 0) / av.time_base
        for frame in itertools.islice(container.decode(audio=0), 0, None, FRAMES):
            sound = frame.to_ndarray().astype(np.float64)
            if not frame.format.is_planar:
                sound = sound.reshape(-1, frame.layout.nb_channels).T
            if frame.format.name.startswith("s16"):
                sound /= 32768
            sound = sound.sum(axis=0)
            if np.sqrt(np.mean(np.square(sound))) < 0.05 or sound.size < 512:
                continue
            spectrum = np.abs(np.fft.rfft(sound * np.hanning(sound.size), n=4096))
            slot = round((float(spectrum.argmax()) * frame.sample_rate / 4096 - 300) / 100)
            assert frame.pts is not None
            assert frame.time_base is not None
            middle = float(frame.pts * frame.time_base) - start + sound.size / frame.sample_rate / 2
            if middle > 0:
                told += 1
                assert slot in around(found, middle), (middle, slot)
    assert told > 100 / FRAMES


def assert_cues_hear(path: Path, found: Slots) -> None:
    """What is cut out for cues holds the same tones."""
    spans = [Span(ms, ms + 400, n) for n, ms in enumerate(range(0, found.size * 10 - 400, 900))]
    blocks = media.stream_audio(path, sample_rate=RATE)
    for segment in cut(blocks, spans, sample_rate=RATE):
        inner = slots(segment.samples, RATE)[5:-5]
        at = round(segment.span.start_ms / 10)
        np.testing.assert_array_equal(inner[:30], found[at + 5 : at + 35])


KINDS = [
    (".mkv", "aac"), (".mkv", "libopus"), (".mp4", "aac"), (".mov", "ac3"), (".mov", "pcm_s16le"), (".ts", "aac"),
    (".ts", "ac3"), (".flv", "libmp3lame"), (".avi", "libmp3lame"), (".avi", "pcm_s16le"),
    (".ogg", "libvorbis"), (".ac3", "ac3"), (".aac", "aac"),
]  # fmt: skip

#: Kinds whose packets have no times of their own: what is left out closes up.
WITHOUT_TIMES = {
    (".avi", "libmp3lame"), (".avi", "pcm_s16le"), (".mov", "pcm_s16le"), (".ac3", "ac3"),
    (".aac", "aac"),
}  # fmt: skip

GAP = "noise=drop='gte(pts*tb,8)*lt(pts*tb,19)'"
JUMP = "setts=ts='TS+gte(TS*TB,8)*40/TB'"


@pytest.mark.parametrize(("kind", "codec"), KINDS, ids=lambda value: value)
class TestEveryKind:
    def test_as_it_is(self, original: Original, kind: str, codec: str) -> None:
        path = original(kind, codec)
        found = heard(path)
        assert_as_stamped(path, [(path, 0.0)], found)
        assert_as_decoded(path, found)
        assert abs(found.size * STEP - SECONDS) < 2 * TOLERANCE

    def test_a_gap_of_eleven_seconds(
        self, original: Original, tmp_path: Path, kind: str, codec: str
    ) -> None:
        whole, path = original(kind, codec), tmp_path / f"gap{kind}"
        run_ffmpeg("-i", whole, "-c", "copy", "-bsf:a", GAP, path)
        found = heard(path)
        assert_as_stamped(path, [(whole, 0.0)], found)
        assert_as_decoded(path, found)
        assert_cues_hear(path, found)
        closed = 11 if (kind, codec) in WITHOUT_TIMES else 0
        assert around(found, 22.5 - closed) == {11}
        # Vorbis's times are those of the pages that packets lie in.
        assert closed or codec == "libvorbis" or around(found, 13, 4) == {-1}

    def test_a_jump_of_forty_seconds(
        self, original: Original, tmp_path: Path, kind: str, codec: str
    ) -> None:
        if (kind, codec) in WITHOUT_TIMES:
            pytest.skip("no times in it that could jump")
        whole, path = original(kind, codec), tmp_path / f"jump{kind}"
        run_ffmpeg("-i", whole, "-c", "copy", "-bsf:a", JUMP, path)
        found = heard(path)
        assert_as_stamped(path, [(whole, 0.0)], found)
        assert_as_decoded(path, found)
        assert around(found, 55.0) == {7}


@pytest.mark.parametrize("shift", [3.0, -3.0], ids=["late", "early"])
@pytest.mark.parametrize(
    ("kind", "codec"),
    [(".mkv", "aac"), (".mp4", "aac"), (".mov", "ac3"), (".ts", "aac"), (".flv", "aac")],
)
def test_sound_that_begins_before_or_after_the_picture(
    original: Original, tmp_path: Path, kind: str, codec: str, shift: float
) -> None:
    whole, path = original(kind, codec), tmp_path / f"film{kind}"
    picture = tmp_path / "picture.mkv"
    run_ffmpeg("-f", "lavfi", "-i", "color=s=64x36:r=5:d=24", "-c:v", "libx264", picture)
    run_ffmpeg(
        "-itsoffset", str(max(0.0, -shift)), "-i", picture, "-itsoffset", str(max(0.0, shift)),
        "-i", whole, "-map", "0:v", "-map", "1:a", "-c", "copy", path,
    )  # fmt: skip
    found = heard(path)
    assert_as_stamped(path, [(whole, 0.0)], found)
    assert_as_decoded(path, found)
    assert around(found, 1.0 + max(0.0, shift)) == {0}


def test_times_before_zero_are_not_heard(original: Original, tmp_path: Path) -> None:
    whole, path = original(".mp4", "aac"), tmp_path / "cut.mp4"
    # What lies before the cut is kept, and an edit list says that it is not played.
    run_ffmpeg("-ss", "3.01", "-i", whole, "-c", "copy", path)
    found = heard(path)
    assert_as_decoded(path, found)
    assert around(found, 0.5) == {1}
    assert around(found, 2.0) == {2}


def test_times_that_wrap(original: Original, tmp_path: Path) -> None:
    """MPEG-TS counts to 2**33, which is 26.5 hours, and then from 0."""
    whole, path = original(".ts", "aac"), tmp_path / "wrapped.ts"
    run_ffmpeg("-i", whole, "-c", "copy", "-output_ts_offset", str(2**33 / 90_000 - 9), path)
    found = heard(path)
    for slot in range(SECONDS // SLOT):
        assert around(found, slot * SLOT + 1) == {slot}


class TestChangesOfFormat:
    AT = 9.984  # a whole number of frames of AC-3 at 48 kHz

    @pytest.fixture(scope="class")
    def parts(self, schedule: Path) -> Parts:
        """Two halves as raw streams: of one layout and rate, and of others."""

        def make(codec: str, layouts: tuple[str, str], rates: tuple[int, int]) -> list[Path]:
            made = []
            for n, (layout, rate) in enumerate(zip(layouts, rates, strict=True)):
                path = schedule.with_name(f"{n}-{layout}-{rate}.{codec}")
                pan = "pan=5.1|FC=c0" if layout == "5.1" else f"pan={layout}|c0=c0|c1=c0"
                part = ["-ss", str(self.AT)] if n else ["-t", str(self.AT)]
                run_ffmpeg(*part, "-i", schedule, "-af", pan, "-ar", str(rate), path)
                made.append(path)
            return made

        return make

    @pytest.mark.parametrize(
        ("layouts", "rates"),
        [(("stereo", "5.1"), (48_000, 48_000)), (("5.1", "stereo"), (48_000, 44_100))],
        ids=["layout", "layout and rate"],
    )  # fmt: skip
    @pytest.mark.parametrize(
        ("codec", "kind"),
        [("ac3", ".ac3"), ("ac3", ".mkv"), ("ac3", ".mp4"), ("ac3", ".ts"), ("aac", ".aac"),
         ("aac", ".ts")],
    )  # fmt: skip
    def test_nothing_moves(
        self,
        parts: Parts,
        tmp_path: Path,
        codec: str,
        kind: str,
        layouts: tuple[str, str],
        rates: tuple[int, int],
    ) -> None:
        halves = parts(codec, layouts, rates)
        raw = tmp_path / f"raw.{codec}"
        raw.write_bytes(b"".join(half.read_bytes() for half in halves))
        path = raw
        if kind != raw.suffix:
            path = tmp_path / f"film{kind}"
            run_ffmpeg("-i", raw, "-c", "copy", path)
        found = heard(path)
        assert_as_stamped(path, [(halves[0], 0.0), (halves[1], self.AT)], found)
        assert_as_decoded(path, found)
        if rates[0] == rates[1]:
            assert [around(found, 2 * slot + 1) for slot in range(12)] == [{n} for n in range(12)]

    @pytest.mark.parametrize("layouts", [("stereo", "5.1"), ("5.1", "stereo")])
    def test_the_centre_is_heard_where_there_is_one(
        self, parts: Parts, tmp_path: Path, layouts: tuple[str, str]
    ) -> None:
        path = tmp_path / "film.ac3"
        halves = parts("ac3", layouts, (48_000, 48_000))
        path.write_bytes(b"".join(half.read_bytes() for half in halves))
        found = heard(path, centre=True)
        assert [around(found, 2 * slot + 1) for slot in range(12)] == [{n} for n in range(12)]
        with pytest.raises(media.DecodingError):
            list(media.decode_audio(path, sample_rate=RATE, centre=True))

    def test_many_changes_do_not_add_up(self, schedule: Path, parts: Parts, tmp_path: Path) -> None:
        two, six = parts("ac3", ("stereo", "5.1"), (48_000, 48_000))
        frames = [self._frames(two), self._frames(six)]
        path = tmp_path / "film.ac3"
        # 0.32 s of one, 0.32 s of the other: 31 changes in 10 s.
        path.write_bytes(
            b"".join(frames[n // 10 % 2][n] for n in range(min(map(len, frames))) if n < 310)
        )
        found = heard(path)
        assert_as_stamped(path, [(two, 0.0), (six, self.AT)], found)
        assert abs(found.size * STEP - 310 * 0.032) < TOLERANCE

    @staticmethod
    def _frames(path: Path) -> list[bytes]:
        with av.open(str(path)) as container:
            return [bytes(packet) for packet in container.demux(audio=0) if packet.size]


class TestExcerpts:
    @pytest.mark.parametrize("kind", [".mkv", ".mp4", ".ts"])
    def test_they_are_parts_of_the_whole(
        self, original: Original, tmp_path: Path, kind: str
    ) -> None:
        path = tmp_path / f"gap{kind}"
        run_ffmpeg("-i", original(kind, "aac"), "-c", "copy", "-bsf:a", GAP, path)
        whole = heard(path)
        for start in (0, 3_000, 6_000, 16_000):
            part = heard(path, start_ms=start, duration_ms=6_000)
            # Where the sound pauses until the excerpt ends, it may end before.
            assert abs(part.size - {3_000: 500, 6_000: 200}.get(start, 600)) < 3
            for at in range(15, part.size - 15, 10):
                assert int(part[at]) in around(whole, start / 1000 + at * STEP)

    def test_behind_the_end_there_is_nothing(self, original: Original) -> None:
        path = original(".mkv", "aac")
        sound = media.stream_audio(path, sample_rate=RATE, start_ms=60_000, duration_ms=5_000)
        assert not list(sound)


class TestWhatNobodyCouldFollow:
    def test_ten_years_ahead(self, original: Original, tmp_path: Path) -> None:
        path = tmp_path / "far.mkv"
        jump = "setts=ts='TS+gte(TS*TB,8)*315360000/TB'"
        run_ffmpeg("-i", original(".mkv", "aac"), "-c", "copy", "-bsf:a", jump, path)
        blocks = []
        with pytest.raises(
            MediaError, match=r"jump from 0:00:0[78] to day 3650, .*ffmpeg -i"
        ) as error:
            for block in media.stream_audio(path, sample_rate=RATE):
                blocks.append(block)
        assert error.value.path == path
        assert "\n" not in str(error.value)
        assert len(blocks) == 7
        # A header that claims ten years, and excerpts, are no burden.
        duration = media.probe(path).duration_ms
        assert duration is not None and duration > 315_360_000_000
        part = media.stream_audio(path, sample_rate=RATE, start_ms=5_000, duration_ms=5_000)
        assert 2.9 * RATE < sum(block.size for block in part) <= 5 * RATE

    def test_a_file_of_ten_years_is_refused_at_once(
        self, original: Original, tmp_path: Path
    ) -> None:
        path = tmp_path / "far.mka"
        jump = "setts=ts='TS+gte(TS*TB,23.9)*315360000/TB'"
        run_ffmpeg("-i", original(".mkv", "aac"), "-c", "copy", "-bsf:a", jump, path)
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        with pytest.raises(MediaError, match="jump from 0:00:23 to day 3650"):
            subemo.classify(path, model="report-crnn")
        grown = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss - before
        assert grown < 300_000  # kB, of ffmpeg

    def test_twenty_seconds_back(self, original: Original, tmp_path: Path) -> None:
        whole, path = original(".ts", "aac"), tmp_path / "twice.ts"
        path.write_bytes(whole.read_bytes() * 2)
        with pytest.raises(MediaError, match=r"jump from 0:00:24 to 0:00:00"):
            list(media.stream_audio(path, sample_rate=RATE))


def test_a_short_overlap_is_heard_once(original: Original, tmp_path: Path) -> None:
    """The second part begins 1.5 s before the first one ends."""
    whole = original(".ts", "aac")
    first, second, path = tmp_path / "1.ts", tmp_path / "2.ts", tmp_path / "film.ts"
    run_ffmpeg("-t", "10", "-i", whole, "-c", "copy", "-muxdelay", "0", first)
    run_ffmpeg("-ss", "8.5", "-i", whole, "-c", "copy", "-muxdelay", "0",
               "-output_ts_offset", "8.5", second)  # fmt: skip
    path.write_bytes(first.read_bytes() + second.read_bytes())
    found = heard(path)
    assert_as_decoded(path, found)
    for slot in range(SECONDS // SLOT):
        assert around(found, slot * SLOT + 1) == {slot}


def test_jitter_neither_inserts_nor_drops(original: Original, tmp_path: Path) -> None:
    whole, path = original(".mkv", "aac"), tmp_path / "jitter.mkv"
    # Up to 40 ms late by turns, as some programs write.
    jitter = "setts=ts='TS+mod(N*7,5)*0.01/TB'"
    run_ffmpeg("-i", whole, "-c", "copy", "-bsf:a", jitter, path)
    plain, moved = (
        np.concatenate(list(media.stream_audio(film, sample_rate=RATE))) for film in (whole, path)
    )
    assert zlib.crc32(plain.tobytes()) == zlib.crc32(moved[-plain.size :].tobytes())
    assert moved.size - plain.size < TOLERANCE * RATE


def test_drift_is_followed(original: Original, tmp_path: Path) -> None:
    """Time stamps that run 3 % slow: no step is large, the sum is."""
    whole, path = original(".mkv", "aac"), tmp_path / "drift.mkv"
    run_ffmpeg("-i", whole, "-c", "copy", "-bsf:a", "setts=ts=TS*1.03", path)
    found = heard(path)
    assert_as_stamped(path, [(whole, 0.0)], found)
    assert abs(found.size * STEP - SECONDS * 1.03) < TOLERANCE
