"""A film's emotions over time, readable in greyscale."""

from __future__ import annotations

from typing import Any

from ..core.emotions import EMOTIONS
from ..tagging.annotation import AnnotatedFilm
from ..tagging.colours import OKABE_ITO, Palette
from .canvas import name_in_title, new_figure


def timeline(annotation: AnnotatedFilm, *, colours: Palette | None = None) -> Any:
    """A row for each emotion, a bar for each cue, as high as its probability.

    Bars of cues whose tag is shown are filled, the others hollow.
    """
    palette = colours or OKABE_ITO
    figure = new_figure(width=10.0, height=4.5)
    axes = figure.subplots()
    shown = 0
    for row, emotion in enumerate(reversed(EMOTIONS)):
        axes.axhline(row, color="0.8", linewidth=0.6)
        for cue in annotation.cues:
            if cue.prediction is None:
                continue
            probability = cue.prediction.by_emotion()[emotion.value]
            is_shown = cue.decision.tag is emotion
            shown += is_shown
            axes.bar(
                cue.start_ms / 1000,
                0.9 * probability,
                width=max(0.001, (cue.shown_end_ms - cue.start_ms) / 1000),
                bottom=row,
                align="edge",
                color=_on_paper(palette[emotion]) if is_shown else "none",
                edgecolor="black",
                linewidth=1.0 if is_shown else 0.4,
                hatch="" if is_shown else "///",
            )
    last_ms = max((cue.shown_end_ms for cue in annotation.cues), default=0)
    axes.set(
        xlim=(0, max(annotation.duration_ms or 0, last_ms, 1) / 1000),
        ylim=(0, len(EMOTIONS)),
        yticks=range(len(EMOTIONS)),
        yticklabels=[emotion.value for emotion in reversed(EMOTIONS)],
        xlabel="time (s)",
        title=(
            f"{name_in_title(annotation.video)}: probability of each emotion by cue, model {annotation.model}; "
            f"filled where a tag is shown ({shown} of {len(annotation.cues)} cues)"
        ),
    )
    axes.title.set_fontsize(9)
    return figure


def _on_paper(colour: str) -> str:
    """White, which is made for a black ground, as grey."""
    return "0.75" if colour == "#FFFFFF" else colour
