from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from subemo import media
from subemo.core.errors import MediaError
from subemo.media import decoding, ffmpeg
from subemo.media.audio import Samples

from ..conftest import children, run_ffmpeg, silence, tone, write_wav

RATE = 22_050


def decode(path: Path, **options: Any) -> Samples:
    return np.concatenate(list(media.stream_audio(path, sample_rate=RATE, **options)))


class TestProbe:
    def test_duration_and_tracks(self, film: Path) -> None:
        info = media.probe(film)
        assert info.duration_ms is not None
        assert abs(info.duration_ms - 9_000) < 100
        assert [track.number for track in info.audio] == [0]
        assert "aac" in info.audio[0].description

    def test_languages_of_several_tracks(self, film: Path, tmp_path: Path) -> None:
        path = tmp_path / "two.mkv"
        run_ffmpeg(
            "-i", film, "-map", "0:v", "-map", "0:a", "-map", "0:a", "-c", "copy",
            "-metadata:s:a:1", "language=deu",
            "-metadata", "title=x\n  Stream #0:9: Audio: fake", path,
        )  # fmt: skip
        assert [track.language for track in media.probe(path).audio] == [None, "deu"]

    def test_transport_stream(self, film: Path, tmp_path: Path) -> None:
        run_ffmpeg("-i", film, "-c", "copy", tmp_path / "film.ts")
        assert len(media.probe(tmp_path / "film.ts").audio) == 1

    def test_no_such_file(self, tmp_path: Path) -> None:
        with pytest.raises(MediaError, match="no such file"):
            media.probe(tmp_path / "none.mp4")
        with pytest.raises(MediaError, match="this is a folder"):
            media.probe(tmp_path)

    def test_not_a_film(self, tmp_path: Path) -> None:
        path = tmp_path / "film.mp4"
        path.write_bytes(b"this is not a film" * 100)
        with pytest.raises(MediaError, match="not a readable film"):
            media.probe(path)

    def test_a_list_named_like_a_film_opens_nothing(self, film: Path, tmp_path: Path) -> None:
        path = tmp_path / "list.mp4"
        path.write_text(f"ffconcat version 1.0\nfile '{film}'\n")
        with pytest.raises(MediaError, match="can refer to other files"):
            media.probe(path)
        with pytest.raises(MediaError):
            decode(path)

    def test_a_playlist_named_like_a_film_opens_nothing(self, tmp_path: Path) -> None:
        path = tmp_path / "list.mp4"
        path.write_text(
            "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n"
        )
        with pytest.raises(MediaError):
            media.probe(path)


class TestCheckAudio:
    def test_no_sound(self, tmp_path: Path) -> None:
        run_ffmpeg("-f", "lavfi", "-i", "color=s=64x36:d=1", tmp_path / "mute.mp4")
        with pytest.raises(MediaError, match="no audio track"):
            media.check_audio(tmp_path / "mute.mp4")

    def test_track_that_is_not_there(self, film: Path) -> None:
        with pytest.raises(MediaError, match=r"no audio track 3.*choose from 0: .*aac"):
            media.check_audio(film, 3)


