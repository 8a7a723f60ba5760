"""What the world calls films: each gives the right result or one clear line, and harms nothing."""

from __future__ import annotations

import json
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.signal import correlate

from subemo import media
from subemo.cli import main
from subemo.media.audio import Samples

from .conftest import children, run_ffmpeg, silence, speechlike, write_srt, write_wav

RATE = 22_050
CUES = [(500, 2_500, "One."), (3_000, 5_500, "Two.")]
#: What takes longer hangs, even on a machine with other things to do.
LIMIT_S = 300


@pytest.fixture(scope="module")
def voice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("voice") / "voice.wav"
    return write_wav(path, speechlike(6, sample_rate=48_000), 48_000)


@pytest.fixture(scope="module")
def picture(voice: Path) -> Path:
    path = voice.with_name("film.mp4")
    run_ffmpeg("-f", "lavfi", "-i", "color=s=64x36:r=25:d=6", "-i", voice, "-c:a", "aac",
               "-b:a", "128k", path)  # fmt: skip
    return path


@pytest.fixture(autouse=True)
def _nothing_hangs_or_stays() -> Iterator[None]:
    def too_long(*_: object) -> None:
        raise TimeoutError(f"longer than {LIMIT_S} s")

    before = children()
    signal.signal(signal.SIGALRM, too_long)
    signal.alarm(LIMIT_S)
    yield
    signal.alarm(0)
    assert children() <= before


