"""`subemo features`."""

from __future__ import annotations

from pathlib import Path

import click

from ..options import PATH, debug_option, ignore_option, layout_option


@click.command()
@click.argument("roots", type=PATH, nargs=-1, required=True, metavar="DIR...")
@layout_option
@ignore_option
@click.option("-o", "--output", type=PATH, metavar="CSV|PARQUET", required=True, help="The table.")
@click.option(
    "--versions",
    type=click.Choice(["1", "4"]),
    default="4",
    show_default=True,
    help="4 adds its augmentations.",
)
@click.option(
    "--cache",
    type=PATH,
    metavar="DIR",
    default=Path("runs/features"),
    show_default=True,
    help="What is computed is cached here; an interrupted run goes on from it.",
)
@click.option("--overwrite", is_flag=True, help="Replace the output if it exists.")
@debug_option
def features(
    roots: tuple[Path, ...],
    layout: str | None,
    ignore: tuple[str, ...],
    output: Path,
    versions: str,
    cache: Path,
    overwrite: bool,
) -> None:
    """Write the table of features of the 2024 report (Davies and Chen): 162 columns and the label."""
    from ...core.cache import Cache
    from ...core.files import check_writable, write_atomically
    from ...core.progress import Step
    from ...features import ReportFeatures
    from ...research.corpora import read_corpora
    from ...research.datasets.feature_export import encode_table, table_form
    from ...research.datasets.table import build_table
    from ..terminal import progress

    form = table_form(output)
    check_writable(output, inputs=roots, overwrite=overwrite)
    reading = read_corpora(roots, corpus=layout, ignore=ignore)
    with progress() as on_step:
        table = build_table(
            reading.clips,
            features=ReportFeatures(),
            cache=Cache(cache),
            versions=int(versions),
            on_clip=lambda done: on_step(Step("features", done, len(reading.clips))),
        )
    write_atomically(output, encode_table(table, form), overwrite=overwrite)
    click.echo(f"Written: {output}, {len(table.rows):,} rows")
