from __future__ import annotations

import json
from collections.abc import Generator
from pathlib import Path

import numpy as np
import pytest

from subemo.cli import main
from subemo.core.emotions import EMOTIONS
from subemo.core.progress import ignore
from subemo.research import report
from subemo.research.datasets.features import FeatureTable
from subemo.research.report import ReportRun, Result, all_runs, read_results
from subemo.research.training.architectures import ARCHITECTURES, FINAL
from subemo.research.training.clip_training import ClipRecipe, Epoch

from .datasets.test_splits import clips


def result(run: ReportRun, right: float = 0.5) -> Result:
    generator = np.random.default_rng(len(run.name))
    labels = np.arange(96) % 8
    predicted = np.where(generator.random(96) < right, labels, (labels + 1) % 8)
    epochs = tuple(Epoch(n, 2 / n, 0.1 * n, 3 / n, 0.05 * n, 1e-3) for n in range(1, 4))
    speakers = np.array([f"ravdess-{12 * run.number + i // 8:02}" for i in range(96)])
    return Result(run, 1_000, epochs, labels, predicted, speakers)


def test_there_are_forty_seven_runs() -> None:
    runs = all_runs()
    assert len(runs) == len({run.name for run in runs}) == 3 * 3 + 5 + 8 * 4 + 1
    assert runs[0] == ReportRun(FINAL, "report", 0)


def test_rows_are_appendix_10() -> None:
    assert [round(100 * a.reported, 2) for a in ARCHITECTURES.values()] == [
        62.76, 65.63, 67.29, 67.34, 70.10, 74.43, 76.20, 76.51
    ]  # fmt: skip


def test_a_result_survives_its_file() -> None:
    before = result(ReportRun("cnn-1", "held-out", 2))
    after = Result.from_json(json.loads(json.dumps(before.to_json())))
    assert (after.run, after.parameters) == (before.run, 1_000)
    assert [epoch.number for epoch in after.epochs] == [1, 2, 3]
    assert after.epochs[2].loss == pytest.approx(before.epochs[2].loss, abs=1e-6)
    for name in ("labels", "predicted", "speakers"):
        np.testing.assert_array_equal(getattr(after, name), getattr(before, name))


def save(folder: Path, *results: Result) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for one in results:
        (folder / f"{one.run.name}.json").write_text(json.dumps(one.to_json()))
    return folder


class TestDocument:
    def test_what_is_done_and_what_is_not(self, tmp_path: Path) -> None:
        done = [
            result(ReportRun("cnn-1", "report", 0)),
            result(ReportRun("cnn-1", "held-out", 1), 0.3),
        ]
        read = read_results(save(tmp_path, *done))
        assert [one.run for one in read] == [one.run for one in done]
        line = report.table(read).splitlines()[2]
        accuracy = np.mean(done[0].labels == done[0].predicted)
        assert f"| 62.76 % | {100 * accuracy:.1f} % [" in line
        assert "1 of 4 folds done" in line

    def test_the_honest_column(self) -> None:
        folds = [result(ReportRun("cnn-1", "held-out", fold), 0.1 * fold) for fold in range(1, 5)]
        line = report.table(folds).splitlines()[2]
        values = [100 * np.mean(one.labels == one.predicted) for one in folds]
        assert f"{np.mean(values):.1f} ± {np.std(values, ddof=1):.1f} %" in line

    def test_both_facts_are_told(self) -> None:
        text = report.document([result(ReportRun(FINAL, "report", seed)) for seed in (0, 1, 2)])
        assert "Copies of a test clip, and every one of the 28 speakers" in text
        assert "3 of 47" in text

    def test_what_each_seed_came_to(self) -> None:
        finals = [result(ReportRun(FINAL, "report", seed), 0.3 * seed) for seed in (0, 1, 2)]
        values = [100 * np.mean(one.labels == one.predicted) for one in finals]
        text = report.document(finals)
        assert f"- … GRU: {', '.join(f'{v:.1f}' for v in values)} %; mean" in text
        assert "- CRNN: none yet" in text

    def test_why_a_row_falls_short(self) -> None:
        seeds = [result(ReportRun("crnn", "report", seed), 0.3) for seed in (0, 1, 2)]
        assert "Not all of these models are trained" in report.document(seeds)
        other = result(ReportRun("crnn-growing", "report", 0), 0.9)
        text = report.document([*seeds, other])
        mean = np.mean([np.mean(one.labels == one.predicted) for one in seeds])
        assert f"ends {67.29 - 100 * mean:.1f} points below" in text
        assert f"256 × 3: {100 * np.mean(other.labels == other.predicted):.1f} % [" in text
        assert "### CRNN, filters that grow" not in text

    def test_appendices_are_written(self, tmp_path: Path) -> None:
        pytest.importorskip("tensorflow")
        report.write_details(tmp_path, [result(ReportRun(FINAL, "report", 0))])
        names = sorted(path.name for path in tmp_path.iterdir())
        assert names == [
            f"{FINAL}.{end}"
            for end in ("classes.json", "confusion.png", "curves.png", "summary.txt")
        ]
        assert "703,752" in (tmp_path / f"{FINAL}.summary.txt").read_text()
        classes = json.loads((tmp_path / f"{FINAL}.classes.json").read_text())
        assert set(EMOTIONS) < set(classes)

    def test_the_committed_document_is_that_of_the_committed_runs(self) -> None:
        docs = Path(__file__).parents[2] / "docs"
        results = read_results(docs / "report" / "runs")
        assert (docs / "report.md").read_text() == report.document(results)


def test_status_trains_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    save(tmp_path / "report" / "runs", result(ReportRun(FINAL, "report", 0)))
    assert main(["reproduce", "--status", "-o", str(tmp_path)]) == 0
    assert "… GRU" in capsys.readouterr().out
    assert main(["reproduce"]) == 2
    assert main(["reproduce", "--status", "--row", "rnn", "-o", str(tmp_path)]) == 2
    assert "Unknown row 'rnn'; choose from: cnn-1, " in capsys.readouterr().err


def test_goes_on_where_it_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("tensorflow")
    generator = np.random.default_rng(0)
    features = generator.standard_normal((28 * 8 * 4, 162)).astype(np.float32)
    table = FeatureTable(clips(), 4, features)
    runs = [
        ReportRun("cnn-1", "report", 0),
        ReportRun("cnn-1", "held-out", 1),
        ReportRun("cnn-1", "held-out", 2),
    ]
    monkeypatch.setattr(report, "report_table", lambda *_, **__: table)
    monkeypatch.setattr(report, "all_runs", lambda: runs)
    results, work = tmp_path / "results", tmp_path / "work"
    save(results, result(runs[0]))

    recipe = ClipRecipe(epochs=1)
    made = report.reproduce({}, results=results, work=work, recipe=recipe, on_step=ignore)
    first = next(made)
    assert first.run == runs[1]
    assert isinstance(made, Generator)
    made.close()
    other = {"rows": ["crnn-gru"]}
    assert not list(
        report.reproduce({}, results=results, work=work, recipe=recipe, on_step=ignore, **other)
    )
    rest = report.reproduce({}, results=results, work=work, recipe=recipe, on_step=ignore)
    assert [one.run for one in rest] == [runs[2]]
    assert [one.run for one in read_results(results)] == runs
    folds = [set(one.speakers) for one in read_results(results)[1:]]
    assert not folds[0] & folds[1]
    assert all(len(fold) == 7 for fold in folds)
    assert not list(work.glob("*.npz"))
