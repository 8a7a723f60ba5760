from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from subemo.cli import main
from subemo.core.errors import SubtitleError
from subemo.sources import lookup as sources

from ..conftest import run_ffmpeg, write_srt


@pytest.fixture(scope="module")
def with_tracks(film: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The film with two text tracks, German and English."""
    folder = tmp_path_factory.mktemp("tracks")
    german = write_srt(folder / "de.srt", [(0, 3_000, "Hallo."), (6_000, 8_000, "<i>Tschüs</i>")])
    english = write_srt(folder / "en.srt", [(0, 3_000, "Hello."), (6_000, 8_000, "Bye")])
    out = folder / "film.mkv"
    run_ffmpeg(
        "-i", film, "-i", german, "-i", english, "-map", "0", "-map", "1", "-map", "2", "-c", "copy",
        "-c:s:1", "ass", "-metadata:s:s:0", "language=ger", "-metadata:s:s:1", "language=eng", out,
    )  # fmt: skip
    return out


def touch(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).write_text("1\n00:00:01,000 --> 00:00:02,000\nHi\n")


@pytest.mark.parametrize(
    ("names", "language", "found"),
    [
        (["film.srt"], None, "film.srt"),
        (["film.en.srt"], None, "film.en.srt"),
        (["film.de.srt", "film.srt"], None, "film.srt"),
        (["film.de.srt", "film.srt"], "de", "film.de.srt"),
        (["film.de.srt", "film.en.srt"], "en-GB", "film.en.srt"),
        (["film.vtt", "film.srt"], None, "film.srt"),
        (["film.en.sdh.vtt"], None, "film.en.sdh.vtt"),
        (["film.emo.srt"], None, None),
        (["film.de.emo.srt"], None, None),
        (["film2.srt", "film.2.srt", "film.txt", "other.srt"], None, None),
        ([], None, None),
    ],
)
def test_beside(tmp_path: Path, names: list[str], language: str | None, found: str | None) -> None:
    touch(tmp_path, *names)
    path = sources.beside(tmp_path / "film.mkv", language=language)
    assert (path and path.name) == found


class TestEmbedded:
    def test_the_first(self, with_tracks: Path) -> None:
        source = sources.embedded(with_tracks)
        assert [cue.text for cue in source.document.cues] == ["Hallo.", "<i>Tschüs</i>"]
        assert (source.language, source.path, source.document.form) == ("de", None, "srt")

    def test_by_number(self, with_tracks: Path) -> None:
        source = sources.embedded(with_tracks, 1)
        assert [cue.text for cue in source.document.cues] == ["Hello.", "Bye"]
        assert source.document.form == "ass"

    def test_by_language(self, with_tracks: Path) -> None:
        assert sources.embedded(with_tracks, language="en").language == "en"

    def test_by_language_whatever_the_region(self, with_tracks: Path, tmp_path: Path) -> None:
        out = tmp_path / "film.mkv"
        named = ("-metadata:s:s:1", "language=pt-BR")
        run_ffmpeg("-i", with_tracks, "-map", "0", "-c", "copy", *named, out)
        for wanted in ("pt", "pt-BR", "pt-PT"):
            assert sources.embedded(out, language=wanted).language == "pt-br"

    @pytest.mark.parametrize("told", ["en-US", "English (UK)", "eng,fre", "EN", "eng\nStream #0:9"])
    def test_by_language_however_told(self, with_tracks: Path, tmp_path: Path, told: str) -> None:
        out = tmp_path / "film.mkv"
        named = ("-metadata:s:s:0", "language=pt-BR", "-metadata:s:s:1", f"language={told}")
        run_ffmpeg("-i", with_tracks, "-map", "0", "-c", "copy", *named, out)
        found = sources.embedded(out, language="en")
        assert [cue.text for cue in found.document.cues] == ["Hello.", "Bye"]
        with pytest.raises(SubtitleError) as error:
            sources.embedded(out, 2)
        assert "\n" not in str(error.value)

    def test_mp4_has_a_format_of_its_own(self, with_tracks: Path, tmp_path: Path) -> None:
        out = tmp_path / "film.mp4"
        run_ffmpeg("-i", with_tracks, "-map", "0", "-c", "copy", "-c:s", "mov_text", out)
        assert next(cue.text for cue in sources.embedded(out).document.cues) == "Hallo."

    def test_what_there_is_not(self, with_tracks: Path, film: Path) -> None:
        with pytest.raises(
            SubtitleError, match=r"no subtitle track 2.*0: ger, subrip; 1: eng, ass"
        ):
            sources.embedded(with_tracks, 2)
        with pytest.raises(SubtitleError, match="no subtitle track of text"):
            sources.embedded(film)

    def test_found_where_nothing_lies_beside(self, with_tracks: Path) -> None:
        found = sources.read(with_tracks, sources.beside(with_tracks))
        assert found is not None
        assert found.description == "track 0 of the film (subrip)"

    def test_a_file_beside_comes_first(self, with_tracks: Path, tmp_path: Path) -> None:
        film = Path(shutil.copy(with_tracks, tmp_path / "film.mkv"))
        touch(tmp_path, "film.fr.srt")
        found = sources.read(film, sources.beside(film))
        assert found is not None
        assert found.path == tmp_path / "film.fr.srt"


class TestCommand:
    def test_a_track(self, with_tracks: Path, tmp_path: Path) -> None:
        out = tmp_path / "out.srt"
        options = ["--subs", "embedded:0", "--all", "-o", str(out)]
        assert main(["annotate", str(with_tracks), *options]) == 0
        text = out.read_text(encoding="utf-8")
        assert text.count("[") == 2
        assert "<i>Tschüs</i>" in text
        assert not any(word in text for word in ("sadly", "angrily", "neutrally"))  # German words

    def test_a_file_beside_is_found_and_named(
        self, film: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        copy = Path(shutil.copy(film, tmp_path / "film.mp4"))
        touch(tmp_path, "film.de.srt")
        assert main(["annotate", str(copy), "--all"]) == 0
        assert "film.de.srt" in capsys.readouterr().err
        assert (tmp_path / "film.de.emo.srt").exists()

    @pytest.mark.parametrize("wish", ["embeded", "embedded:", "embedded:x", "1"])
    def test_a_wish_that_cannot_be_understood(self, film: Path, wish: str) -> None:
        assert main(["annotate", str(film), "--subs", wish]) == 2

    def test_both(self, film: Path) -> None:
        assert main(["annotate", str(film), "x.srt", "--subs", "none"]) == 2
