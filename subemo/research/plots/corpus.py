"""Plots of a corpus (Appendix 2 of the 2024 report, Davies and Chen)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from ...core.emotions import EMOTIONS
from ...render.canvas import new_figure
from ..corpora import Clip

_HATCHES = ("", "//", "..", "xx", "\\\\", "++", "oo", "--", "**")


def distribution(clips: Sequence[Clip]) -> Any:
    """Clips of each emotion by corpus, hatched so that corpora differ in greyscale."""
    figure = new_figure()
    axes = figure.subplots()
    bottom = [0] * len(EMOTIONS)
    names = [emotion.value for emotion in EMOTIONS]
    for position, corpus in enumerate(sorted({clip.corpus for clip in clips})):
        counts = Counter(clip.emotion for clip in clips if clip.corpus == corpus)
        heights = [counts[emotion] for emotion in EMOTIONS]
        axes.bar(
            names,
            heights,
            bottom=bottom,
            label=corpus,
            hatch=_HATCHES[position % len(_HATCHES)],
            color=str(0.5 + 0.14 * (position % 4)),
            edgecolor="black",
        )
        bottom = [below + height for below, height in zip(bottom, heights, strict=True)]
    for name, total in zip(names, bottom, strict=True):
        axes.annotate(str(total), (name, total), ha="center", va="bottom")
    axes.set(ylabel="clips", title=f"{len(clips):,} clips by emotion")
    axes.legend()
    return figure
