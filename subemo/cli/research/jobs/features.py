"""Runs `subemo features`."""

from __future__ import annotations

import click

from ....core.cache import Cache
from ....core.files import check_writable, write_atomically
from ....core.progress import Step
from ....features import ReportFeatures
from ....research.corpora import read_corpora
from ....research.datasets.features import build_table, encode_table, table_form
from ...terminal import progress
from ..option_groups import FeatureTableOptions


def run(options: FeatureTableOptions) -> None:
    """Writes the feature table of labelled clips.

    Raises:
        SubemoError: or a subclass, with a message for the user
    """
    form = table_form(options.output)
    check_writable(options.output, inputs=options.roots, overwrite=options.overwrite)
    reading = read_corpora(options.roots, corpus=options.layout, ignore=options.ignore)
    with progress() as on_step:
        table = build_table(
            reading.clips,
            features=ReportFeatures(),
            cache=Cache(options.cache),
            versions=int(options.versions),
            on_clip=lambda done: on_step(Step("features", done, len(reading.clips))),
        )
    write_atomically(options.output, encode_table(table, form), overwrite=options.overwrite)
    click.echo(f"Written: {options.output}, {len(table.rows):,} rows")