def content(folder: Path) -> dict[str, bytes | None]:
    """Every file under *folder*."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
    }


def annotated(film: Path, tmp_path: Path, *options: str) -> tuple[int, list[dict[str, Any]]]:
    """The exit code, and the cues; nothing but the output may be touched."""
    subs = write_srt(tmp_path / "subs.srt", CUES)
    before = content(tmp_path)
    out = tmp_path / "out.json"
    code = main(["annotate", str(film), str(subs), "-o", str(out), *options])
    cues = json.loads(out.read_text())["cues"] if out.exists() else []
    out.unlink(missing_ok=True)
    assert content(tmp_path) == before
    return code, cues


def decoded(film: Path) -> Samples:
    return np.concatenate(list(media.stream_audio(film, sample_rate=RATE)))


def lag_and_likeness(sound: Samples, reference: Samples) -> tuple[float, float, float]:
    """By how many seconds *sound* is late, its correlation, and its level in decibels."""
    size = min(sound.size, reference.size)
    sound, reference = sound[:size], reference[:size]
    found = correlate(sound, reference, mode="full", method="fft")
    lag = int(found.argmax()) - (size - 1)
    likeness = found.max() / (np.linalg.norm(sound) * np.linalg.norm(reference))
    return lag / RATE, float(likeness), float(20 * np.log10(sound.std() / reference.std()))


def encode(*options: str) -> Callable[[Path, Path, Path], None]:
    def build(voice: Path, picture: Path, film: Path) -> None:
        run_ffmpeg("-i", voice, *options, film)

    return build


def with_cover(voice: Path, picture: Path, film: Path) -> None:
    cover = film.with_name("cover.png")
    run_ffmpeg("-f", "lavfi", "-i", "color=s=64x64:d=0.04", "-frames:v", "1", cover)
    run_ffmpeg("-i", voice, "-i", cover, "-map", "0", "-map", "1", "-c:v", "copy",
               "-disposition:v:0", "attached_pic", film)  # fmt: skip


def of_odd_frames(voice: Path, picture: Path, film: Path) -> None:
    run_ffmpeg("-i", picture, "-vf", "setpts='PTS+0.3*random(1)/TB'", "-fps_mode", "vfr",
               "-c:v", "mpeg4", "-c:a", "copy", film)  # fmt: skip


def of_a_wrong_length(voice: Path, picture: Path, film: Path) -> None:
    run_ffmpeg("-i", picture, "-c", "copy", film)
    data = film.read_bytes()
    at = data.index(b"\x44\x89\x88") + 3  # Matroska's Duration, a double
    film.write_bytes(data[:at] + struct.pack(">d", 1e15) + data[at + 8 :])


def of_no_length(voice: Path, picture: Path, film: Path) -> None:
    data = bytearray(voice.read_bytes())
    at = data.index(b"data") + 4
    data[at : at + 4] = data[4:8] = b"\xff\xff\xff\xff"
    film.write_bytes(data)


def with_a_second_language(voice: Path, picture: Path, film: Path) -> None:
    other = write_wav(film.with_name("other.wav"), speechlike(6, seed=5))
    run_ffmpeg("-i", picture, "-i", other, "-map", "0", "-map", "1", "-c:v", "copy", "-c:a", "aac",
               "-metadata:s:a:0", "language=eng", "-metadata:s:a:1", "language=deu", film)  # fmt: skip


ALL_WELL: dict[str, tuple[str, Callable[[Path, Path, Path], object]]] = {
    **{f"{rate} Hz": ("a.wav", encode("-ar", str(rate))) for rate in (8_000, 11_025, 96_000, 192_000)},
    **{
        layout: ("a.wav", encode("-af", f"pan={layout}|{'|'.join(f'c{i}=c0' for i in range(count))}"))
        for layout, count in {"stereo": 2, "2.1": 3, "quad": 4, "5.1": 6, "7.1": 8}.items()
    },
    **{
        codec: ("a.mkv", encode("-c:a", codec, "-strict", "-2"))
        for codec in ("pcm_u8", "pcm_s24le", "pcm_s32le", "pcm_f64le", "pcm_alaw", "flac", "alac",
                      "aac", "ac3", "libmp3lame", "libopus", "libvorbis", "wavpack")
    },
    **{
        suffix: (f"a.{suffix}", encode())
        for suffix in ("mp3", "m4a", "ogg", "flac", "aiff", "caf", "w64", "avi", "mov", "ts", "wma",
                       "flv", "au")
    },
    "a cover picture": ("a.mp3", with_cover),
    "a variable frame rate": ("a.mkv", of_odd_frames),
    "a wrong length in its header": ("a.mkv", of_a_wrong_length),
    "no length in its header": ("a.wav", of_no_length),
    "two languages": ("a.mkv", with_a_second_language),
    "spaces and quotes": ("a b'c\"d.wav", encode()),
    "a leading dash": ("-i.wav", encode()),
    "a newline": ("a\nb.wav", encode()),
    "per cent": ("%03d.wav", lambda voice, _, film: film.write_bytes(voice.read_bytes())),
    "no UTF-8": (os.fsdecode(b"\xff\xfe.wav"), encode()),
    "no suffix": ("film", lambda voice, _, film: film.write_bytes(voice.read_bytes())),
    "the wrong suffix": ("film.srt", lambda _, film_, film: film.write_bytes(film_.read_bytes())),
}  # fmt: skip


@pytest.mark.parametrize("name", ALL_WELL)
def test_what_can_be_heard_is_heard_at_its_time(
    voice: Path, picture: Path, tmp_path: Path, name: str
) -> None:
    file, build = ALL_WELL[name]
    film = tmp_path / file
    build(voice, picture, film)
    late_s, likeness, level_db = lag_and_likeness(decoded(film), decoded(voice))
    assert abs(late_s) < 0.05  # an encoder may leave its delay in
    assert likeness > 0.9
    assert abs(level_db) < 3
    code, cues = annotated(film, tmp_path)
    assert code == 0
    assert [(cue["start"], cue["end"], cue["text"]) for cue in cues] == CUES
    assert all(cue["probabilities"] for cue in cues)


def test_each_language_is_its_own(voice: Path, picture: Path, tmp_path: Path) -> None:
    film = tmp_path / "a.mkv"
    with_a_second_language(voice, picture, film)
    answers = [annotated(film, tmp_path, *which)[1] for which in
               ([], ["--audio-stream", "0"], ["--audio-stream", "1"])]  # fmt: skip
    assert answers[0] == answers[1] != answers[2]


class TestPartsOfAFilm:
    def test_sound_that_begins_late(self, voice: Path, tmp_path: Path) -> None:
        film = tmp_path / "late.mkv"
        run_ffmpeg("-f", "lavfi", "-i", "color=s=64x36:r=5:d=9", "-itsoffset", "2.75", "-i", voice,
                   "-map", "0", "-map", "1", "-c:a", "flac", film)  # fmt: skip
        first, second = annotated(film, tmp_path)[1]
        assert first["reason"] == "too little sound"
        assert second["probabilities"]

    def test_sound_that_ends_early(
        self, voice: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        film = tmp_path / "early.mkv"
        run_ffmpeg("-f", "lavfi", "-i", "color=s=64x36:r=5:d=6", "-t", "2.6", "-i", voice,
                   "-map", "0", "-map", "1", "-c:a", "flac", film)  # fmt: skip
        code, (first, second) = annotated(film, tmp_path)
        assert code == 0
        assert first["probabilities"]
        assert second["reason"] == "past the end of the sound"
        assert "subs.srt:6: this cue starts after the end of the sound" in capsys.readouterr().err

    @pytest.mark.parametrize("suffix", ["mkv", "ts", "mp3", "avi"])
    def test_cut_off(self, picture: Path, tmp_path: Path, suffix: str) -> None:
        film = tmp_path / f"film.{suffix}"
        run_ffmpeg("-i", picture, film)
        data = film.read_bytes()
        film.write_bytes(data[: len(data) // 2])
        code, (first, second) = annotated(film, tmp_path)
        assert code == 0
        assert first["probabilities"]
        assert not second["probabilities"]

    @pytest.mark.parametrize("suffix", ["mkv", "mp4", "ts", "mp3", "ogg", "flac", "wav"])
    def test_garbage_behind_the_header(
        self, picture: Path, tmp_path: Path, suffix: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        film = tmp_path / f"film.{suffix}"
        run_ffmpeg("-i", picture, film)
        data = film.read_bytes()
        garbage = np.random.default_rng(0).bytes(len(data) - 2_000)
        film.write_bytes(data[:2_000] + garbage)
        code, cues = annotated(film, tmp_path)
        complaint = capsys.readouterr().err
        assert "Traceback" not in complaint
        if code == 0:
            assert [cue["text"] for cue in cues] == ["One.", "Two."]
        else:
            assert code == 1
            assert one_line(complaint)


def one_line(complaint: str) -> bool:
    return complaint.startswith("subemo: error: ") and complaint.count("\n") == 1


def moov_cut_off(picture: Path, film: Path) -> None:
    data = picture.read_bytes()
    film.write_bytes(data[: data.rindex(b"moov")])


HOPELESS: dict[str, tuple[str, Callable[[Path, Path], object], str]] = {
    "of no length": (
        "a.mp4",
        lambda _, film: film.write_bytes(b""),
        "not a readable film or sound file",
    ),
    "text": (
        "a.mp4",
        lambda _, film: film.write_text("Hello\n" * 99),
        "not a readable film or sound file",
    ),
    "noise": (
        "a.mkv",
        lambda _, film: film.write_bytes(np.random.default_rng(0).bytes(50_000)),
        "not a readable film or sound file",
    ),
    "without its index": ("a.mp4", moov_cut_off, "not a readable film or sound file"),
    "silent": ("a.mkv", lambda film_, film: run_ffmpeg("-i", film_, "-an", film), "no audio track"),
    "a picture": (
        "a.png",
        lambda _, film: run_ffmpeg("-f", "lavfi", "-i", "color=d=0.04", "-frames:v", "1", film),
        "can refer to other files or contains no film",
    ),
    "a folder": ("a.mp4", lambda _, film: film.mkdir(), "this is a folder"),
    "a pipe": ("a.mp4", lambda _, film: os.mkfifo(film), "not a regular file"),
}


@pytest.mark.parametrize("name", HOPELESS)
def test_what_cannot_be_heard_is_one_clear_line(
    picture: Path, tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file, build, expected = HOPELESS[name]
    film = tmp_path / file
    build(picture, film)
    code, cues = annotated(film, tmp_path)
    assert (code, cues) == (1, [])
    complaint = capsys.readouterr().err
    assert one_line(complaint)
    assert expected in complaint


@pytest.fixture
def server() -> Iterator[tuple[str, list[bytes]]]:
    """An address, and what was asked of it."""
    asked: list[bytes] = []
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.1)
    ended = threading.Event()

    def serve() -> None:
        while not ended.is_set():
            try:
                connection, _ = listener.accept()
            except TimeoutError:
                continue
            with connection:
                asked.append(connection.recv(1_000))

    thread = threading.Thread(target=serve)
    thread.start()
    yield f"127.0.0.1:{listener.getsockname()[1]}", asked
    ended.set()
    thread.join()
    listener.close()


POINTERS = {
    "HLS": "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{url}\n#EXT-X-ENDLIST\n",
    "HLS, a file": "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{file}\n#EXT-X-ENDLIST\n",
    "concat": "ffconcat version 1.0\nfile '{file}'\n",
    "concat, a URL": "ffconcat version 1.0\nfile '{url}'\n",
    "SDP": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nm=audio 5004 RTP/AVP 0\n",
    "DASH": (
        '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" '
        'mediaPresentationDuration="PT9S"><Period><AdaptationSet mimeType="audio/mp4">'
        '<Representation id="1" bandwidth="1"><BaseURL>{url}</BaseURL></Representation>'
        "</AdaptationSet></Period></MPD>"
    ),
    "PLS": "[playlist]\nFile1={url}\nNumberOfEntries=1\n",
    "ASX": '<asx version="3.0"><entry><ref href="{url}"/></entry></asx>',
}


@pytest.mark.parametrize("suffix", ["m3u8", "mp4", "txt", "sdp", "mpd"])
@pytest.mark.parametrize("name", POINTERS)
def test_what_points_elsewhere_is_not_followed(
    picture: Path,
    tmp_path: Path,
    server: tuple[str, list[bytes]],
    name: str,
    suffix: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    address, asked = server
    film = tmp_path / f"film.{suffix}"
    text = POINTERS[name].replace("{url}", f"http://{address}/a.mp4")
    film.write_text(text.replace("{file}", str(picture)))
    assert annotated(film, tmp_path) == (1, [])
    assert one_line(capsys.readouterr().err)
    assert asked == []


@pytest.mark.parametrize(
    "name", ["http://{address}/a.mp4", "tcp://{address}", "concat:{film}|{film}"]
)
def test_a_url_is_a_file_that_is_not_there(
    picture: Path,
    tmp_path: Path,
    server: tuple[str, list[bytes]],
    name: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    address, asked = server
    film = Path(name.format(address=address, film=picture))
    assert annotated(film, tmp_path) == (1, [])
    assert "no such file" in capsys.readouterr().err
    assert asked == []


def test_no_network_is_asked_for(trailer: tuple[Path, Path], tmp_path: Path) -> None:
    """Neither by subemo, nor by a library that it loads (`sys.addaudithook`)."""
    program = (
        "import sys\n"
        "def hook(event, arguments):\n"
        "    if event in ('socket.connect', 'socket.getaddrinfo', 'socket.sendto', 'urllib.Request'):\n"
        "        print('NETWORK', event, arguments, file=sys.stderr)\n"
        "sys.addaudithook(hook)\n"
        "from subemo.cli import main\n"
        "sys.exit(main(sys.argv[1:]))\n"
    )
    film, subs = map(str, trailer)
    for part in ([subs], ["--subs", "none"]):
        command = ["annotate", film, *part, "-o", str(tmp_path / "a.srt"), "--overwrite"]
        done = subprocess.run(
            [sys.executable, "-c", program, *command], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        assert "NETWORK" not in done.stderr


def test_nothing_but_subemos_cache_is_written(trailer: tuple[Path, Path], tmp_path: Path) -> None:
    """No library leaves a file in the home of the user (ONNX Runtime's telemetry would)."""
    home = tmp_path / "home"
    home.mkdir()
    command = ["annotate", str(trailer[0]), "--subs", "none", "--no-transcribe", "--sounds", "all"]
    command += ["--sound-cues", "--all", "-o", str(tmp_path / "a.srt")]
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("ORT_DISABLE_TELEMETRY", "XDG_CACHE_HOME")
    } | {"HOME": str(home), "XDG_CACHE_HOME": str(home / ".cache")}
    program = [sys.executable, "-m", "subemo", *command]
    subprocess.run(program, check=True, capture_output=True, env=environment)
    assert [path.name for path in home.iterdir()] == [".cache"]
    assert [path.name for path in (home / ".cache").iterdir()] == ["subemo"]


