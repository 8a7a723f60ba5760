from __future__ import annotations

import re
import subprocess
from pathlib import Path

import numpy as np
import pytest

import subemo
from subemo.annotation import Annotation
from subemo.cli import main
from subemo.core.errors import MediaError, OutputError
from subemo.core.progress import Step
from subemo.formats.ass import Ass
from subemo.media import ffmpeg_executable, probe
from subemo.render import burn, mux, timeline
from subemo.render.films import _STYLE
from subemo.render.fonts import font_for, needed_characters
from subemo.sources.lookup import embedded
from subemo.tagging.colours import OKABE_ITO
from subemo.tagging.policy import PolicyKind, TagPolicy

from ..conftest import run_ffmpeg, speechlike, write_srt, write_wav
from ..formats.build import annotation as film_of_bytes

CUES = [(500, 3_500, "Get out!"), (6_500, 8_500, "<i>- Who?</i> & {\\an8} 😠")]


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Nine seconds of grey, large enough to draw on, with one subtitle track already."""
    folder = tmp_path_factory.mktemp("picture")
    wav = write_wav(folder / "sound.wav", speechlike(9))
    srt = write_srt(folder / "old.srt", [(0, 1_000, "old")])
    film = folder / "a film's.mkv"
    run_ffmpeg(
        "-f", "lavfi", "-i", "color=gray:s=320x180:r=10:d=9", "-i", wav, "-i", srt, "-map", "0",
        "-map", "1", "-map", "2", "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac",
        "-metadata:s:s:0", "language=fre", film,
    )  # fmt: skip
    return film


@pytest.fixture(scope="module")
def annotation(picture: Path) -> Annotation:
    subs = write_srt(picture.with_name("film.de.srt"), CUES)
    return subemo.annotate(picture, subs, policy=TagPolicy(policy=PolicyKind.EVERY))


def packets(film: Path, stream: str) -> bytes:
    """A digest of a stream's packets, as they are."""
    command: list[str | Path] = [ffmpeg_executable(), "-v", "error", "-i", film, "-map", stream, "-c", "copy",
               "-f", "streamhash", "-"]  # fmt: skip
    return subprocess.run(command, check=True, capture_output=True).stdout


