"""The model card that a bundle carries: one outline, filled in from the bundle's own figures."""

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
    """What one model's card says in each part of the outline; fields stand in braces.

    Attributes:
        intro: what it is
        figures: what was measured, and how to read it
        training: what it learned from besides clips, licences, recipe
        use: what it is for
        limits: where it goes wrong
        values: the fields, by what the bundle's ``model.json`` says; every text
            has ``name`` and ``speakers`` besides
    """

    intro: str
    figures: str
    training: str
    use: str
    limits: str
    values: Callable[[Mapping[str, Any]], Mapping[str, object]]


def fill_card(card: CardText, description: Mapping[str, Any]) -> str:
    """A model's card.

    Args:
        card: its text
        description: what the bundle's `model.json` says
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
    """The figures that a bundle holds."""
    return [Figure(**figure) for figure in description["figures"]]


def rows_of_figures(description: Mapping[str, Any]) -> str:
    """The figures that a bundle holds, a row of a table each."""
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
    """Figures as a table: a row for each protocol, a column for each metric."""
    columns = list(dict.fromkeys(figure.metric for figure in figures))
    titles = [next(f.title for f in figures if f.metric == metric) for metric in columns]
    lines = [f"| protocol | clips | {' | '.join(titles)} |", "|---" * (len(columns) + 2) + "|"]
    for protocol in dict.fromkeys(figure.protocol for figure in figures):
        own = {figure.metric: figure for figure in figures if figure.protocol == protocol}
        cells = [own[metric].bare_percent if metric in own else "" for metric in columns]
        clips = max(figure.clips for figure in own.values())
        lines.append(f"| {protocol} | {clips:,} | {' | '.join(cells)} |")
    return "\n".join(lines)
