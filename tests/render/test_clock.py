"""Captions, picture and sound stay where a player has them: films of tones through each renderer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest

from subemo.core.errors import MediaError
from subemo.media import chosen_track, probe, stream_audio
from subemo.render import burn, mux, timeline
from subemo.render.films import final_film, proxy
from subemo.sources.lookup import embedded

from ..conftest import run_ffmpeg, write_srt, write_wav
from .tones import RATE, film_of_tones, moved, picture_at, sound_at

#: A caption that covers the lower part of the picture.
CUE = (5_000, 6_000, "\n".join(["████████████████"] * 3))


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Films whose picture and sound begin at other times; three have been cut from longer ones."""
    folder = tmp_path_factory.mktemp("films of tones")
    film = film_of_tones(folder)
    made = {
        "late sound": moved(film, folder / "sound.mkv", sound_s=2.3),
        "late picture": moved(film, folder / "picture.mp4", picture_s=2.3),
    }
    for kind in ("mp4", "mkv", "ts"):
        start = ("-output_ts_offset", "3", "-muxdelay", "0")
        made[f"start in {kind}"] = moved(film, folder / f"start.{kind}", *start)
    before = ("-avoid_negative_ts", "disabled")  # the film begins where its first stamp is
    made["negative stamps"] = moved(film, folder / "negative.mkv", *before, sound_s=-1.5)
    return made


#: When picture and sound begin for a player.
BEGINS = {
    "late sound": (0, 2.3), "late picture": (2.3, 0), "start in mp4": (3, 3), "start in mkv": (3, 3),
    "start in ts": (0.06, 0.06),  # the first stamp is that of the sound's priming
    "negative stamps": (1.56, 0.06),
}  # fmt: skip


@pytest.mark.parametrize("name", BEGINS)
class TestClock:
    def test_what_is_heard(self, films: dict[str, Path], name: str) -> None:
        sound = np.concatenate(list(stream_audio(films[name], sample_rate=RATE)))
        level = np.abs(sound) > 0.2
        assert np.flatnonzero(level)[0] / RATE == pytest.approx(BEGINS[name][1] + 0.25, abs=0.05)
        part = stream_audio(films[name], sample_rate=RATE, start_ms=4_000, duration_ms=3_000)
        assert np.abs(np.concatenate(list(part)) - sound[4 * RATE : 7 * RATE]).max() < 0.01

    @pytest.mark.parametrize("render", [burn, mux, timeline, proxy])
    def test_rendered(
        self, films: dict[str, Path], tmp_path: Path, name: str, render: Callable[..., None]
    ) -> None:
        out = tmp_path / "out.mp4"
        render(final_film(write_srt(tmp_path / "film.srt", [CUE]), films[name]), out)
        picture, sound = BEGINS[name]
        # A strip has ten pictures a second at least.
        tolerance = 0.11 if render is timeline else 0.05
        assert picture_at(out, top=0.3) == pytest.approx(picture, abs=tolerance)
        assert sound_at(out) == pytest.approx(sound, abs=0.05)
        end_ms = probe(films[name]).end_ms
        assert probe(out).end_ms == pytest.approx(end_ms, abs=250)
        if render is mux:
            (cue,) = embedded(out).document.cues
            assert (cue.start_ms, cue.end_ms) == CUE[:2]
        elif render is not proxy:
            first, last = captioned(out, height=90)
            assert first == pytest.approx(5, abs=0.21)
            assert last == pytest.approx(5.8, abs=0.21)


def captioned(film: Path, height: int) -> tuple[float, float]:
    """The times of the first and last picture with a caption on its lower part."""
    times = []
    with av.open(str(film)) as container:
        for frame in container.decode(video=0):
            luma = frame.to_ndarray(format="gray")[:height].astype(int)
            if luma[height // 2 :].max() > np.median(luma[: height // 3]) + 50:
                times.append(frame.time or 0.0)
    return times[0], times[-1]


def test_an_embedded_track_is_read_by_the_same_clock(
    films: dict[str, Path], tmp_path: Path
) -> None:
    out = tmp_path / "out.mkv"
    mux(final_film(write_srt(tmp_path / "film.srt", [CUE]), films["start in mkv"]), out)
    again = tmp_path / "again.mkv"
    run_ffmpeg("-copyts", "-i", out, "-map", "0", "-c", "copy", again)
    assert [cue.start_ms for cue in embedded(again).document.cues] == [5_000]


@pytest.mark.parametrize("render", [timeline, proxy])
def test_the_track_that_was_heard_is_played(tmp_path: Path, render: Callable[..., None]) -> None:
    time = np.arange(4 * RATE) / RATE
    tones = [
        write_wav(
            tmp_path / f"{hertz}.wav",
            (0.5 * np.sin(2 * np.pi * hertz * time)).astype(np.float32),
            RATE,
        )
        for hertz in (1_000, 3_000)
    ]
    film = tmp_path / "film.mp4"
    run_ffmpeg(
        "-f", "lavfi", "-i", "color=gray:s=160x90:r=10:d=4", "-i", tones[0], "-i", tones[1],
        "-map", "0", "-map", "1", "-map", "2", "-c:v", "libx264", "-c:a", "aac",
        "-disposition:a:0", "0", "-disposition:a:1", "default", film,
    )  # fmt: skip
    captions = final_film(write_srt(tmp_path / "film.srt", [(0, 1_000, "Hi")]), film)
    for chosen, hertz in ((None, 3_000), (0, 1_000), (1, 3_000)):
        out = tmp_path / f"{chosen}.mp4"
        render(replace(captions, audio_stream=chosen), out)
        sound = np.concatenate(list(stream_audio(out, sample_rate=RATE)))[:RATE]
        assert np.abs(np.fft.rfft(sound)).argmax() == pytest.approx(hertz, abs=2)
        assert len(probe(out).audio) == 1
    with pytest.raises(MediaError, match="no audio track 2"):
        render(replace(captions, audio_stream=2), tmp_path / "none.mp4")
    assert chosen_track(probe(film)).number == 1