def test_a_film_of_an_hour_of_silence_is_no_burden(tmp_path: Path) -> None:
    film = tmp_path / "long.flac"
    write_wav(tmp_path / "silence.wav", silence(3_600, sample_rate=8_000), 8_000)
    run_ffmpeg("-i", tmp_path / "silence.wav", film)
    (tmp_path / "silence.wav").unlink()
    code, cues = annotated(film, tmp_path)
    assert code == 0
    assert [cue["reason"] for cue in cues] == ["too little sound"] * 2


@pytest.mark.parametrize("name", [os.fsdecode(b"-y %d a\xff $b$x_{$")])
def test_an_odd_name_goes_through_every_output(
    picture: Path, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / f"{name} folder"
    folder.mkdir()
    monkeypatch.chdir(folder)
    film = Path(f"{name}.mp4")
    film.write_bytes(picture.read_bytes())
    write_srt(film.with_suffix(".srt"), CUES)
    of_film = [f"./{film}", "--language", "en", "--policy", "every"]
    films = ["--mux", "m.mkv", "--burn", "b.mp4", "--timeline", "t.mp4", "--plot", "p.png"]
    assert main(["annotate", *of_film, *films]) == 0
    assert main(["review", *of_film, "--proxy"]) == 0
    assert main(["strip", f"./{film.stem}.emo.srt", "-o", "bare.srt"]) == 0
    assert Path("bare.srt").read_bytes() == film.with_suffix(".srt").read_bytes()
    assert (
        main(["batch", ".", "-o", "out"]) == 1
    )  # one of the films that were made has no subtitles
    assert (Path("out") / f"{film.stem}.emo.srt").exists()
    for made in ("m.mkv", "b.mp4", "t.mp4", f"{film.stem}.review.mp4"):
        assert media.probe(Path(made)).audio
    wave = Path(f"{name}.wav")
    run_ffmpeg("-i", film.absolute(), wave.absolute())
    assert main(["plot", "waveform", f"./{wave}"]) == 0
