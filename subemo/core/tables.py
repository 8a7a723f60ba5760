r"""CSV and TSV tables in which a spreadsheet finds no formulas.

A spreadsheet treats a cell that begins with ``=``, ``+``, ``-`` or ``@`` as a formula, and
some formulas run programs or fetch pages; quoting does not help. A file name or a cue may
begin like that. OWASP ("CSV Injection") recommends a leading apostrophe. A dialogue's dash
stays as it is, unless what follows is a formula, too: ``-cmd|' /C calc'!A0``.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence

#: What begins a formula, including full-width forms.
_OPENING = re.compile(r"[=+\-@\t\r\n＝＋－＠]")
#: The dash of a dialogue, with a word behind it.
_DASH = re.compile(r"[-－]\s*(?=[^\W\d_]|[^\x00-\x7f])")
#: Only names with operators between, or a call, a program, a cell of another sheet.
_FORMULA = re.compile(
    r"[\w.$]+(?:\s*[-+*/^&=<>:%]+\s*[\w.$]*)*\Z|.*(?:\w\(|\||[\w'\"]!\$?\w)", re.DOTALL
)
#: Escapes as in PostgreSQL's COPY and linear TSV, so that lines and cells stay intact.
_ESCAPES = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\0": "\\0"}
_UNESCAPES = {escaped: char for char, escaped in _ESCAPES.items()}


class Figure(str):
    """A number in digits of its own, which is no formula even if it is negative."""


def _is_formula(text: str) -> bool:
    if not _OPENING.match(text):
        return False
    dash = _DASH.match(text)
    if dash is None:
        return True
    words = text[dash.end() :]
    return len(words.split()) < 2 or _FORMULA.match(words) is not None


def cell(text: object) -> str:
    """User text as a cell, with a leading apostrophe if it could be a formula.

    >>> cell("=1+1"), cell("film.mp4"), cell("'=1"), cell("-1"), cell("- No, wait!")
    ("'=1+1", 'film.mp4', "''=1", "'-1", '- No, wait!')
    """
    written = str(text)
    return f"'{written}" if _is_formula(written.lstrip("'")) else written


def cell_text(written: str) -> str:
    """The inverse of `cell`.

    >>> cell_text("'=1+1"), cell_text("'tis")
    ('=1+1', "'tis")
    """
    bare = written.lstrip("'")
    return written[1:] if written != bare and _is_formula(bare) else written


def csv_table(rows: Iterable[Sequence[object]]) -> str:
    """A table as CSV: numbers and `Figure` unchanged, texts through `cell`."""
    text = io.StringIO()
    plain = csv.writer(text, lineterminator="\n")
    quoted = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL)
    for row in rows:
        cells = list(map(_shown, row))
        # Before Python 3.13 the csv module does not quote carriage returns.
        has_return = any("\r" in value for value in cells if isinstance(value, str))
        (quoted if has_return else plain).writerow(cells)
    return text.getvalue()


def tsv_table(rows: Iterable[Sequence[object]]) -> str:
    r"""A table as TSV, with ``\t`` and ``\n`` as escapes: numbers unchanged, texts through `cell`."""
    return "".join("\t".join(map(_escaped, row)) + "\n" for row in rows)


def tsv_rows(text: str) -> Iterator[dict[str, str]]:
    """The rows of a table of `tsv_table`, by the names in its first row."""
    lines = io.StringIO(text, newline="\n")
    for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
        yield {name: _unescaped(cell_text(value)) for name, value in row.items()}


def _shown(value: object) -> object:
    return cell(value) if isinstance(value, str) and not isinstance(value, Figure) else value


def _escaped(value: object) -> str:
    if not isinstance(value, str) or isinstance(value, Figure):
        return str(value)
    return cell("".join(_ESCAPES.get(char, char) for char in value))


def _unescaped(text: str) -> str:
    return re.sub(r"\\[\\tnr0]", lambda match: _UNESCAPES[match[0]], text)
