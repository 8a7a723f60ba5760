"""A rendered film is read back before it gets its name: never half a film, never a cover."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from subemo.cli import main
from subemo.core.errors import MediaError, OutputError
from subemo.media import probe
from subemo.render import burn, mux, timeline
from subemo.render.films import _check_track, final_film, proxy

from ..conftest import run_ffmpeg, speechlike, write_srt, write_wav

CUES = [(1_000, 2_000, "first"), (6_000, 7_500, "last words")]
RENDERERS = [burn, mux, timeline, proxy]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight seconds in Matroska, whose picture can be decoded from any of forty places."""
    folder = tmp_path_factory.mktemp("whole")
    film, wav = folder / "whole.mkv", write_wav(folder / "sound.wav", speechlike(8))
    run_ffmpeg(
        "-f", "lavfi", "-i", "color=gray:s=160x90:r=5:d=8", "-i", wav, "-c:v", "libx264",
        "-preset", "ultrafast", "-g", "5", "-c:a", "aac", "-b:a", "48k", film,
    )  # fmt: skip
    return film


def cut(whole: Path, path: Path, share: float = 0.5) -> Path:
    """The film in another container, and of that the first part of its bytes."""
    film = path.with_stem("whole")
    codecs = ("-c:v", "mpeg4", "-c:a", "libmp3lame") if path.suffix == ".avi" else ("-c", "copy")
    run_ffmpeg(
        "-i",
        whole,
        *codecs,
        *(("-movflags", "+faststart") if path.suffix in (".mp4", ".mov") else ()),
        film,
    )
    path.write_bytes(film.read_bytes()[: int(film.stat().st_size * share)])
    film.unlink()
    return path


@pytest.mark.parametrize("render", RENDERERS)
@pytest.mark.parametrize("kind", ["mkv", "mp4", "mov"])
def test_a_film_that_was_cut_is_refused(
    whole: Path, tmp_path: Path, kind: str, render: Callable[..., None]
) -> None:
    film = cut(whole, tmp_path / f"film.{kind}")
    captions = final_film(write_srt(tmp_path / "film.srt", CUES), film)
    out = tmp_path / "out.mp4"
    with pytest.raises(MediaError, match=r"only 00:00:0[34].\d* of 00:00:08.\d* could be read"):
        render(captions, out)
    assert not out.exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == [film.name, "film.srt"]


