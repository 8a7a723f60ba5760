from __future__ import annotations

import json
from pathlib import Path

import pytest

from subemo import annotate, media
from subemo.analysis.film import speaks_in_centre
from subemo.media.audio import load

from ..conftest import run_ffmpeg, tone, write_srt, write_wav


@pytest.fixture(scope="module")
def voice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A voice that was never a person's is no speech to the detector: this is the trailer's."""
    folder = tmp_path_factory.mktemp("voice")
    trailer = Path(__file__).parents[2] / "samples" / "trailer.mp4"
    run_ffmpeg("-ss", "12", "-t", "8", "-i", trailer, "-vn", "-ac", "1", folder / "voice.wav")
    return folder / "voice.wav"


def surround(voice: Path, path: Path, channels: str, layout: str = "5.1") -> Path:
    """Where the voice (``c0``) and a tone (``c1``) go, as ffmpeg's filter ``pan`` has it."""
    music = write_wav(path.with_name("music.wav"), tone(8, hertz=700))
    mixed = f"[0:a][1:a]amerge=inputs=2,pan={layout}|{channels}"
    run_ffmpeg("-i", voice, "-i", music, "-filter_complex", mixed, "-c:a", "flac", path)
    return path


DIALOGUE = "FC=c0|FL=0.5*c1|FR=0.5*c1|BL=0.2*c1|BR=0.2*c1|LFE=0*c1"


class TestSpeaksInCentre:
    def test_dialogue_in_the_centre(self, voice: Path, tmp_path: Path) -> None:
        film = surround(voice, tmp_path / "film.mkv", DIALOGUE)
        assert speaks_in_centre(film, media.probe(film))

    @pytest.mark.parametrize(
        "channels",
        ["FC=0*c0|FL=c0|FR=c0|BL=0.2*c1|BR=0.2*c1|LFE=0*c1", "FC=c1|FL=c0|FR=c0|BL=c1|BR=c1|LFE=0*c1"],
        ids=["an empty centre", "music alone"],
    )  # fmt: skip
    def test_dialogue_elsewhere(self, voice: Path, tmp_path: Path, channels: str) -> None:
        film = surround(voice, tmp_path / "film.mkv", channels)
        assert not speaks_in_centre(film, media.probe(film))

    def test_no_centre(self, voice: Path, tmp_path: Path) -> None:
        film = surround(voice, tmp_path / "film.mkv", "FL=c0|FR=c0|BL=c1|BR=c1", "quad")
        assert not speaks_in_centre(film, media.probe(film))
        assert not speaks_in_centre(voice, media.probe(voice))

    def test_a_centre_that_is_not_always_there(self, voice: Path, tmp_path: Path) -> None:
        six = surround(voice, tmp_path / "six.mkv", DIALOGUE)
        run_ffmpeg("-i", six, "-c:a", "ac3", tmp_path / "six.ac3")
        run_ffmpeg("-i", voice, "-ac", "2", "-ar", "48000", "-c:a", "ac3", tmp_path / "two.ac3")
        film = tmp_path / "film.ac3"
        parts = [(tmp_path / name).read_bytes() for name in ("six.ac3", "two.ac3")]
        film.write_bytes(parts[0])
        assert speaks_in_centre(film, media.probe(film))
        film.write_bytes(b"".join(parts))
        assert not speaks_in_centre(film, media.probe(film))

    def test_the_track_that_is_chosen(self, voice: Path, tmp_path: Path) -> None:
        first = surround(voice, tmp_path / "first.mkv", DIALOGUE)
        film = tmp_path / "film.mkv"
        run_ffmpeg(
            "-i", first, "-i", voice, "-map", "0", "-map", "1", "-c", "flac",
            "-disposition:a:0", "default", "-disposition:a:1", "0", film,
        )  # fmt: skip
        info = media.probe(film)
        assert speaks_in_centre(film, info)
        assert speaks_in_centre(film, info, 0)
        assert not speaks_in_centre(film, info, 1)


def test_the_centre_alone_is_heard(voice: Path, tmp_path: Path) -> None:
    film = surround(voice, tmp_path / "film.mkv", DIALOGUE)
    alone = media.stream_audio(film, sample_rate=16_000, centre=True)
    expected = load(voice, sample_rate=16_000)
    for block, start in zip(alone, range(0, expected.size, 16_000), strict=False):
        part = expected[start : start + block.size]
        assert abs(block[: part.size] - part).max() < 0.05  # two resamplers' difference


def test_a_film_is_judged_by_its_centre(voice: Path, tmp_path: Path) -> None:
    film = surround(voice, tmp_path / "film.mkv", DIALOGUE)
    cues = write_srt(tmp_path / "film.srt", [(100, 4_000, "A"), (4_000, 7_500, "B")])
    found = annotate(film, cues)
    plain = annotate(voice, cues)
    assert json.loads(found.render("json"))["channels"] == "centre"
    assert json.loads(plain.render("json"))["channels"] == "all"
    for ours, alone in zip(found.cues, plain.cues, strict=True):
        assert ours.prediction is not None and alone.prediction is not None
        assert (
            max(
                abs(a - b)
                for a, b in zip(
                    ours.prediction.probabilities, alone.prediction.probabilities, strict=True
                )
            )
            < 0.05
        )


@pytest.mark.parametrize(
    ("layout", "has"),
    [("5.1(side)", True), ("7.1", True), ("3.0", True), ("stereo", False),
     ("mono", False), ("quad(side)", False), ("2.1", False), ("6.0(front)", False)],
)  # fmt: skip
def test_layouts(layout: str, has: bool, tmp_path: Path) -> None:
    sound = tmp_path / "a.wav"
    filters = f"sine=d=0.1,aformat=channel_layouts={layout}"
    run_ffmpeg("-f", "lavfi", "-i", filters, sound)
    track = media.chosen_track(media.probe(sound))
    assert (track.layout, track.has_centre) == (layout, has)
