"""Writes a table of features as CSV or Parquet."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np

from ...core.emotions import EMOTIONS
from ...core.errors import MissingExtraError, OutputError
from ...core.tables import cell
from . import augmentation as augment
from .table import FeatureTable


def table_form(path: Path) -> str:
    """``csv`` or ``parquet``, by the file name's suffix.

    Raises:
        OutputError: for any other suffix
        MissingExtraError: for Parquet if pyarrow is not installed
    """
    form = path.suffix.lower().removeprefix(".")
    if form not in ("csv", "parquet"):
        raise OutputError("the table's name must end in .csv or .parquet", path=path)
    if form == "parquet":
        try:
            import pyarrow.parquet  # noqa: F401
        except ImportError as error:
            raise MissingExtraError.of("pyarrow", "parquet") from error
    return form


def encode_table(table: FeatureTable, form: str) -> bytes:
    """The whole file: Appendix 9's columns 0 to 161 and labels, then clip and version.

    Args:
        table: the table
        form: ``csv`` or ``parquet``
    """
    names = [str(column) for column in range(table.rows.shape[1])]
    labels = [EMOTIONS[label].value for label in table.labels]
    keys = [table.clips[clip].key for clip in table.clip_of]
    versions = [augment.VERSIONS[version] for version in table.version_of]
    if form == "parquet":
        import pyarrow as pa
        import pyarrow.parquet as pq

        columns = {name: table.rows[:, i] for i, name in enumerate(names)}
        content = pa.table({**columns, "labels": labels, "clip": keys, "version": versions})
        sink = io.BytesIO()
        pq.write_table(content, sink)
        return sink.getvalue()
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*names, "labels", "clip", "version"])
    for row, label, key, version in zip(table.rows, labels, keys, versions, strict=True):
        # The shortest digits that round-trip a float32.
        writer.writerow(
            [*(np.format_float_scientific(v, trim="-") for v in row), label, cell(key), version]
        )
    return text.getvalue().encode()
