"""CSV tables in which a spreadsheet finds no formulas.

A spreadsheet treats a cell that begins with ``=`` as a formula, and some
formulas run programs or fetch pages; quoting does not help. A file name may
begin like that. OWASP ("CSV Injection") recommends a leading apostrophe.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

#: Characters that begin a formula, including full-width forms.
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")


def cell(text: object) -> str:
    """User text as a cell, with a leading apostrophe if it could be a formula.

    >>> cell("=1+1"), cell("film.mp4"), cell("'=1")
    ("'=1+1", 'film.mp4', "''=1")
    """
    written = str(text)
    return f"'{written}" if _FORMULA.match(written) else written


def cell_text(written: str) -> str:
    """The inverse of `cell`.

    >>> cell_text("'=1+1"), cell_text("'tis")
    ('=1+1', "'tis")
    """
    return written[1:] if written.startswith("'") and _FORMULA.match(written) else written


def csv_table(rows: Iterable[Sequence[object]]) -> str:
    """A table as CSV: numbers unchanged, texts through `cell`."""
    text = io.StringIO()
    plain = csv.writer(text, lineterminator="\n")
    quoted = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL)
    for row in rows:
        cells = [cell(value) if isinstance(value, str) else value for value in row]
        # Before Python 3.13 the csv module does not quote carriage returns.
        has_return = any("\r" in value for value in cells if isinstance(value, str))
        (quoted if has_return else plain).writerow(cells)
    return text.getvalue()
