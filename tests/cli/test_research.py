"""`subemo evaluate`, `clips`, `corpus`, `features` and `plot`, as a researcher calls them."""

from __future__ import annotations

import csv
import json
import shutil
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from benchmarks.synthetic_films import SpokenLine, build_film
from subemo.cli import main
from subemo.core.emotions import EMOTIONS
from subemo.model import DEFAULT_MODEL
from subemo.model.bundle import find_bundle
from subemo.research.evaluation.figures import bootstrap

from ..conftest import speechlike, tone, write_wav


@pytest.fixture
def clips(tmp_path: Path) -> Path:
    folder = tmp_path / "clips"
    folder.mkdir()
    for i, emotion in enumerate(EMOTIONS):
        for number in (1, 2, 3):
            speaker = ("joy", "dad", "mum")[number - 1]
            samples = speechlike(1, seed=10 * i + number)
            write_wav(folder / f"{speaker}_{emotion.value}{number}.wav", samples)
    return folder


@pytest.fixture(autouse=True)
def few_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    """The intervals of these made-up clips say nothing; `test_figures` tests how they are found."""
    monkeypatch.setattr(
        "subemo.research.evaluation.figures.bootstrap", partial(bootstrap, draws=50)
    )


def run(*arguments: str | Path) -> int:
    return main([str(argument) for argument in arguments])