def frame(film: Path, seconds: float) -> np.ndarray:
    command: list[str | Path] = [ffmpeg_executable(), "-v", "error", "-ss", str(seconds), "-i", film, "-frames:v", "1",
               "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]  # fmt: skip
    data = subprocess.run(command, check=True, capture_output=True).stdout
    width = probe(film).video[0].width
    return np.frombuffer(data, dtype=np.uint8).reshape(-1, width, 3).astype(int)


class TestMux:
    @pytest.mark.parametrize("name", ["out.mkv", "out.mp4"])
    def test_everything_is_kept_and_the_new_track_is_last(
        self, annotation: Annotation, picture: Path, tmp_path: Path, name: str
    ) -> None:
        out = tmp_path / name
        steps: list[Step] = []
        mux(annotation, out, on_step=steps.append)
        tracks = probe(out).subtitles
        assert tracks[0].language in ("fre", "fra")
        assert tracks[1].language in ("ger", "deu")
        assert [cue.text for cue in embedded(out, 0).document.cues] == ["old"]
        ours = embedded(out, 1).document.cues
        assert [(cue.start_ms, cue.end_ms) for cue in ours] == [(a, b) for a, b, _ in CUES]
        assert annotation.cues[0].tag_text is not None
        assert annotation.cues[0].tag_text in ours[0].text
        if name == "out.mkv":
            assert packets(out, "0:v") == packets(picture, "0:v")
            assert packets(out, "0:a") == packets(picture, "0:a")
        report = subprocess.run(
            [ffmpeg_executable(), "-i", out], capture_output=True, text=True, check=False
        ).stderr
        assert "hearing impaired" in report.split("Subtitle:")[2].split("\n")[0]
        assert list(tmp_path.iterdir()) == [out]
        assert all(step.stage == "muxing" for step in steps)

    def test_colours_want_ass(self, annotation: Annotation, tmp_path: Path) -> None:
        out = tmp_path / "out.mkv"
        mux(annotation, out, colours=OKABE_ITO)
        document = embedded(out, 1).document
        assert document.form == "ass"
        assert "\\1c&H" in document.cues[0].text

    def test_never_over_the_source(self, annotation: Annotation, picture: Path) -> None:
        before = picture.read_bytes()
        with pytest.raises(OutputError, match="never overwritten"):
            mux(annotation, picture, overwrite=True)
        assert picture.read_bytes() == before

    def test_nor_over_anything_unasked(self, annotation: Annotation, tmp_path: Path) -> None:
        out = tmp_path / "out.mkv"
        out.write_bytes(b"mine")
        with pytest.raises(OutputError, match="already exists"):
            mux(annotation, out)
        assert out.read_bytes() == b"mine"

    def test_another_kind_of_file(self, annotation: Annotation, tmp_path: Path) -> None:
        with pytest.raises(OutputError, match="kind of film"):
            mux(annotation, tmp_path / "out.mov")

    def test_a_codec_that_does_not_fit_leaves_nothing(
        self, annotation: Annotation, tmp_path: Path
    ) -> None:
        with pytest.raises(MediaError, match="ffmpeg failed"):
            mux(annotation, tmp_path / "out.webm")
        assert list(tmp_path.iterdir()) == []


class TestBurn:
    def test_pixels(self, annotation: Annotation, picture: Path, tmp_path: Path) -> None:
        out = tmp_path / "out.mp4"
        burn(annotation, out, colours=OKABE_ITO)
        with_text, without = frame(out, 2), frame(out, 5)
        changed = np.abs(with_text - without).max(axis=2) > 30
        assert changed.sum() > 100
        assert changed[: changed.shape[0] // 2].sum() == 0  # at the bottom
        assert np.abs(without - frame(picture, 5)).max() < 20
        assert packets(out, "0:a") == packets(picture, "0:a")

    def test_an_emoji_is_drawn(self, annotation: Annotation, tmp_path: Path) -> None:
        try:
            font_for("😠")
        except OutputError:
            pytest.skip("no font on this machine has emoji")
        out = tmp_path / "out.mkv"
        burn(annotation, out)
        top = frame(out, 7.5)[:90]
        assert (np.abs(top - frame(out, 5)[:90]).max(axis=2) > 30).sum() > 100

    def test_a_font_that_lacks_something(self, annotation: Annotation, tmp_path: Path) -> None:
        with pytest.raises(OutputError, match=r"\(U\+"):
            font_for("\U000e0fffa\ue000")
        font = font_for("abc").path
        with pytest.raises(OutputError, match=r"this font lacks .* \(U\+13000\)"):
            font_for("a\U00013000", named=font)

    def test_no_font_at_all(self, tmp_path: Path) -> None:
        path = tmp_path / "font.ttf"
        path.write_bytes(b"no font")
        with pytest.raises(OutputError, match="not a readable font"):
            font_for("a", named=path)

    def test_a_film_without_a_picture(self, tmp_path: Path) -> None:
        wav = write_wav(tmp_path / "a.wav", speechlike(2))
        made = subemo.annotate(wav, write_srt(tmp_path / "a.srt", [(0, 2_000, "Hi")]))
        with pytest.raises(MediaError, match="no picture"):
            burn(made, tmp_path / "out.mp4")
        with pytest.raises(MediaError, match="no picture"):
            timeline(made, tmp_path / "out.mp4")

    def test_what_leaves_nothing_in_the_picture_needs_no_glyph(self) -> None:
        assert needed_characters("a\u200f\u2060\n \u0301") == {ord("a")}


class TestTimeline:
    def test_captions_on_the_picture_and_a_playhead_under_it(
        self, annotation: Annotation, picture: Path, tmp_path: Path
    ) -> None:
        out = tmp_path / "out.mp4"
        steps: list[Step] = []
        timeline(annotation, out, colours=OKABE_ITO, on_step=steps.append)
        info = probe(out)
        assert (info.video[0].width, info.video[0].height) == (320, 220)
        assert len(info.audio) == 1
        early, late, between = frame(out, 1), frame(out, 7), frame(out, 5)
        heads = [int(np.argmax(one[180:].sum(axis=(0, 2)))) for one in (early, late)]
        assert heads[0] == pytest.approx(1 / 9 * 320, abs=6)
        assert heads[1] == pytest.approx(7 / 9 * 320, abs=6)
        assert np.abs(between[:180] - frame(picture, 5)).max() < 20
        changed = np.abs(early[:180] - between[:180]).max(axis=2) > 30
        assert changed[120:].sum() > 100
        assert changed[:120].sum() == 0
        assert steps[-1].stage == "rendering"
        assert list(tmp_path.iterdir()) == [out]

    def test_a_font_that_lacks_something(self, annotation: Annotation, tmp_path: Path) -> None:
        font = tmp_path / "font.ttf"
        font.write_bytes(b"no font")
        with pytest.raises(OutputError, match="not a readable font"):
            timeline(annotation, tmp_path / "out.mp4", font=font)


@pytest.mark.parametrize("name", ["plot.png", "plot.svg"])
def test_plot(picture: Path, tmp_path: Path, name: str) -> None:
    subs = write_srt(tmp_path / "film.srt", CUES)
    plot = tmp_path / name
    assert main(["annotate", str(picture), str(subs), "--all", "--plot", str(plot)]) == 0
    data = plot.read_bytes()
    assert data.startswith(b"\x89PNG") or b"<svg" in data


def test_the_command_writes_all_of_them(
    picture: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    subs = write_srt(tmp_path / "film.srt", CUES)
    muxed, burned = tmp_path / "m.mkv", tmp_path / "b.mp4"
    arguments = ["annotate", str(picture), str(subs), "--all", "--mux", str(muxed)]
    assert main([*arguments, "--burn", str(burned)]) == 0
    assert muxed.exists()
    assert burned.exists()
    assert str(burned) in capsys.readouterr().out
    assert main([*arguments, "--overwrite", "--burn", str(picture)]) == 1
    assert "never overwritten" in capsys.readouterr().err


def test_a_line_runs_in_the_direction_of_its_first_letter() -> None:
    made = Ass().write_anew(film_of_bytes(b"1\n00:00:01,000 --> 00:00:02,000\nHi\n"))
    (style,) = re.findall(rb"^Style: .*$", _STYLE.sub(rb"\1,-1", made), re.MULTILINE)
    assert style.endswith(b",-1")
