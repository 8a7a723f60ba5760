"""The tables of the pages on films, from the figures in docs/films: ``python -m benchmarks.film_tables``."""

from __future__ import annotations

import csv
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "docs" / "films"
VARIANTS = ("default", "open", "voice", "voice-open", "adapt-none")
METRICS = (
    "right of shown tags", "emotional cues under a right tag", "false tags per 100 neutral cues",
    "emotional runs tagged rightly", "of these on the first cue", "emotional runs tagged wrongly",
    "accuracy of a cue", "P@10", "P@20", "P@30", "P@50", "calibration error of shown tags",
)  # fmt: skip
CORPORA = {
    "tess": "TESS (English)", "emovo": "EMOVO (Italian)", "nemo": "nEMO (Polish)",
    "ased": "ASED (Amharic)", "casia": "CASIA (Mandarin)",
}  # fmt: skip
KINDS = ("agreeing", "contradicted")

Figures = dict[tuple[str, str, str], str]


def figures(variant: str) -> Figures:
    """A variant's figures with their intervals, by group, name and metric."""
    with (FOLDER / f"figures-{variant}.csv").open(encoding="utf-8", newline="") as file:
        return {(row["by"], row["name"], row["metric"]): _text(row) for row in csv.DictReader(file)}


def _text(row: dict[str, str]) -> str:
    digits = 1 if "per 100" in row["metric"] else 2
    if not row["value"]:
        return "–"
    value, low, high = (f"{float(row[name]):.{digits}f}" for name in ("value", "low", "high"))
    return f"{value} [{low}, {high}]"


def table(head: list[str], rows: dict[str, list[str]]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *([name, *cells] for name, cells in rows.items())]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def main() -> None:
    """Prints all tables."""
    found = {variant: figures(variant) for variant in VARIANTS}
    mean = ("mean", "of the corpora")
    rows = {m: [found[v][(*mean, m)] for v in VARIANTS] for m in METRICS}
    print(table(["mean of the five corpora", *(f"`{v}`" for v in VARIANTS)], rows), "\n")
    for variant in VARIANTS:
        rows = {m: [found[variant]["corpus", c, m] for c in CORPORA] for m in METRICS}
        print(table([f"`{variant}`", *CORPORA.values()], rows), "\n")
    pairs = [(variant, kind) for variant in ("default", "voice") for kind in KINDS]
    rows = {
        m: [found[variant]["kind", kind, m] for variant, kind in pairs]
        for m in (*METRICS[:7], "P@30")
    }
    print(table(["", *(f"{kind}, `{variant}`" for variant, kind in pairs)], rows))


if __name__ == "__main__":
    main()
