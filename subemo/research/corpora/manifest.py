"""A table of clips: ``path,emotion[,speaker][,start,end]``."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from ...core.errors import CorpusError
from ...core.tables import cell_text
from .base import Corpus, Entry

_REQUIRED = {"path", "emotion"}
_KNOWN = _REQUIRED | {"speaker", "start", "end", "sex", "statement", "intensity", "corpus"}


class Manifest(Corpus):
    """A CSV file; paths are relative to its folder, times are in seconds."""

    name = "manifest"

    def fits(self, root: Path) -> bool:
        """Whether *root* is a CSV file."""
        return root.is_file() and root.suffix.lower() == ".csv"

    def entries(self, root: Path) -> Iterator[Entry]:
        """See `Corpus.entries`."""
        for line, row in read_table(root, required=_REQUIRED, known=_KNOWN):
            path = root.parent / row["path"]
            if not path.is_file():
                raise CorpusError(f"line {line}: no such file: {row['path']}", path=root)
            start_ms, end_ms = read_interval(root, line, row)
            yield Entry(
                path,
                row["emotion"],
                speaker=row.get("speaker") or None,
                sex=row.get("sex") or None,
                statement=row.get("statement") or None,
                intensity=row.get("intensity") or None,
                start_ms=start_ms,
                end_ms=end_ms,
                line=line,
            )


def read_table(
    path: Path, *, required: set[str], known: set[str]
) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a CSV file with a header, each with its line number.

    An apostrophe that protects a cell in spreadsheets is removed.

    Args:
        path: the file
        required: required columns
        known: all allowed columns

    Raises:
        CorpusError: if the header is not as expected, or the file is not text
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, skipinitialspace=True)
            columns = {name.strip() for name in reader.fieldnames or ()}
            if not required <= columns <= known:
                raise CorpusError(
                    f"line 1: the header is {','.join(reader.fieldnames or ()) or 'empty'!r}",
                    path=path,
                    remedy=f"The header needs {', '.join(sorted(required))} and may have "
                    f"{', '.join(sorted(known - required))}.",
                )
            for row in reader:
                if None in row or None in row.values():
                    raise CorpusError(
                        f"line {reader.line_num}: the number of fields differs from the header",
                        path=path,
                    )
                yield reader.line_num, {key.strip(): cell_text(row[key].strip()) for key in row}
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CorpusError(f"cannot be read as CSV ({error})", path=path) from error


def read_interval(
    path: Path, line: int, row: dict[str, str]
) -> tuple[int, int] | tuple[None, None]:
    """Reads the columns ``start`` and ``end`` of a row (seconds) in milliseconds.

    Raises:
        CorpusError: if they are not times, or the interval is empty
    """
    start, end = row.get("start", ""), row.get("end", "")
    if not start and not end:
        return None, None
    try:
        start_ms, end_ms = (round(float(text) * 1000) for text in (start, end))
    except (ValueError, OverflowError) as error:
        raise CorpusError(
            f"line {line}: {start!r} and {end!r} are not times",
            path=path,
            remedy="Give both in seconds, for example 12.5.",
        ) from error
    if not 0 <= start_ms < end_ms:
        raise CorpusError(f"line {line}: the interval {start} to {end} is empty", path=path)
    return start_ms, end_ms


CORPUS = Manifest()
