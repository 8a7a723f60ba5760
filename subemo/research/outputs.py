"""What an evaluation leaves behind: numbers, every answer, pictures, and a page to read."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..core.emotions import EMOTIONS
from ..core.errors import OutputError
from ..core.files import write_atomically
from ..core.tables import csv_table
from ..render.canvas import render
from .datasets import augmentation as augment
from .evaluation import metrics
from .evaluation.results import Evaluation
from .plots import evaluation as pictures

#: What says that an evaluation is there.
RESULTS = "results.json"


def check_new_results(folder: Path, *, overwrite: bool) -> None:
    """Refuses a folder where an evaluation must not be put, before any work is done for it.

    Args:
        folder: where one, of clips or of films, is to go
        overwrite: whether one that is there is replaced

    Raises:
        OutputError: if one is there already
    """
    is_there = (folder / RESULTS).exists() or any(folder.glob("figures-*.csv"))
    if is_there and not overwrite:
        raise OutputError(
            "there is an evaluation already", path=folder, remedy="Use --overwrite, or another -o."
        )


def write_results(results: Mapping[str, Any], folder: Path) -> None:
    """Writes ``results.json`` alone, over one that is there.

    Args:
        results: its content
        folder: where to; it is made if need be
    """
    folder.mkdir(parents=True, exist_ok=True)
    write_atomically(folder / RESULTS, json_bytes(results), overwrite=True)


def json_bytes(content: Mapping[str, Any]) -> bytes:
    """The content of a JSON file for people and programs."""
    return (json.dumps(content, indent=1) + "\n").encode()


def write_evaluation(evaluation: Evaluation, folder: Path) -> None:
    """Writes everything to *folder*, over an earlier evaluation there.

    Args:
        evaluation: of one model
        folder: where to; it is made if need be
    """
    folder.mkdir(parents=True, exist_ok=True)
    images = {
        "confusion": pictures.confusion_matrix(
            metrics.confusion(evaluation.scored),
            evaluation.scored.emotions,
            title=evaluation.protocol,
        ),
        "reliability": pictures.reliability(evaluation.scored, title=evaluation.protocol),
        "risk-coverage": pictures.risk_coverage(evaluation.scored, title=evaluation.protocol),
    }
    rendered = {name: render(figure) for name, figure in images.items()}
    files = {
        RESULTS: json_bytes(evaluation.results()),
        "predictions.csv": _predictions(evaluation).encode(),
        **{f"{name}.png": data for name, data in rendered.items()},
        "index.html": _page(evaluation, rendered).encode(),
    }
    for name, data in files.items():
        write_atomically(folder / name, data, overwrite=True)


def _predictions(evaluation: Evaluation) -> str:
    answers = evaluation.answers
    rows = (
        [
            str(clip.path),
            "" if clip.start_ms is None else clip.start_ms / 1000,
            "" if clip.end_ms is None else clip.end_ms / 1000,
            augment.VERSIONS[version],
            clip.speaker or "",
            clip.emotion.value,
            prediction.emotion.value,
            *(f"{probability:.6f}" for probability in prediction.probabilities),
        ]
        for clip, version, prediction in zip(
            answers.clips, answers.versions, answers.predictions, strict=True
        )
    )
    columns = ("path", "start", "end", "version", "speaker", "emotion", "predicted", *EMOTIONS)
    return csv_table([columns, *rows])


def _page(evaluation: Evaluation, images: Mapping[str, bytes]) -> str:
    figures = "".join(
        f"<tr><td>{html.escape(figure.title)}</td><td>{figure.percent}</td></tr>"
        for figure in evaluation.figures.values()
    )
    coverage = "".join(
        f"<tr><td>{100 * row['coverage']:.0f} %</td><td>{row['clips']}</td>"
        f"<td>{100 * row['accuracy']:.1f} % [{100 * row['low']:.1f}, "
        f"{100 * row['high']:.1f}]</td></tr>"
        for row in metrics.coverage(evaluation.scored)
    )
    classes = "".join(
        f"<tr><td>{emotion.value}</td><td>{figure.clips}</td><td>{figure.percent}</td></tr>"
        for emotion, figure in metrics.recalls(
            evaluation.scored, protocol=evaluation.protocol
        ).items()
    )
    texts = {
        "confusion": "What the model answered (columns) to clips of each label (rows).",
        "reliability": "How often the model is right when it is so sure.",
        "risk-coverage": "How often it is right if only its surest answers are taken.",
    }
    pictures_html = "".join(
        f'<figure><img alt="{html.escape(texts[name])}" src="data:image/png;base64,'
        f'{base64.b64encode(data).decode()}"><figcaption>{html.escape(texts[name])}'
        "</figcaption></figure>"
        for name, data in images.items()
    )
    return _PAGE.format(
        title=html.escape(f"{evaluation.model} on {evaluation.name}"),
        clips=f"{len(evaluation.answers.clips):,}",
        protocol=html.escape(evaluation.protocol),
        interval=html.escape(evaluation.interval),
        missing=html.escape(", ".join(evaluation.scored.missing) or "none"),
        broken=len(evaluation.answers.broken),
        figures=figures,
        coverage=coverage,
        classes=classes,
        pictures=pictures_html,
    )


_PAGE = """\
<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<style>
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }}
table {{ border-collapse: collapse; margin: 1rem 0; }}
th, td {{ border: 1px solid #767676; padding: .25rem .75rem; text-align: left; }}
td:not(:first-child) {{ text-align: right; font-variant-numeric: tabular-nums; }}
img {{ max-width: 100%; }} figure {{ margin: 2rem 0; }}
</style></head><body>
<h1>{title}</h1>
<p>{clips} clips were classified; protocol: {protocol}. Values are shares of clips with 95 %
intervals ({interval}; in the lower tables Wilson's, by clip). Emotions without clips in this set, which no average counts: {missing}.
Clips that could not be classified: {broken}.</p>
<table><tr><th>figure</th><th>value [95 % interval]</th></tr>{figures}</table>
<p>UAR is the mean over the emotions of how often each is found, so that a frequent one does
not count for more. The calibration error is how far the model's sureness is from how often
it is right, on average.</p>
<h2>Its surest answers</h2>
<table><tr><th>most confident</th><th>clips</th><th>right [95 % interval]</th></tr>{coverage}</table>
<h2>Emotion by emotion</h2>
<table><tr><th>emotion</th><th>clips</th><th>found [95 % interval]</th></tr>{classes}</table>
{pictures}
<p>A label says how a voice sounds to a listener, not what a person feels.</p>
</body></html>
"""
