"""Tables as CSV that a spreadsheet shows, and never computes.

A spreadsheet takes a cell that begins with ``=`` for a formula, and some
formulas run programs or fetch pages; quotes do not help. A film may be called
so. OWASP ("CSV Injection") advises an apostrophe in front.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

#: What a formula begins with, the full-width forms of Asian keyboards among them.
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")


def cell(text: object) -> str:
    """A text of the user's as a cell: an apostrophe in front where it could be a formula.

    >>> cell("=1+1"), cell("film.mp4"), cell("'=1")
    ("'=1+1", 'film.mp4', "''=1")
    """
    written = str(text)
    return f"'{written}" if _FORMULA.match(written) else written


def cell_text(written: str) -> str:
    """What `cell` was given.

    >>> cell_text("'=1+1"), cell_text("'tis")
    ('=1+1', "'tis")
    """
    return written[1:] if written.startswith("'") and _FORMULA.match(written) else written


def csv_table(rows: Iterable[Sequence[object]]) -> str:
    """A table as CSV; numbers are written as they are, texts as `cell` has them."""
    text = io.StringIO()
    plain = csv.writer(text, lineterminator="\n")
    quoted = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL)
    for row in rows:
        cells = [cell(value) if isinstance(value, str) else value for value in row]
        # Before Python 3.13 the module leaves a carriage return without quotes.
        has_return = any("\r" in value for value in cells if isinstance(value, str))
        (quoted if has_return else plain).writerow(cells)
    return text.getvalue()
