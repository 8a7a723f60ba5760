"""Pages of results in the studio's design: one file each, light or dark as the reader's screen is."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import asdict
from html import escape
from typing import Any

from ..render.canvas import DARK, LIGHT, Theme, render

#: What draws a picture in a theme.
Drawing = Callable[[Theme], Any]


def picture(draw: Drawing, text: str) -> str:
    """A figure, drawn for light and for dark screens.

    Args:
        draw: what draws it
        text: what it shows, which stands below it, too
    """
    light, dark = (
        f"data:image/svg+xml;base64,{base64.b64encode(render(draw(theme), 'svg')).decode()}"
        for theme in (LIGHT, DARK)
    )
    return (
        f'<figure><picture><source media="(prefers-color-scheme: dark)" srcset="{dark}">'
        f'<img alt="{escape(text)}" src="{light}"></picture>'
        f"<figcaption>{escape(text)}</figcaption></figure>"
    )


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A table, its first column of names, the others of numbers."""
    heads = "".join(f'<th scope="col">{escape(name)}</th>' for name in head)
    body = "".join(
        f'<tr><th scope="row">{escape(str(first))}</th>'
        f"{''.join(f'<td>{escape(str(cell))}</td>' for cell in rest)}</tr>"
        for first, *rest in rows
    )
    return (
        f'<div class="scrolled" tabindex="0"><table><thead><tr>{heads}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def figures(numbers: Sequence[tuple[str, str, str]]) -> str:
    """The numbers that matter most, large.

    Args:
        numbers: what each is, its value, and its interval
    """
    cards = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(value)} <small>{escape(interval)}</small></dd></div>"
        for name, value, interval in numbers
    )
    return f'<dl class="figures">{cards}</dl>'


def section(title: str, *parts: str) -> str:
    """A part of a page; the parts are HTML already."""
    return f"<section><h2>{escape(title)}</h2>{''.join(parts)}</section>"


def beside(*parts: str, columns: int = 2) -> str:
    """Parts side by side, two or three, where there is room."""
    return f'<div class="beside{" three" if columns > 2 else ""}">{"".join(parts)}</div>'


def paragraph(text: str) -> str:
    """A text."""
    return f"<p>{escape(text)}</p>"


def page(title: str, *parts: str) -> str:
    """A whole page, which loads nothing.

    Args:
        title: of it
        parts: HTML
    """
    return _PAGE.format(
        title=escape(title), light=_variables(LIGHT), dark=_variables(DARK), parts="".join(parts)
    )


def _variables(theme: Theme) -> str:
    return " ".join(
        f"--{name}: {value};" for name, value in asdict(theme).items() if name != "is_light"
    )


_PAGE = """\
<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<style>
:root {{ color-scheme: light dark; {light} }}
@media (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}
* {{ box-sizing: border-box; }}
body {{ margin: 0 auto; padding: 32px 24px 64px; max-width: 76rem; background: var(--ground); color: var(--ink);
  font: 0.9375rem/1.5 "Inter", system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }}
h1 {{ font-size: 1.625rem; font-weight: 650; letter-spacing: -.01em; margin: 0 0 4px; overflow-wrap: anywhere; }}
h2 {{ font-size: 1.125rem; font-weight: 650; margin: 0 0 12px; }}
p {{ margin: 0 0 12px; max-width: 46rem; color: var(--soft); }}
section {{ background: var(--panel); border: 1px solid var(--line); border-radius: 14px; padding: 20px 24px; margin: 16px 0; }}
.figures {{ display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: 16px 24px; margin: 16px 0; }}
.figures div {{ border-top: 3px solid var(--accent); padding-top: 8px; }}
.figures dt {{ color: var(--soft); font-size: .8125rem; }}
.figures dd {{ margin: 0; font-size: 1.375rem; font-weight: 650; font-variant-numeric: tabular-nums; }}
.figures small {{ display: block; font-size: .8125rem; font-weight: 400; color: var(--soft); }}
.beside {{ display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 16px; margin: 16px 0; }}
.three {{ grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); }}
.beside section {{ margin: 0; height: 100%; }}
figure {{ margin: 0; }} img {{ display: block; max-width: 100%; height: auto; margin: 0 auto 8px; }}
figcaption {{ color: var(--soft); font-size: .8125rem; }}
.scrolled {{ overflow-x: auto; }}
table {{ border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }}
th, td {{ padding: 6px 16px 6px 0; text-align: left; border-bottom: 1px solid var(--line); white-space: nowrap; }}
thead th {{ color: var(--soft); font-size: .8125rem; font-weight: 550; }}
tbody th {{ font-weight: 500; }} td {{ text-align: right; }} thead th:not(:first-child) {{ text-align: right; }}
:focus-visible {{ outline: 2px solid var(--accent); outline-offset: 2px; }}
@media print {{ body {{ background: none; }} section {{ break-inside: avoid; }} }}
</style></head><body>
<main>
<h1>{title}</h1>
{parts}
</main>
</body></html>
"""
