"""The tables of docs/research/model.md, from the saved predictions of the default model's cross-validation.

    python -m benchmarks.model_tables DATA [FOLDS]

DATA is the folder of the corpora (for the speakers' sex), FOLDS the folder of
`subemo crossval`'s folds (``runs/default/folds``; for films of few cues).
"""

from __future__ import annotations

import csv
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from subemo.core.emotions import EMOTIONS
from subemo.model.bundle import find_bundle, read_bundle
from subemo.research.corpora import Clip
from subemo.research.evaluation import metrics
from subemo.research.evaluation.figures import Figure, bootstrap
from subemo.research.evaluation.scoring import Scored
from subemo.research.training.crossval_figures import ProtocolAnswers, temperature_for
from subemo.research.training.protocols import PROTOCOLS
from subemo.research.training.training_data import read_data

MODEL = "subemo-crnn"
REPORTED = [name for name, protocol in PROTOCOLS.items() if protocol.reported]


def main(data: Path, folds: Path) -> None:
    """Prints all tables."""
    folder = find_bundle(MODEL)
    clips = {clip.key: clip for clip in read_data(data).clips}
    answers = {
        name: _answers(name, folder / "predictions" / f"{name}.csv", clips) for name in REPORTED
    }
    temperatures = {name: temperature_for(name, answers, "film") for name in REPORTED}
    _reached(read_bundle(folder).provenance["figures"])
    _few_cues(folds)
    scored = {n: one.score("clean", "film", temperatures[n]) for n, one in answers.items()}
    _recalls(scored)
    _by_sex(answers, temperatures)
    _errors(scored.values())


def _answers(name: str, path: Path, clips: Mapping[str, Clip]) -> ProtocolAnswers:
    """The saved predictions for the original clips, adapted."""
    with path.open(newline="") as file:
        rows = [
            row
            for row in csv.DictReader(file)
            if row["condition"] == "clean" and row["adaptation"] == "film"
        ]
    logits = np.array([[float(row[emotion.value]) for emotion in EMOTIONS] for row in rows])
    tested = tuple(clips[row["clip"]] for row in rows)
    return ProtocolAnswers(name, tested, {"clean.film": logits}, {})


def _show(figure: Figure) -> str:
    return f"{100 * figure.value:.1f} [{100 * figure.low:.1f}, {100 * figure.high:.1f}]"


def _reached(figures: Sequence[dict[str, object]]) -> None:
    found: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for content in figures:
        figure = Figure(**content)  # type: ignore[arg-type]
        protocol, _, adaptation = figure.protocol.rpartition(", adaptation ")
        found[f"{figure.metric}, {protocol}"][adaptation] = _show(figure)
    print("\n| figure | as it comes | adapted |\n|---|---|---|")
    for name, of_name in found.items():
        print(f"| {name} | {of_name['none']} | {of_name['film']} |")


def _few_cues(folds: Path) -> None:
    counts: defaultdict[str, defaultdict[str, list[int]]] = defaultdict(
        lambda: defaultdict(lambda: [0, 0])
    )
    for path in sorted(folds.glob("*.npz")):
        with np.load(path, allow_pickle=False) as saved:
            head = json.loads(str(saved["head"]))
        for name, (right, every) in head["cues"].items():
            of_protocol = counts[head["fold"].rpartition("-")[0]][name]
            of_protocol[0] += right
            of_protocol[1] += every
    unseen = [name for name in REPORTED if PROTOCOLS[name].folds is None and name in counts]
    heads = [f"{name}, {kind}" for name in unseen for kind in ("mixed", "one emotion")]
    print(f"\n| cues | {' | '.join(heads)} |\n|---|{'---|' * len(heads)}")
    sizes = sorted({int(size.partition(".")[0]) for name in unseen for size in counts[name]})
    for size in sizes:
        cells = [
            " / ".join(_share(counts[name][f"{size}.{kind}.{how}"]) for how in ("none", "film"))
            for name in unseen
            for kind in ("random", "alike")
        ]
        print(f"| {size} | {' | '.join(cells)} |")


def _share(counted: Sequence[int]) -> str:
    right, every = counted
    return f"{100 * right / every:.0f}" if every else "-"


def _recalls(scored: Mapping[str, Scored]) -> None:
    print(f"\n| | {' | '.join(scored)} |\n|---|{'---|' * len(scored)}")
    found = {name: metrics.recalls(of_name, protocol="") for name, of_name in scored.items()}
    for emotion in EMOTIONS:
        cells = [
            f"{100 * f.value:.0f} [{100 * f.low:.0f}, {100 * f.high:.0f}] ({f.clips})"
            if (f := found[name].get(emotion))
            else ""
            for name in scored
        ]
        print(f"| {emotion.value} | {' | '.join(cells)} |")


def _by_sex(answers: Mapping[str, ProtocolAnswers], temperatures: Mapping[str, float]) -> None:
    print("\n| | women | men |\n|---|---|---|")
    for name, one in answers.items():
        cells = []
        for sex in ("female", "male"):
            own = np.array([clip.sex == sex for clip in one.clips])
            part = ProtocolAnswers(
                name,
                tuple(clip for clip in one.clips if clip.sex == sex),
                {"clean.film": one.logits["clean.film"][own]},
                {},
            )
            cells.append(_uar(part, temperatures[name]) if own.any() else "")
        print(f"| {name} | {' | '.join(cells)} |")


def _uar(answers: ProtocolAnswers, temperature: float) -> str:
    scored = answers.score("clean", "film", temperature)
    uar = metrics.METRICS["uar"]
    low, high = bootstrap(lambda drawn: uar(scored, drawn), scored.groups)
    value = uar(scored, np.arange(len(answers.clips)))
    speakers = len({clip.speaker for clip in answers.clips})
    return f"{100 * value:.1f} [{100 * low:.1f}, {100 * high:.1f}] ({speakers} speakers)"


def _errors(scored: Iterable[Scored]) -> None:
    shares: defaultdict[tuple[str, str], list[float]] = defaultdict(list)
    for of_protocol in scored:
        for pair, share in _confused(of_protocol):
            shares[pair].append(share)
    worst = sorted(shares.items(), key=lambda item: -float(np.mean(item[1])))[:8]
    print("\nThe commonest errors, mean over the corpora that have both:")
    print("; ".join(f"{a} taken for {b} {100 * np.mean(s):.0f} %" for (a, b), s in worst))


def _confused(scored: Scored) -> Iterator[tuple[tuple[str, str], float]]:
    counts = metrics.confusion(scored)
    for i, label in enumerate(scored.emotions):
        for j, answer in enumerate(scored.emotions):
            if i != j and counts[i].sum() and counts[:, j].any():
                yield (label.value, answer.value), counts[i, j] / counts[i].sum()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2] if len(sys.argv) > 2 else "runs/default/folds"))
