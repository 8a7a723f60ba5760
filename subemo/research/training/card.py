"""Model cards: an outline filled from a bundle's figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..evaluation.figures import Figure

_OUTLINE = """\
# {name}

{intro}

## Figures

{figures}

## Training data and licences

{corpora}

{training}

## Intended use

{use}

## Limits

{limits}
"""


@dataclass(frozen=True)
class CardText:
    """The text of a model card by section; fields are in braces.

    Attributes:
        intro: the model
        figures: the figures and how to read them
        training: further training data, licences, recipe
        use: intended use
        limits: limitations
        values: returns the fields from the content of ``model.json``; every text
            also has ``name`` and ``speakers``
    """

    intro: str
    figures: str
    training: str
    use: str
    limits: str
    values: Callable[[Mapping[str, Any]], Mapping[str, object]]


def fill_card(card: CardText, description: Mapping[str, Any]) -> str:
    """Fills in a model card.

    Args:
        card: its text
        description: the content of the bundle's `model.json`
    """
    corpora = description["training"]["corpora"]
    values = {
        "name": description["name"],
        "speakers": sum(counts["speakers"] for counts in corpora.values()),
        **card.values(description),
    }
    return _OUTLINE.format(
        name=description["name"],
        corpora=_corpora(corpora),
        **{
            part: getattr(card, part).format(**values)
            for part in ("intro", "figures", "training", "use", "limits")
        },
    )


def figures_of(description: Mapping[str, Any]) -> list[Figure]:
    """The figures in a bundle."""
    return [Figure(**figure) for figure in description["figures"]]


def rows_of_figures(description: Mapping[str, Any]) -> str:
    """The figures in a bundle as table rows."""
    return "\n".join(_row(figure) for figure in figures_of(description))


def _row(figure: Figure) -> str:
    return (
        f"| {figure.protocol} | {figure.metric} | {100 * figure.value:.1f} % "
        f"| {100 * figure.low:.1f} to {100 * figure.high:.1f} % "
        f"| {figure.clips:,} | {figure.interval} |"
    )


def _corpora(corpora: Mapping[str, Mapping[str, int]]) -> str:
    return "\n".join(
        f"- {name.upper()}: {counts['clips']:,} clips of {counts['speakers']} speakers"
        for name, counts in corpora.items()
    )


def figure_table(figures: Sequence[Figure]) -> str:
    """Figures as a table: one row per protocol, one column per metric."""
    columns = list(dict.fromkeys(figure.metric for figure in figures))
    titles = [next(f.title for f in figures if f.metric == metric) for metric in columns]
    lines = [f"| protocol | clips | {' | '.join(titles)} |", "|---" * (len(columns) + 2) + "|"]
    for protocol in dict.fromkeys(figure.protocol for figure in figures):
        own = {figure.metric: figure for figure in figures if figure.protocol == protocol}
        cells = [own[metric].bare_percent if metric in own else "" for metric in columns]
        clips = max(figure.clips for figure in own.values())
        lines.append(f"| {protocol} | {clips:,} | {' | '.join(cells)} |")
    return "\n".join(lines)
