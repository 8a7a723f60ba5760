"""What the headers say, against what ffmpeg itself reads from the same file."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subemo import media
from subemo.core.errors import MediaError
from subemo.media import headers, probing

from ..conftest import children, run_ffmpeg

_PICTURE = ("-f", "lavfi", "-i", "color=s=64x36:r=5:d=2")
_LOW = ("-f", "lavfi", "-i", "sine=f=500:d=2:r=16000")
_HIGH = ("-f", "lavfi", "-i", "sine=f=2000:d=2:r=16000")

_LANGUAGES = (
    "pt-BR", "en-US", "eng,fre", "English (UK)", "a]b", "(und)", "x): Audio: aac", "Zürich",
    "eng\n  Stream #0:9: Audio: aac, 48000 Hz, stereo (default)", "\n  Duration: 09:00:00.00, start: 9.000000",
    'q"u\'o`te', "%s%n", "\x1b[31m", "日本語",
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A film: ffmpeg's arguments, its name, and the languages of its audio tracks."""

    arguments: tuple[str, ...]
    name: str = "film.mkv"
    languages: tuple[str | None, ...] = (None,)
    default: int = 0
    more: dict[str, Any] = field(default_factory=dict)
    patch: tuple[bytes, bytes] = (b"", b"")


def _two_languages(one: str, other: str, name: str = "film.mkv") -> Case:
    return Case(
        (*_PICTURE, *_LOW, *_HIGH, "-map", "0", "-map", "1", "-map", "2", "-c:v", "mpeg4",
         "-c:a", "libopus" if name.endswith("mkv") else "aac",
         "-metadata:s:a:0", f"language={one}", "-metadata:s:a:1", f"language={other}",
         "-metadata:s:v", f"language={one}"),
        name, (one, other),
    )  # fmt: skip


