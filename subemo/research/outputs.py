"""What an evaluation leaves behind: numbers, every answer, pictures, and a page to read."""

from __future__ import annotations

import base64
import csv
import html
import io
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ..core.emotions import EMOTIONS
from ..core.files import write_atomically
from ..core.tables import cell
from ..core.version import __version__
from ..render.canvas import render
from .datasets import augmentation as augment
from .evaluation import metrics
from .evaluation.clip_answers import Answers
from .evaluation.figures import Figure
from .evaluation.scoring import Scored
from .plots import evaluation as pictures


@dataclass(frozen=True, eq=False)
class Evaluation:
    """An evaluation, ready to be shown.

    Attributes:
        name: of the set, for people
        model: the model's name
        protocol: what the figures are called
        answers: of the model
        scored: over the classes that the set has
        figures: over those classes
        all_figures: over all eight classes
    """

    name: str
    model: str
    protocol: str
    answers: Answers
    scored: Scored
    figures: Mapping[str, Figure]
    all_figures: Mapping[str, Figure]

    @classmethod
    def of(
        cls, name: str, model: str, answers: Answers, *, all_classes: bool = False
    ) -> Evaluation:
        """Scores and measures *answers*.

        Args:
            name: of the set
            model: the model's name
            answers: what it answered
            all_classes: whether the main figures, too, are over all eight classes
        """
        protocol = f"{name}, adaptation {answers.adaptation}"
        every = answers.score(all_classes=True)
        scored = every if all_classes else answers.score()
        all_figures = metrics.evaluate(every, protocol=f"{protocol}, all classes")
        figures = all_figures
        if not all_classes:
            figures = metrics.evaluate(scored, protocol=protocol)
        return cls(name, model, protocol, answers, scored, figures, all_figures)

    def results(self) -> dict[str, Any]:
        """The content of ``results.json``."""
        versions = max(self.answers.versions) + 1
        return {
            **{name: _interval(figure) for name, figure in self.figures.items()},
            "all_classes": {name: _interval(figure) for name, figure in self.all_figures.items()},
            "protocol": self.protocol,
            "interval": next(iter(self.figures.values())).interval,
            "set": self.name,
            "model": self.model,
            "adaptation": self.answers.adaptation,
            "clips": len(self.answers.clips),
            "versions": versions,
            "classes": [emotion.value for emotion in self.scored.emotions],
            "classes_without_clips": [emotion.value for emotion in self.scored.missing],
            "confusion": metrics.confusion(self.scored).tolist(),
            "recall": {
                emotion.value: _interval(figure)
                for emotion, figure in metrics.recalls(self.scored, protocol=self.protocol).items()
            },
            "by_class": metrics.classification_report(self.scored),
            "most_confident": metrics.coverage(self.scored),
            "broken": [
                {"clip": str(clip.path), "problem": problem}
                for clip, problem in self.answers.broken
            ],
            "subemo": __version__,
        }

    def write(self, folder: Path) -> None:
        """Writes everything to *folder*, over an earlier evaluation there."""
        folder.mkdir(parents=True, exist_ok=True)
        images = {
            "confusion": pictures.confusion_matrix(
                metrics.confusion(self.scored), self.scored.emotions, title=self.protocol
            ),
            "reliability": pictures.reliability(self.scored, title=self.protocol),
            "risk-coverage": pictures.risk_coverage(self.scored, title=self.protocol),
        }
        rendered = {name: render(figure) for name, figure in images.items()}
        results = json.dumps(self.results(), indent=1) + "\n"
        files = {
            "results.json": results.encode(),
            "predictions.csv": self._predictions().encode(),
            **{f"{name}.png": data for name, data in rendered.items()},
            "index.html": self._page(rendered).encode(),
        }
        for name, data in files.items():
            write_atomically(folder / name, data, overwrite=True)

    def _predictions(self) -> str:
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(
            ["path", "start", "end", "version", "speaker", "emotion", "predicted", *EMOTIONS]
        )
        answers = self.answers
        for clip, version, prediction in zip(
            answers.clips, answers.versions, answers.predictions, strict=True
        ):
            writer.writerow(
                [
                    cell(clip.path),
                    "" if clip.start_ms is None else clip.start_ms / 1000,
                    "" if clip.end_ms is None else clip.end_ms / 1000,
                    augment.VERSIONS[version],
                    cell(clip.speaker or ""),
                    clip.emotion.value,
                    prediction.emotion.value,
                    *(f"{probability:.6f}" for probability in prediction.probabilities),
                ]
            )
        return text.getvalue()

    def _page(self, images: Mapping[str, bytes]) -> str:
        figures = "".join(
            f"<tr><td>{html.escape(figure.title)}</td><td>{figure.percent}</td></tr>"
            for figure in self.figures.values()
        )
        coverage = "".join(
            f"<tr><td>{100 * row['coverage']:.0f} %</td><td>{row['clips']}</td>"
            f"<td>{100 * row['accuracy']:.1f} % [{100 * row['low']:.1f}, "
            f"{100 * row['high']:.1f}]</td></tr>"
            for row in metrics.coverage(self.scored)
        )
        classes = "".join(
            f"<tr><td>{emotion.value}</td><td>{figure.clips}</td><td>{figure.percent}</td></tr>"
            for emotion, figure in metrics.recalls(self.scored, protocol=self.protocol).items()
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
            title=html.escape(f"{self.model} on {self.name}"),
            clips=f"{len(self.answers.clips):,}",
            protocol=html.escape(self.protocol),
            interval=html.escape(next(iter(self.figures.values())).interval),
            missing=html.escape(", ".join(self.scored.missing) or "none"),
            broken=len(self.answers.broken),
            figures=figures,
            coverage=coverage,
            classes=classes,
            pictures=pictures_html,
        )


def _interval(figure: Figure) -> dict[str, float]:
    kept = asdict(figure)
    return {key: kept[key] for key in ("value", "low", "high")}


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
<p>{clips} clips were judged; protocol: {protocol}. Values are shares of clips with 95 %
intervals ({interval}; in the lower tables Wilson's, by clip). Emotions without clips in this set, which no average counts: {missing}.
Clips that could not be judged: {broken}.</p>
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
