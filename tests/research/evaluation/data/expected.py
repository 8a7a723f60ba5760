"""Writes the expected values beside the answers, by plain counting: python expected.py."""

import csv
import json
from pathlib import Path
from typing import Any

EMOTIONS = ["neutral", "calm", "happy", "sad", "angry", "fear", "disgust", "surprise"]
STRONG = {"angry", "disgust", "sad"}


def values(rows: list[Any], classes: list[str]) -> dict[str, Any]:
    """Every metric of (label, probabilities by class) pairs."""
    answers = []
    for label, given in rows:
        kept = {c: given[c] for c in classes}
        if "neutral" in classes and "calm" not in classes:
            kept["neutral"] += given["calm"]
        total = sum(kept.values())
        kept = {c: p / total for c, p in kept.items()}
        best = max(classes, key=lambda c: kept[c])
        answers.append((label, best, kept[best]))
    confusion = [
        [sum(a == row and b == column for a, b, _ in answers) for column in classes]
        for row in classes
    ]

    def share(chosen: list[Any]) -> float | None:
        return sum(a == b for a, b, _ in chosen) / len(chosen) if chosen else None

    present = [c for c in classes if any(a == c for a, _, _ in answers)]
    recalls, f1s = [], []
    for c in present:
        hits = sum(a == b == c for a, b, _ in answers)
        labelled = sum(a == c for a, _, _ in answers)
        answered = sum(b == c for _, b, _ in answers)
        recalls.append(hits / labelled)
        f1s.append(2 * hits / (labelled + answered))
    gaps = 0.0
    for number in range(15):
        inside = [(a == b, p) for a, b, p in answers if min(int(p * 15), 14) == number]
        gaps += abs(sum(p for _, p in inside) - sum(right for right, _ in inside))
    return {
        "accuracy": share(answers),
        "uar": sum(recalls) / len(recalls),
        "f1": sum(f1s) / len(f1s),
        "ece": gaps / len(answers),
        "strong_accuracy": share([x for x in answers if x[0] in STRONG]),
        "other_accuracy": share([x for x in answers if x[0] not in STRONG]),
        "confusion": confusion,
    }


for path in sorted(Path(__file__).parent.glob("*.csv")):
    with path.open() as file:
        table = [(r["emotion"], {e: float(r[e]) for e in EMOTIONS}) for r in csv.DictReader(file)]
    labels = {label for label, _ in table}
    result = {
        "present": values(table, [e for e in EMOTIONS if e in labels]),
        "all_classes": values(table, EMOTIONS),
    }
    path.with_suffix(".json").write_text(json.dumps(result, indent=1) + "\n")
