"""The commands that messages recommend do what they promise, as they are typed."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path

import numpy as np
import pytest

from subemo import media
from subemo.core.errors import MediaError

from ..conftest import run_ffmpeg

RATE = 8_000
_PICTURE = ("-f", "lavfi", "-i", "testsrc=s=160x90:r=25:d=20")


def joined(folder: Path, suffix: str, *codecs: str) -> Path:
    """Two parts of 20 s in one file, as ``cat`` joins them: a tone of 500 Hz, then of 2,000 Hz."""
    picture = _PICTURE if "-c:v" in codecs else ()
    for hertz in (500, 2_000):
        tone = ("-f", "lavfi", "-i", f"sine=f={hertz}:d=20:r=48000")
        run_ffmpeg(*picture, *tone, *codecs, folder / f"{hertz}{suffix}")
    path = folder / f"joined{suffix}"
    path.write_bytes(b"".join((folder / f"{hertz}{suffix}").read_bytes() for hertz in (500, 2_000)))
    return path


def jumping(folder: Path, suffix: str, *codecs: str) -> Path:
    """Of 20 s, the last twelve are two days later, in picture and sound."""
    tone = ("-f", "lavfi", "-i", "sine=f=500:d=20:r=48000")
    run_ffmpeg(*_PICTURE, *tone, *codecs, folder / f"whole{suffix}")
    path = folder / f"jumping{suffix}"
    jump = "setts=ts='TS+gte(TS*TB,8)*200000/TB'"
    run_ffmpeg("-i", folder / f"whole{suffix}", "-c", "copy", "-bsf", jump, path)
    return path


def heard(path: Path, at_s: float) -> int:
    """The pitch at a time of a film."""
    sound = np.concatenate(list(media.stream_audio(path, sample_rate=RATE)))
    part = sound[round(at_s * RATE) : round((at_s + 0.5) * RATE)]
    return int(np.argmax(np.abs(np.fft.rfft(part)))) * 2


@pytest.mark.parametrize(
    ("suffix", "codecs"),
    [
        (".mpg", ("-c:v", "mpeg2video", "-c:a", "mp2")),
        (".vob", ("-c:v", "mpeg2video", "-c:a", "ac3")),
        (".ts", ("-c:v", "mpeg2video", "-c:a", "aac")),
        (".opus", ("-c:a", "libopus")),
        (".ogg", ("-c:a", "libvorbis")),
        (".mkv", ("-c:v", "mpeg4", "-c:a", "aac")),
    ],
)
def test_a_film_that_jumps_is_written_anew(
    suffix: str, codecs: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_joined = suffix != ".mkv"
    film = (joined if is_joined else jumping)(tmp_path, suffix, *codecs)
    with pytest.raises(MediaError, match="time stamps of its sound jump") as error:
        heard(film, 0)
    remedy = re.search(r"Write it anew with: (ffmpeg .* NEW\.mkv), then", str(error.value))
    assert remedy is not None
    monkeypatch.chdir(tmp_path)
    program, *typed = shlex.split(remedy[1].replace("FILM", film.name))
    assert program == "ffmpeg"
    subprocess.run(
        [media.ffmpeg_executable(), "-nostdin", "-loglevel", "error", *typed], check=True
    )
    new = Path("NEW.mkv")
    info = media.probe(new)
    assert info.duration_ms == pytest.approx(40_000 if is_joined else 20_000, abs=200)
    assert len(info.video) == ("-c:v" in codecs)
    assert [heard(new, at_s) for at_s in (1, 18)] == [500, 500]
    if is_joined:
        assert [heard(new, at_s) for at_s in (22, 38)] == [2_000, 2_000]
