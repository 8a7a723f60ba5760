from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from subemo.core.errors import CorpusError
from subemo.research.corpora import Split
from subemo.research.films.building import SAMPLE_RATE, BuiltFilm, FilmOrder, build_films, overlay
from subemo.research.films.plan import FilmRecipe
from tests.conftest import tone

from .build import small_data

RECIPE = FilmRecipe(cues=12)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_data(tmp_path_factory.mktemp("data"))


def build(data: Path, folder: Path) -> BuiltFilm:
    (film,) = build_films(FilmOrder(data, Split.REPORTING, ("casia",), 1, RECIPE), "casia", folder)
    return film


def test_sound_subtitles_and_truth_fit_each_other(data: Path, tmp_path: Path) -> None:
    film = build(data, tmp_path)
    info = soundfile.info(film.sound)
    assert (info.format, info.subtype, info.channels) == ("FLAC", "PCM_16", 1)
    blocks = film.subtitles.read_text().strip().split("\n\n")
    assert len(blocks) == len(film.cues) >= 12
    content = json.loads((tmp_path / f"{film.name}.json").read_text())
    assert info.frames == content["duration_ms"] * SAMPLE_RATE // 1000
    assert "with words" not in json.dumps(content)
    assert {cue.line.partition("-")[0] for cue in film.cues} == {"dev"}
    # Where somebody speaks it is louder than where nobody does.
    sound, _ = soundfile.read(film.sound)
    start = blocks[0].split("\n")[1][:12].replace(",", ".").split(":")
    first = int(float(start[2]) * SAMPLE_RATE)
    assert np.abs(sound[first : first + 4_000]).max() > 10 * np.abs(sound[: first // 4]).max()


def test_the_same_again_and_kept(data: Path, tmp_path: Path) -> None:
    first, second = build(data, tmp_path / "a"), build(data, tmp_path / "b")
    for one, other in ((first.sound, second.sound), (first.subtitles, second.subtitles)):
        assert one.read_bytes() == other.read_bytes()
    assert first.cues == second.cues
    written = first.sound.stat().st_mtime_ns
    assert build(data, tmp_path / "a").sound.stat().st_mtime_ns == written


def test_a_film_that_is_not_whole_is_built_again(data: Path, tmp_path: Path) -> None:
    film = build(data, tmp_path)
    truth, before = tmp_path / f"{film.name}.json", film.subtitles.read_bytes()
    film.subtitles.unlink()
    assert build(data, tmp_path).subtitles.read_bytes() == before
    whole = truth.read_bytes()
    truth.write_text("{}")
    build(data, tmp_path)
    assert truth.read_bytes() == whole


def test_an_evaluation_corpus_makes_no_choosing_film(data: Path) -> None:
    with pytest.raises(CorpusError, match="casia is for evaluation only: not for choosing"):
        FilmOrder(data, Split.CHOOSING, ("casia",), 1, RECIPE)


def test_overlay_adds_up() -> None:
    voice, music = tone(1, hertz=300), 0.1 * tone(3, hertz=3_000)
    mixed = overlay([(1_000, voice)], music.astype(np.float32), duration_ms=3_000) / 32_767
    alone = np.sqrt(np.mean(mixed[15_000:20_000] ** 2))
    both = np.sqrt(np.mean(mixed[25_000:40_000] ** 2))
    assert alone == pytest.approx(0.03 / np.sqrt(2), rel=0.02)
    assert both == pytest.approx(np.hypot(0.3, 0.03) / np.sqrt(2), rel=0.02)
