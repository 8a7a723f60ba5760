from __future__ import annotations

from pathlib import Path

import numpy as np

import subemo
from benchmarks.synthetic_films import SpokenLine, build_film
from subemo import media
from subemo.media import stream_audio

from .conftest import silence, speechlike, tone, write_wav


def test_a_film_of_lines_over_music(tmp_path: Path) -> None:
    voice = write_wav(tmp_path / "voice.wav", speechlike(2))
    music = write_wav(tmp_path / "music.wav", tone(1.5, hertz=3_000))
    film = tmp_path / "film.mp4"
    lines = [SpokenLine(5_000, voice, "Later."), SpokenLine(1_000, voice, "First.")]
    build_film(lines, film, duration_ms=8_000, music=music, music_gain_db=-30)

    info = media.probe(film)
    assert info.duration_ms is not None
    assert abs(info.duration_ms - 8_000) < 150
    assert "48000 Hz, stereo" in info.audio[0].description
    sound = np.concatenate(list(stream_audio(film, sample_rate=22_050)))
    level = [np.sqrt(np.mean(np.square(sound[22_050 * s : 22_050 * (s + 1)]))) for s in range(8)]
    assert min(level[1:3] + level[5:7]) > 3 * max(level[0], level[3], level[4], level[7])
    assert level[3] > 0.001  # the music goes on

    annotation = subemo.annotate(film, film.with_suffix(".srt"))
    assert [cue.text for cue in annotation.cues] == ["First.", "Later."]
    assert all(cue.prediction for cue in annotation.cues)


def test_a_film_without_music_is_cut_on_its_silence(tmp_path: Path) -> None:
    voice = write_wav(tmp_path / "voice.wav", np.concatenate((speechlike(2), silence(0.1))))
    film = tmp_path / "film.mkv"
    build_film([SpokenLine(3_000, voice, "Here.")], film, duration_ms=9_000)
    (cue,) = subemo.annotate(film).cues
    assert abs(cue.start_ms - 2_900) < 300
    assert abs(cue.end_ms - 5_100) < 300