CASES = {
    "languages": Case(
        (*_PICTURE, *_LOW, "-map", "0", *["-map", "1"] * len(_LANGUAGES), "-c:v", "mpeg4", "-c:a", "libopus",
         *[part for number, language in enumerate(_LANGUAGES)
           for part in (f"-metadata:s:a:{number}", f"language={language}")],
         "-metadata:s:v", "language=en-US"),
        "film.mkv", _LANGUAGES,
    ),
    "mp4": _two_languages("por", "eng", "film.mp4"),
    "mov": _two_languages("por", "eng", "film.mov"),
    "name with a stream": _two_languages("pt-BR", "eng", "a\n  Stream #0:9: Audio: aac, 1 Hz.mkv"),
    "name with a duration": _two_languages("de", "en", "\n  Duration: 09:00:00.00, start: 9.000000.mkv"),
    "name with an input": _two_languages("de", "en", "x'\nInput #0, matroska, from 'y.mkv"),
    "name with quotes": _two_languages("de", "en", "a'b\"c`d $(e) -y %d;f|g.mkv"),
    "name with a protocol": _two_languages("de", "en", "concat:a|b.mkv"),
    "two programs": Case(
        (*_PICTURE, *_LOW, *_HIGH, "-map", "0", "-map", "1", "-map", "2", "-c:v", "mpeg2video",
         "-c:a", "mp2", "-metadata:s:a:0", "language=deu", "-metadata:s:a:1", "language=fra",
         "-program", "title=a:st=0:st=1", "-program", "title=b:st=0:st=1:st=2"),
        "film.ts", ("deu", "fra"),
    ),
    "second is default": Case(
        (*_PICTURE, *_LOW, *_HIGH, "-map", "1", "-map", "0", "-map", "2", "-c:v", "mpeg4",
         "-c:a", "aac", "-disposition:a:0", "0", "-disposition:a:1", "default"),
        "film.mp4", (None, None), 1,
    ),
    "several defaults": Case(
        (*_LOW, *_HIGH, "-map", "0", "-map", "1", "-filter:a:1", "pan=5.1|FC=c0", "-c:a", "flac",
         "-disposition:a:0", "default", "-disposition:a:1", "default"),
        "film.mka", (None, None),
    ),
    "no default": Case(
        (*_LOW, *_HIGH, "-map", "0", "-map", "1", "-filter:a:1", "pan=stereo|c0=c0|c1=c0", "-c:a",
         "flac", "-disposition:a", "0"),
        "film.mka", (None, None),
    ),
    "pictures after sound": Case((*_LOW, *_PICTURE, "-map", "0", "-map", "1", "-c:v", "mpeg4", "-c:a", "mp3"), "film.avi"),
    "program stream": Case((*_PICTURE, *_LOW, "-r", "25", "-c:v", "mpeg1video", "-c:a", "mp2"), "film.mpg"),
    "time code": Case((*_PICTURE, *_LOW, "-c:v", "mpeg4", "-c:a", "aac", "-timecode", "01:00:00:00"), "film.mov"),
    "starts late": Case((*_PICTURE, *_LOW, "-c:v", "mpeg4", "-c:a", "aac", "-output_ts_offset", "3"), "film.mp4"),
    "cover": Case(
        (*_LOW, "-f", "lavfi", "-i", "color=s=64x36:d=0.1", "-map", "0", "-map", "1", "-c:a", "aac",
         "-c:v", "mjpeg", "-disposition:v", "attached_pic"),
        "song.m4a", more={"pictures": 0},
    ),
    "cover and film": Case(
        (*_PICTURE, *_LOW, "-f", "lavfi", "-i", "color=s=32x18:d=0.1", "-map", "0", "-map", "1",
         "-map", "2", "-c:v:0", "mpeg4", "-c:v:1", "mjpeg", "-c:a", "aac", "-disposition:v:1", "attached_pic"),
        "film.mp4", more={"pictures": 1, "width": 64},
    ),
    "unknown picture": Case(
        (*_PICTURE, *_LOW, "-c:v", "mjpeg", "-c:a", "aac"), "film.mov",
        more={"pictures": 0}, patch=(b"jpeg", b"zzzz"),
    ),
    "picture of no size": Case(
        (*_PICTURE, *_LOW, "-c:v", "rawvideo", "-pix_fmt", "yuyv422", "-c:a", "aac"), "film.mov",
        more={"pictures": 0}, patch=(b"\0\x40\0\x24\0\x48", b"\0\0\0\0\0\x48"),
    ),
    "unknown sound": Case((*_PICTURE, *_LOW, "-c:v", "mpeg4", "-c:a", "aac"), "film.mp4", patch=(b"mp4a", b"zzzz")),
    "name of other bytes": _two_languages("de", "en", os.fsdecode(b"caf\xe9 \xff.mkv")),
    **{
        f"sound as {name}": Case((*_LOW, "-c:a", codec, "-strict", "-2"), f"sound.{name}")
        for name, codec in {
            "wav": "pcm_s16le", "mp3": "libmp3lame", "flac": "flac", "ogg": "libvorbis", "opus": "libopus",
            "m4a": "aac", "aac": "aac", "ac3": "ac3", "aiff": "pcm_s16be", "au": "pcm_s16be", "caf": "pcm_s16le",
            "wv": "wavpack", "tta": "tta", "wma": "wmav2", "w64": "pcm_s16le", "dts": "dca",
        }.items()
    },
    **{
        f"film as {name}": Case((*_PICTURE, *_LOW, "-c:v", video, "-c:a", sound, "-strict", "-2"), f"film.{name}")
        for name, (video, sound) in {
            "webm": ("libvpx", "libvorbis"), "flv": ("flv", "mp3"), "wmv": ("wmv2", "wmav2"),
            "nut": ("mpeg4", "flac"), "m2ts": ("mpeg2video", "ac3"), "3gp": ("mpeg4", "aac"),
            "vob": ("mpeg2video", "ac3"),
        }.items()
    },
}  # fmt: skip


def made(case: Case, folder: Path) -> Path:
    plain = folder / f"made{Path(case.name).suffix}"
    run_ffmpeg(
        *case.arguments, *(("-ar", "44100") if plain.suffix in {".flv", ".dts"} else ()), plain
    )
    if case.patch[0]:
        data = plain.read_bytes()
        assert case.patch[0] in data
        plain.write_bytes(data.replace(*case.patch))
    return plain.rename(folder / case.name)