class TestEvaluate:
    def test_everything_is_written(
        self, clips: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        out = tmp_path / "out"
        assert run("evaluate", clips, "-o", out) == 0
        printed = capsys.readouterr()
        assert "clips, adaptation film, 24 clips" in printed.out
        assert "bootstrap, by speaker" in printed.out
        assert printed.err == ""

        results = json.loads((out / "results.json").read_text())
        for metric in ("accuracy", "uar", "f1", "ece"):
            figure = results[metric]
            assert set(figure) == {"value", "low", "high"}
            assert metric == "ece" or figure["low"] <= figure["value"] <= figure["high"]
            assert results["all_classes"][metric]
        assert results["protocol"] == "clips, adaptation film"
        assert results["clips"] == 24
        assert np.sum(results["confusion"]) == 24

        with (out / "predictions.csv").open() as file:
            rows = list(csv.DictReader(file))
        right = np.mean([row["emotion"] == row["predicted"] for row in rows])
        assert right == pytest.approx(results["accuracy"]["value"])
        names = {path.name for path in out.iterdir()}
        assert names == {
            "results.json", "predictions.csv", "index.html",
            "confusion.png", "reliability.png", "risk-coverage.png",
        }  # fmt: skip
        page = (out / "index.html").read_text()
        assert page.count("data:image/svg+xml;base64,") == 6, "each for light and for dark"
        assert 'src="http' not in page

    def test_an_evaluation_is_not_written_over(
        self, clips: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert run("evaluate", clips, "-o", tmp_path / "out") == 0
        assert run("evaluate", clips, "-o", tmp_path / "out") == 1
        assert "an evaluation already" in capsys.readouterr().err
        assert run("evaluate", clips, "-o", tmp_path / "out", "--overwrite") == 0

    def test_fail_under(self, clips: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert run("evaluate", clips, "--fail-under", "accuracy=0") == 0
        assert run("evaluate", clips, "--fail-under", "uar=1") == 1
        assert f"{DEFAULT_MODEL}: uar is" in capsys.readouterr().err
        assert run("evaluate", clips, "--fail-under", "beauty=1") == 2

    def test_broken_clips_fail_the_run_unless_skipped(
        self, clips: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (clips / "joy_sad9.wav").write_bytes(b"nothing")
        assert run("evaluate", clips, "-o", tmp_path / "out") == 1
        complaints = capsys.readouterr().err.splitlines()
        assert "joy_sad9.wav" in complaints[0]
        assert "1 of 25 clips could not be classified" in complaints[1]
        assert json.loads((tmp_path / "out" / "results.json").read_text())["clips"] == 24
        assert run("evaluate", clips, "--skip-broken") == 0

    def test_compare(self, clips: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        model = str(find_bundle("report-crnn"))
        copy = tmp_path / "another" / "report-crnn"
        shutil.copytree(model, copy)
        out = tmp_path / "out"
        assert run("evaluate", clips, "--compare", "report-crnn", copy, "-o", out) == 0
        printed = capsys.readouterr().out
        assert "McNemar's test, p = 1" in printed
        assert f"{copy}: 0; McNemar" in printed
        names = [json.loads((out / f"{n}-report-crnn/results.json").read_text()) for n in (1, 2)]
        assert [one["model"] for one in names] == ["report-crnn", str(copy)]

    def test_a_corpus_that_was_learnt_from_is_named_a_leak(
        self, corpora: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        for speaker in ("DC", "JE", "JK", "KL"):
            (tmp_path / "savee" / speaker).mkdir(parents=True)
            for clip in (corpora / "savee" / speaker).glob("*0[12].flac"):
                shutil.copy(clip, tmp_path / "savee" / speaker)
        assert run("evaluate", tmp_path / "savee", "-o", tmp_path / "out") == 0
        assert "do not show accuracy on unseen speakers" in capsys.readouterr().err
        results = json.loads((tmp_path / "out" / "results.json").read_text())
        assert "leaks" in results["protocol"]
        assert results["classes_without_clips"] == ["calm"]

    def test_a_film_with_labels(
        self, film: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        labels = tmp_path / "labels.csv"
        labels.write_text("start,end,emotion\n0.5,2.5,happy\n6.5,8.5,angry\n")
        assert run("evaluate", film, "--labels", labels) == 0
        assert "2 clips" in capsys.readouterr().out
        assert run("evaluate", film, "--labels", labels, "--versions", "4") == 2


class TestTrailerProtocol:
    def test_the_reports_shape(
        self, clips: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        pytest.importorskip("librosa")
        assert run("evaluate", clips, "--protocol", "trailer", "-o", tmp_path / "out") == 0
        printed = capsys.readouterr()
        assert printed.err == ""
        assert "adaptation set, 4 versions of each clip, 24 clips" in printed.out
        results = json.loads((tmp_path / "out" / "results.json").read_text())
        assert results["versions"] == 4
        assert results["strong_accuracy"]
        assert results["other_accuracy"]

    def test_another_shape_is_a_warning(
        self, clips: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (clips / "mum_calm3.wav").unlink()
        write_wav(clips / "mum_sad4.wav", speechlike(1))
        write_wav(clips / "mum_sad5.wav", speechlike(1, seed=1))
        assert run("evaluate", clips, "--protocol", "trailer", "--versions", "1") == 0
        warnings = capsys.readouterr().err
        assert "has 24 clips, this set has 25" in warnings
        assert "3 clips of calm, this set has 2" in warnings
        assert "3 clips of sad, this set has 5" in warnings

    # moviepy leaves the pipes of an ffmpeg that has ended to the garbage collector.
    @pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
    def test_clips_cut_from_a_film_over_music(self, tmp_path: Path) -> None:
        """The whole way: a film is made, its labels cut it, the clips are evaluated."""
        music = write_wav(tmp_path / "music.wav", tone(3, hertz=330))
        lines, rows = [], ["start,end,emotion,speaker"]
        for i in range(24):
            voice = write_wav(tmp_path / f"voice{i}.wav", speechlike(1, seed=i))
            lines.append(SpokenLine(500 + 1_500 * i, voice, f"Line {i}."))
            start = 0.5 + 1.5 * i
            rows.append(f"{start},{start + 1},{EMOTIONS[i % 8].value},{'joy' if i % 2 else 'dad'}")
        film = tmp_path / "film.mp4"
        build_film(lines, film, duration_ms=37_000, music=music)
        (tmp_path / "labels.csv").write_text("\n".join(rows) + "\n")
        out = tmp_path / "clips"
        assert run("clips", film, tmp_path / "labels.csv", "-o", out) == 0
        assert len(list(out.glob("*.wav"))) == 24
        results = tmp_path / "results"
        assert run("evaluate", out, "--protocol", "trailer", "--versions", "1", "-o", results) == 0
        content = json.loads((results / "results.json").read_text())
        assert content["clips"] == 24
        assert content["adaptation"] == "set"


class TestCorpus:
    def test_counts_table_and_picture(
        self, clips: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        table, picture = tmp_path / "table.csv", tmp_path / "picture.svg"
        assert run("corpus", clips, "--table", table, "--plot", picture) == 0
        assert "24" in capsys.readouterr().out
        assert picture.read_bytes().startswith(b"<?xml")
        assert run("corpus", table) == 0  # the table is a manifest
        assert run("corpus", clips, "--table", table) == 1
        assert run("corpus", clips, "--plot", tmp_path / "a.gif") == 1

    def test_the_reports_table(
        self, corpora: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        table = tmp_path / "table.csv"
        roots = [corpora / "ravdess", corpora / "savee"]
        assert run("corpus", *roots, "--table", table) == 0
        assert "1,920" in capsys.readouterr().out
        assert len(table.read_text().splitlines()) == 1_921

    def test_ignored_labels_are_counted(
        self, clips: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert run("corpus", clips, "--ignore", "calm") == 0
        assert "3 clips labelled calm left out" in capsys.readouterr().err


class TestFeatures:
    def test_appendix_9(self, clips: Path, tmp_path: Path) -> None:
        pytest.importorskip("librosa")
        csv_path, parquet_path = tmp_path / "table.csv", tmp_path / "table.parquet"
        options: list[str | Path] = ["--cache", tmp_path / "cache"]
        assert run("features", clips, "-o", csv_path, *options) == 0
        with csv_path.open() as file:
            rows = list(csv.reader(file))
        assert len(rows) == 1 + 4 * 24
        assert rows[0] == [*map(str, range(162)), "labels", "clip", "version"]
        pyarrow = pytest.importorskip("pyarrow.parquet")
        assert run("features", clips, "-o", parquet_path, *options) == 0
        table = pyarrow.read_table(parquet_path)
        assert table.num_rows == 96
        ours = np.array([row[:162] for row in rows[1:]], dtype=np.float32)
        theirs = np.stack([table[str(i)].to_numpy() for i in range(162)], axis=1)
        np.testing.assert_array_equal(ours, theirs)

    def test_other_endings(self, clips: Path, tmp_path: Path) -> None:
        assert run("features", clips, "-o", tmp_path / "table.xls") == 1


@pytest.mark.parametrize("kind", ["waveform", "spectrogram", "augmentations"])
@pytest.mark.parametrize("suffix", ["png", "svg"])
def test_plot(clips: Path, tmp_path: Path, kind: str, suffix: str) -> None:
    pytest.importorskip("librosa")
    out = tmp_path / f"picture.{suffix}"
    assert run("plot", kind, clips / "joy_happy1.wav", "-o", out) == 0
    content = out.read_bytes()
    if suffix == "svg":
        assert b"time (s)" in content or b"<svg" in content
    else:
        assert content.startswith(b"\x89PNG")
    assert run("plot", kind, clips / "joy_happy1.wav", "-o", out) == 1
