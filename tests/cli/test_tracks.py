"""Films with several tracks, and languages of more than letters, through the commands."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from subemo import media
from subemo.cli import main

from ..conftest import SAMPLES, run_ffmpeg, tone, write_srt, write_wav

PICTURE = ("-f", "lavfi", "-i", "color=s=160x90:r=5:d=8")


@pytest.fixture(scope="module")
def voice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("voice") / "voice.wav"
    run_ffmpeg(
        "-ss", "10", "-t", "8", "-i", SAMPLES / "trailer.mp4", "-ac", "1", "-ar", "16000", path
    )
    return path


@pytest.fixture
def subtitles(tmp_path: Path) -> Path:
    return write_srt(tmp_path / "b.srt", [(2_000, 5_000, "Hello, who are you?")])


@pytest.fixture
def with_subtitles(voice: Path, subtitles: Path, tmp_path: Path) -> Path:
    """Subtitles in Portuguese, then in English."""
    portuguese = write_srt(tmp_path / "pt.srt", [(2_000, 5_000, "Ola, quem e voce?")])
    path = tmp_path / "subs.mkv"
    run_ffmpeg(
        *PICTURE, "-i", voice, "-i", portuguese, "-i", subtitles, "-map", "0", "-map", "1", "-map", "2",
        "-map", "3", "-c:a", "flac", "-c:s", "srt", "-metadata:s:s:0", "language=pt-BR",
        "-metadata:s:s:1", "language=eng", path,
    )  # fmt: skip
    return path


def test_sound_in_american_english(
    voice: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "lang.opus"
    run_ffmpeg("-i", voice, "-c:a", "libopus", "-metadata:s:a", "language=en-US", path)
    assert main(["classify", str(path), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["emotion"]


def test_subtitles_by_language(with_subtitles: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.srt"
    wanted = ("--subs", "embedded", "--language", "en", "--all", "-o", str(out))
    assert main(["annotate", str(with_subtitles), *wanted]) == 0
    assert "Hello, who are you?" in out.read_text()


def test_the_films_own_tracks_keep_their_languages(
    with_subtitles: Path, subtitles: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.mkv"
    assert (
        main(["mux", str(with_subtitles), str(subtitles), "-o", str(out), "--language", "de"]) == 0
    )
    assert [track.language for track in media.probe(out).subtitles] == ["pt-BR", "eng", "deu"]


def test_a_picture_with_a_language_is_burned_into(
    voice: Path, subtitles: Path, tmp_path: Path
) -> None:
    path, out = tmp_path / "film.mkv", tmp_path / "out.mkv"
    run_ffmpeg(*PICTURE, "-i", voice, "-c:a", "flac", "-metadata:s:v", "language=en-US", path)
    assert main(["burn", str(path), str(subtitles), "-o", str(out)]) == 0
    assert len(media.probe(out).video) == 1


@pytest.mark.parametrize("chosen", [None, 0, 1])
def test_the_summary_says_what_was_heard(
    voice: Path,
    subtitles: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    chosen: int | None,
) -> None:
    other = write_wav(tmp_path / "other.wav", tone(8, sample_rate=16_000), 16_000)
    path, out = tmp_path / "film.mkv", tmp_path / "out.json"
    run_ffmpeg(
        *PICTURE, "-i", other, "-i", voice, "-map", "0", "-map", "1", "-map", "2", "-c:a", "flac",
        "-metadata:s:a:0", "language=pt-BR", "-metadata:s:a:1", "language=English (UK)",
        "-disposition:a:0", "0", "-disposition:a:1", "default", path,
    )  # fmt: skip
    wish = [] if chosen is None else ["--audio-stream", str(chosen)]
    assert main(["annotate", str(path), str(subtitles), "--all", "-o", str(out), *wish]) == 0
    number = 1 if chosen is None else chosen
    language = ("pt-BR", "English (UK)")[number]
    track = f"{number} of 2, counted from 0 ({language}, mono)"
    assert track in capsys.readouterr().out
    content = json.loads(out.read_text())
    assert (content["audio_stream"], content["audio_track"]) == (number, track)


def test_one_track_needs_no_words(
    voice: Path, subtitles: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert (
        main(["annotate", str(voice), str(subtitles), "--all", "-o", str(tmp_path / "o.json")]) == 0
    )
    assert "audio track" not in capsys.readouterr().out
    assert "audio_track" not in (tmp_path / "o.json").read_text()