def ffmpegs(path: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Runs the product's ffmpeg on a film, as the product does."""
    command = [
        media.ffmpeg_executable(),
        "-hide_banner",
        "-nostdin",
        *media.input_arguments(path),
        *arguments,
    ]
    return subprocess.run(command, capture_output=True, check=False)


def streams_of_ffmpeg(path: Path) -> dict[int, tuple[str, str]]:
    """Kind and codec by ffmpeg's own numbers: one stream is mapped at a time, none is read in prose."""
    found = {}
    for index in range(len(_LANGUAGES) + 2):
        done = ffmpegs(
            path,
            "-copyts",
            "-map",
            f"0:{index}",
            "-c",
            "copy",
            "-t",
            "0",
            "-f",
            "framecrc",
            "pipe:",
        )
        header = dict(re.findall(rb"^#(media_type|codec_id) 0: (\S+)", done.stdout, re.MULTILINE))
        if header:
            found[index] = (header[b"media_type"].decode(), header[b"codec_id"].decode())
    return found


@pytest.mark.parametrize("name", CASES)
def test_numbers_are_ffmpegs(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    path = made(case, tmp_path)
    info = media.probe(path)
    own = streams_of_ffmpeg(path)
    pictures = [index for index, (kind, _) in own.items() if kind == "video"]
    for kind, tracks in (("audio", info.audio), ("subtitle", info.subtitles)):
        expected = [(index, codec) for index, (of, codec) in own.items() if of == kind]
        codecs = {"unknown": "none"}
        assert [(track.index, codecs.get(track.codec, track.codec)) for track in tracks] == expected
        assert [track.number for track in tracks] == list(range(len(tracks)))
    assert tuple(track.language for track in info.audio) == case.languages
    assert media.chosen_track(info).number == case.default
    assert len(info.video) == case.more.get("pictures", len(pictures))
    assert {track.index for track in info.video} <= set(pictures)
    if "width" in case.more:
        assert [track.width for track in info.video] == [case.more["width"]]
    # The report for people is of a copy with a harmless name.
    report = ffmpegs(path.rename(tmp_path / f"harmless{path.suffix}")).stderr.decode(
        "utf-8", "replace"
    )
    duration, start = re.findall(
        r"^  Duration: ([\d:.]+|N/A)(?:, start: (-?[\d.]+))?", report, re.MULTILINE
    )[0]
    # Older versions take Opus's delay of 7 ms off twice, and count silence before a late start as duration.
    assert info.start_us == pytest.approx(1e6 * float(start or 0), abs=7_001)
    if duration != "N/A" and "SUBEMO_FFMPEG" not in os.environ:
        hours, minutes, seconds = duration.split(":")
        assert info.duration_ms == round(
            1000 * (3600 * int(hours) + 60 * int(minutes) + float(seconds))
        )


class TestTheProcess:
    def test_none_is_left(self, trailer: tuple[Path, Path]) -> None:
        before = children()
        probing._probed.cache_clear()
        media.probe(trailer[0])
        assert children() <= before

    def test_a_film_is_read_once(
        self, trailer: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        info = media.probe(trailer[0])
        monkeypatch.setattr(probing, "start", None)
        assert media.probe(trailer[0]) is info

    def test_it_is_read_ahead(
        self, trailer: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        info = media.probe(trailer[0])
        probing._probed.cache_clear()
        media.probe_ahead(trailer[0])
        media.probe_ahead(tmp_path / "none.mp4")
        probing._ahead[trailer[0]].join()
        monkeypatch.setattr(probing, "start", None)
        assert media.probe(trailer[0]) == info
        with pytest.raises(MediaError, match="no such file"):
            media.probe(tmp_path / "none.mp4")
        assert not {trailer[0], tmp_path / "none.mp4"} & probing._ahead.keys()

    def test_it_ends_in_time(
        self, trailer: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        program = tmp_path / "endless.py"
        program.write_text("while True: pass")
        monkeypatch.setattr(headers, "__file__", str(program))
        monkeypatch.setattr(probing, "_TIMEOUT_S", 0.5)
        probing._probed.cache_clear()
        before = children()
        with pytest.raises(MediaError, match=r"trailer\.mp4: its headers could not be read within"):
            media.probe(trailer[0])
        assert children() <= before

    def test_no_more_is_read_than_a_report(
        self, trailer: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        program = tmp_path / "long.py"
        program.write_text("print('[' * 10_000_000)")
        monkeypatch.setattr(headers, "__file__", str(program))
        probing._probed.cache_clear()
        with pytest.raises(MediaError, match="not a readable film"):
            media.probe(trailer[0])

    def test_without_its_library(
        self, trailer: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(probing, "find_spec", lambda _: None)
        probing._probed.cache_clear()
        with pytest.raises(MediaError, match=r"PyAV.*pip install"):
            media.probe(trailer[0])

    @pytest.mark.skipif(sys.platform != "linux", reason="reads /proc, as Linux has it")
    def test_it_is_limited(self, tmp_path: Path) -> None:
        code = (
            "import sys; sys.path.insert(0, sys.argv[1]); import headers; headers.limit();"
            "print(open('/proc/self/limits').read())"
        )
        folder = Path(headers.__file__).parent
        limits = subprocess.run(
            [sys.executable, "-I", "-S", "-c", code, str(folder)],
            capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
        for name, most in (
            ("Max cpu time", headers.MOST_CPU_S),
            ("Max file size", headers.LONGEST_REPORT),
            ("Max address space", headers.MOST_MEMORY),
        ):
            assert re.search(rf"^{name} +{most} +{most} ", limits, re.MULTILINE)

    @pytest.mark.parametrize(
        "text",
        [
            "ffconcat version 1.0\nfile 'secret.wav'\n",
            "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nsecret.wav\n#EXT-X-ENDLIST\n",
            '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"/>',
            "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 5004 RTP/AVP 0\n",
        ],
    )
    @pytest.mark.parametrize("suffix", [".mp4", ".m3u8", ".mpd", ".sdp", ".ffconcat"])
    def test_lists_of_other_files_are_refused(self, tmp_path: Path, text: str, suffix: str) -> None:
        run_ffmpeg(*_LOW, tmp_path / "secret.wav")
        path = tmp_path / f"list{suffix}"
        path.write_text(text)
        with pytest.raises(MediaError, match=r"can refer to other files|not a readable film"):
            media.probe(path)


STREAM = {
    "index": 0, "kind": "audio", "codec": "aac", "language": "eng", "title": "", "is_default": True,
    "is_cover": False, "start": 0, "end": 1_000_000, "rate": 48_000, "layout": "stereo", "channels": ["FL", "FR"],
}  # fmt: skip
REPORT = {"container": "mov", "start": 0, "duration": 1_000_000, "streams": [STREAM]}


class TestContents:
    """The process that reads untrusted bytes is not trusted either."""

    def test_a_report(self) -> None:
        info = probing._contents(json.loads(json.dumps(REPORT)), Path("a.mp4"))
        assert info.duration_ms == 1_000
        assert media.chosen_track(info).description == "aac, 48000 Hz, stereo"

    @pytest.mark.parametrize(
        "report",
        [
            None, [], {}, "x", 7,
            {**REPORT, "streams": None}, {**REPORT, "streams": [None]}, {**REPORT, "streams": [{}]},
            {**REPORT, "start": "0"}, {**REPORT, "start": 1.5}, {**REPORT, "duration": 2**70},
            {**REPORT, "streams": [{**STREAM, "index": 1}]}, {**REPORT, "streams": [{**STREAM, "index": True}]},
            {**REPORT, "streams": [{**STREAM, "language": ["eng"]}]},
            {**REPORT, "streams": [{**STREAM, "channels": "FL"}]}, {**REPORT, "streams": [{**STREAM, "rate": -1}]},
        ],
    )  # fmt: skip
    def test_what_is_no_report(self, report: Any) -> None:
        with pytest.raises((ValueError, KeyError, TypeError)):
            probing._contents(report, Path("a.mp4"))


@pytest.fixture(scope="module")
def whole_film(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("whole")
    return made(CASES["two programs"], folder).read_bytes()[:50_000]


@pytest.mark.hypothesis
@given(damage=st.lists(st.tuples(st.integers(0, 2_000), st.integers(0, 255)), max_size=30))
@settings(max_examples=settings().max_examples // 5)
def test_damaged_headers_are_read_or_refused(
    whole_film: bytes, tmp_path_factory: pytest.TempPathFactory, damage: list[tuple[int, int]]
) -> None:
    data = bytearray(whole_film)
    for at, byte in damage:
        data[at] = byte
    path = tmp_path_factory.mktemp("damaged") / "film.ts"
    path.write_bytes(data)
    before = children()
    try:
        info = media.probe(path)
    except MediaError as error:
        assert error.path == path
    else:
        assert sorted(track.number for track in info.audio) == list(range(len(info.audio)))
    assert children() <= before


class TestChosenTrack:
    def test_the_one_that_is_wished_for_is_heard(self, tmp_path: Path) -> None:
        path = made(CASES["second is default"], tmp_path)

        def hertz(audio_stream: int | None) -> float:
            sound = np.concatenate(
                list(media.stream_audio(path, sample_rate=8_000, audio_stream=audio_stream))
            )
            return float(np.argmax(np.abs(np.fft.rfft(sound[:8_000]))))

        assert [round(hertz(wish), -1) for wish in (None, 0, 1)] == [2000, 500, 2000]

    @pytest.mark.parametrize("name", ["several defaults", "no default"])
    def test_most_channels_do_not_decide(self, name: str, tmp_path: Path) -> None:
        path = made(CASES[name], tmp_path)
        sound = np.concatenate(list(media.stream_audio(path, sample_rate=8_000)))
        assert np.argmax(np.abs(np.fft.rfft(sound[:8_000]))) == 500