class TestStreamAudio:
    def test_blocks_cover_the_film(self, film: Path) -> None:
        blocks = list(media.stream_audio(film, sample_rate=RATE))
        assert {block.size for block in blocks[:-1]} == {RATE}
        assert abs(sum(block.size for block in blocks) / RATE - 9) < 0.1
        assert all(block.dtype == np.float32 for block in blocks)

    def test_what_is_whole_is_no_damage(self, film: Path) -> None:
        warnings: list[str] = []
        list(media.stream_audio(film, sample_rate=RATE, on_warning=warnings.append))
        assert not warnings

    def test_level_is_kept_in_mono(self, tmp_path: Path) -> None:
        import soundfile

        sound = tone(1, sample_rate=48_000)
        soundfile.write(tmp_path / "a.wav", np.stack((sound, sound), axis=1), 48_000, "FLOAT")
        decoded = decode(tmp_path / "a.wav")
        np.testing.assert_allclose(decoded[500:-500], tone(1)[500:-500], atol=2e-3)

    @pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
    def test_sound_that_starts_late_is_late(self, tmp_path: Path, suffix: str) -> None:
        # A click at 0.5 s of a track that starts 1.5 s after the picture.
        sound = np.concatenate((silence(0.5), tone(0.2), silence(1)))
        wav = write_wav(tmp_path / "a.wav", sound)
        path = tmp_path / f"late{suffix}"
        run_ffmpeg(
            "-f", "lavfi", "-i", "color=s=64x36:r=25:d=4", "-itsoffset", "1.5", "-i", wav,
            "-map", "0:v", "-map", "1:a", "-c:a", "aac", path,
        )  # fmt: skip
        onset = np.flatnonzero(np.abs(decode(path)) > 0.1)[0] / RATE
        assert abs(onset - 2.0) < 0.03

    def test_only_the_chosen_track(self, tmp_path: Path) -> None:
        low = write_wav(tmp_path / "low.wav", tone(1, hertz=200))
        high = write_wav(tmp_path / "high.wav", tone(1, hertz=2000))
        path = tmp_path / "two.mkv"
        run_ffmpeg("-i", low, "-i", high, "-map", "0", "-map", "1", "-c:a", "flac", path)
        peaks = [
            np.argmax(np.abs(np.fft.rfft(decode(path, audio_stream=number)))) for number in (0, 1)
        ]
        np.testing.assert_allclose(peaks, [200, 2000], atol=2)

    @pytest.mark.parametrize("name", ["-y.wav", "a:b.wav", "concat:a.wav", "a b'c\".wav", "%d.wav"])
    def test_odd_names_are_just_names(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
    ) -> None:
        write_wav(tmp_path / "a.wav", tone(0.5)).rename(tmp_path / name)
        monkeypatch.chdir(tmp_path)
        assert decode(Path(name)).size == RATE // 2

    def test_ffmpeg_is_reaped_when_the_reader_stops(self, film: Path) -> None:
        before = children()
        blocks = media.stream_audio(film, sample_rate=RATE)
        next(blocks)
        assert children() != before
        blocks.close()
        assert children() <= before

    def test_ffmpeg_is_reaped_on_interrupt(self, film: Path) -> None:
        before = children()
        with pytest.raises(KeyboardInterrupt):
            for _ in media.stream_audio(film, sample_rate=RATE):
                raise KeyboardInterrupt
        assert children() <= before

    def test_damage_is_a_warning(self, film: Path, tmp_path: Path) -> None:
        data = bytearray(film.read_bytes())
        start = data.find(b"mdat") + 5_000
        for i in range(start, start + 4_000):
            data[i] ^= 0x5A
        path = tmp_path / "damaged.mp4"
        path.write_bytes(data)
        warnings: list[str] = []
        blocks = list(media.stream_audio(path, sample_rate=RATE, on_warning=warnings.append))
        assert abs(sum(block.size for block in blocks) / RATE - 9) < 0.5
        assert len(warnings) == 1
        assert "damaged" in warnings[0]


class TestFfmpegExecutable:
    @pytest.fixture(autouse=True)
    def _forget(self) -> None:
        media.ffmpeg_executable.cache_clear()

    def test_the_one_that_is_named(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        program = tmp_path / "my-ffmpeg"
        program.symlink_to(media.ffmpeg_executable())
        media.ffmpeg_executable.cache_clear()
        monkeypatch.setenv("SUBEMO_FFMPEG", str(program))
        assert media.ffmpeg_executable() == str(program)
        media.ffmpeg_executable.cache_clear()

    def test_named_but_missing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SUBEMO_FFMPEG", "/none/ffmpeg")
        with pytest.raises(MediaError, match="SUBEMO_FFMPEG"):
            media.ffmpeg_executable()


def test_commands_have_the_guards(film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commands: list[list[str]] = []
    real = ffmpeg.decoder

    def seen(command: list[str]) -> Any:
        commands.append(command)
        return real(command)

    monkeypatch.setattr(decoding, "decoder", seen)
    decode(film)
    for command in commands:
        for guard in ("-nostdin", "-protocol_whitelist", "-format_whitelist", "-vn", "-sn", "-dn"):
            assert guard in command
        assert command[command.index("-protocol_whitelist") + 1] == "file,pipe"
        assert command[command.index("-i") + 1] == f"file:{film}"
        assert subprocess.list2cmdline(command)  # a list of strings, never a shell's line
    assert commands
    assert "concat" not in media.FORMATS


@pytest.mark.parametrize(
    "name",
    [
        b"caf\xe9 \xff.mkv",
        b"100 %41 %d.mkv",
        "Zürich \U0010dce9.mkv".encode(),
        b"a:b|c'd\".mkv",
        b"a\nb.mkv",
    ],
)
def test_names_pass_through_ffmpeg_python(name: bytes) -> None:
    import ffmpeg as ffmpeg_python

    path = Path(os.fsdecode(name))
    command = ffmpeg_python.input(media.file_url(path)).output(media.file_url(path), c="copy")
    program, _, source, *options, target = media.arguments_of(command)
    assert program == media.ffmpeg_executable()
    assert source == target == f"file:{path}" == media.input_arguments(path)[-1]
    assert options == ["-c", "copy"]


def test_sound_that_begins_long_after_the_picture(tmp_path: Path) -> None:
    film = tmp_path / "late.ts"
    make = [media.ffmpeg_executable(), "-loglevel", "error", "-f", "lavfi", "-i", "color=s=64x64:r=25:d=12",
            "-itsoffset", "8", "-f", "lavfi", "-i", "sine=d=4", "-map", "0", "-map", "1",
            "-c:v", "mpeg2video", "-c:a", "mp2", str(film)]  # fmt: skip
    subprocess.run(make, check=True)
    heard = np.concatenate(list(media.stream_audio(film, sample_rate=8_000)))
    assert np.flatnonzero(np.abs(heard) > 0.01)[0] / 8_000 == pytest.approx(8, abs=0.1)