@pytest.mark.parametrize("kind", ["ts", "flv", "avi"])
def test_where_headers_do_not_tell_the_captions_do(
    whole: Path, tmp_path: Path, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    film = cut(whole, tmp_path / f"film.{kind}", 0.4)
    subs = write_srt(tmp_path / "film.srt", CUES)
    assert main(["burn", str(film), str(subs), "-o", str(tmp_path / "out.mp4")]) == 0
    told = capsys.readouterr().err
    assert "warning" in told
    assert "1 cue after the end of the film" in told
    if kind == "flv":
        assert "check that this film is whole" in told


def test_the_remedy_works(whole: Path, tmp_path: Path) -> None:
    film, remuxed = cut(whole, tmp_path / "film.mkv"), tmp_path / "new.mkv"
    run_ffmpeg("-i", film, "-map", "0", "-c", "copy", remuxed)
    captions = final_film(write_srt(tmp_path / "film.srt", CUES), remuxed)
    warnings: list[str] = []
    burn(captions, tmp_path / "out.mp4", on_warning=warnings.append)
    assert len(warnings) == 1


@pytest.mark.parametrize("render", RENDERERS)
@pytest.mark.parametrize("fault", ["cut", "replaced"])
def test_a_film_that_changes_during_the_run(
    whole: Path, tmp_path: Path, fault: str, render: Callable[..., None]
) -> None:
    film = Path(shutil.copy(whole, tmp_path / "film.mkv"))
    captions = final_film(write_srt(tmp_path / "film.srt", CUES), film)

    def change(step: object) -> None:
        if fault == "cut":
            os.truncate(film, whole.stat().st_size // 2)
        else:
            shutil.copy(whole, tmp_path / "other.mkv")
            (tmp_path / "other.mkv").replace(film)

    with pytest.raises(MediaError, match=r"has changed since it was opened|could be read"):
        render(captions, tmp_path / "out.mp4", on_step=change)
    assert not (tmp_path / "out.mp4").exists()


def test_a_film_that_changed_after_it_was_heard(whole: Path, tmp_path: Path) -> None:
    captions = final_film(write_srt(tmp_path / "film.srt", CUES), whole)
    heard = replace(captions, video_state=probe(whole).state)
    mux(heard, tmp_path / "same.mkv")
    with pytest.raises(MediaError, match="has changed"):
        mux(replace(heard, video_state=(1, 2, 3)), tmp_path / "out.mkv")


def test_each_caption_is_in_the_track(whole: Path, tmp_path: Path) -> None:
    film, subs = tmp_path / "film.mkv", write_srt(tmp_path / "film.srt", CUES)
    mux(final_film(subs, whole), film)
    _check_track(film, 0, subs.read_bytes(), film)
    for more in (
        [*CUES, (7_600, 7_900, "more")],
        [CUES[0], (6_000, 7_500, "other words")],
    ):
        with pytest.raises(OutputError, match="would be lost"):
            _check_track(film, 0, write_srt(tmp_path / "more.srt", more).read_bytes(), film)


def test_what_is_kept_before_an_edit_and_an_estimated_length_are_no_faults(
    whole: Path, tmp_path: Path
) -> None:
    edited, raw, mp4 = tmp_path / "cut.mp4", tmp_path / "sound.aac", tmp_path / "whole.mp4"
    mpeg = tmp_path / "film.mpg"  # not every picture in it has a time stamp
    run_ffmpeg(
        "-i",
        whole,
        "-r",
        "25",
        "-c:v",
        "mpeg2video",
        "-bf",
        "2",
        "-c:a",
        "mp2",
        "-ar",
        "44100",
        mpeg,
    )
    run_ffmpeg("-i", whole, "-c", "copy", mp4)
    run_ffmpeg("-ss", "1.5", "-i", mp4, "-c", "copy", edited)
    run_ffmpeg("-i", whole, "-map", "0:a", "-c", "copy", raw)
    warnings: list[str] = []
    for film in (edited, raw, mpeg):
        captions = final_film(write_srt(tmp_path / "film.srt", [(500, 900, "Hi")]), film)
        mux(captions, tmp_path / f"{film.name}.mkv", on_warning=warnings.append)
    assert warnings == []


@pytest.mark.parametrize("name", ["out.mp4", "out.mkv"])
def test_captions_that_overlap_and_repeat(whole: Path, tmp_path: Path, name: str) -> None:
    cues = [(0, 3_000, "<i>both</i>"), (0, 3_000, "at once"), (1_000, 2_000, "& within"), (4_000, 4_001, "short"),
            (5_000, 6_000, "again"), (5_000, 6_000, "again")]  # fmt: skip
    mux(final_film(write_srt(tmp_path / "film.srt", cues), whole), tmp_path / name)


@pytest.mark.parametrize(("shorter_s", "kind"), [(0.2, "mkv"), (0.4, "mp4")])
def test_very_short_films(whole: Path, tmp_path: Path, shorter_s: float, kind: str) -> None:
    film = tmp_path / f"film.{kind}"
    run_ffmpeg("-i", whole, "-t", str(shorter_s), "-c", "copy", film)
    captions = final_film(write_srt(tmp_path / "film.srt", [(0, 100, "Hi")]), film)
    for render in RENDERERS:
        render(captions, tmp_path / f"{render.__name__}.mp4")


@pytest.mark.parametrize("kind", ["mkv", "mp4"])
def test_what_lasts_longer_than_the_picture(whole: Path, tmp_path: Path, kind: str) -> None:
    """Sound that lasts longer, a track of subtitles that lasts longer still, a last picture that stays."""
    film, late = tmp_path / f"film.{kind}", write_srt(tmp_path / "late.srt", [(0, 60_000, "old")])
    run_ffmpeg(
        "-t", "3", "-i", whole, "-i", whole, "-i", late, "-map", "0:v", "-map", "1:a", "-map", "2",
        "-c:v", "copy", "-c:a", "copy", "-c:s", "mov_text" if kind == "mp4" else "srt",
        "-bsf:v", "setts=duration='if(gte(N,14),2/TB,DURATION)'", film,
    )  # fmt: skip
    captions = final_film(write_srt(tmp_path / "film.srt", CUES), film)
    warnings: list[str] = []
    for render in RENDERERS:
        out = tmp_path / f"{render.__name__}.{kind if render is not proxy else 'mp4'}"
        render(captions, out, on_warning=warnings.append)
        ends = [probe(out).end_us(track) or 0 for track in (*probe(out).video, *probe(out).audio)]
        # MP4 does not tell how long a last picture stays.
        assert ends[0] > 2_900_000 if out.suffix == ".mp4" else ends[0] > 4_700_000
        assert ends[1] > 7_900_000
    assert all("the new film has 00:00:03.000 of 00:00:04.800" in warning for warning in warnings)


class TestCovers:
    @pytest.fixture(scope="class")
    def cover(self, tmp_path_factory: pytest.TempPathFactory) -> Path:
        path = tmp_path_factory.mktemp("cover") / "cover.jpg"
        run_ffmpeg("-f", "lavfi", "-i", "color=red:s=64x64", "-frames:v", "1", path)
        return path

    @pytest.mark.parametrize("kind", ["mp4", "mkv"])
    def test_a_cover_does_not_become_the_film(
        self, whole: Path, cover: Path, tmp_path: Path, kind: str
    ) -> None:
        film = tmp_path / f"film.{kind}"
        attached = ("-attach", cover, "-metadata:s:t", "mimetype=image/jpeg")
        first = ("-map", "1", "-disposition:v:0", "attached_pic")
        run_ffmpeg(
            "-i", whole, "-i", cover, *(attached if kind == "mkv" else first), "-map", "0", "-c", "copy", film,
        )  # fmt: skip
        captions = final_film(write_srt(tmp_path / "film.srt", CUES), film)
        for render in RENDERERS:
            out = tmp_path / f"{render.__name__}.mp4"
            render(captions, out)
            assert [picture.width for picture in probe(out).video] == [160]

    @pytest.mark.parametrize(
        ("kind", "codec"), [("m4a", "aac"), ("mp3", "libmp3lame"), ("flac", "flac"), ("mkv", "aac")]
    )
    def test_sound_with_a_cover_has_no_picture(
        self, whole: Path, cover: Path, tmp_path: Path, kind: str, codec: str
    ) -> None:
        sound = tmp_path / f"sound.{kind}"
        attached = ("-attach", cover, "-metadata:s:t", "mimetype=image/jpeg")
        mapped = ("-map", "1", "-c:v", "copy", "-disposition:v", "attached_pic")
        run_ffmpeg(
            "-i", whole, "-i", cover, "-map", "0:a", "-c:a", codec, *(attached if kind == "mkv" else mapped), sound,
        )  # fmt: skip
        captions = final_film(write_srt(tmp_path / "film.srt", CUES), sound)
        for render in (burn, timeline):
            with pytest.raises(MediaError, match="no picture"):
                render(captions, tmp_path / "out.mp4")
        proxy(captions, tmp_path / "proxy.mp4")
        assert probe(tmp_path / "proxy.mp4").video == ()
        mux(captions, tmp_path / "mux.mkv")
        assert probe(tmp_path / "mux.mkv").video == ()
