"""`subemo corpus`, `features`, `clips` and `plot`: labelled clips."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Literal

import click

from ...core.emotions import EMOTIONS
from ...core.files import check_writable, write_atomically
from ...research.corpora import Clip, read_corpora
from ..command import Options, argument, command, flag, option
from ..options import picture_form
from ..terminal import complain, progress, written_line
from ..terminal import table as text_table

LAYOUT = partial(
    option,
    "Layout of the clips: that of a corpus, or a pattern of paths such as "
    "'{speaker}/{emotion}/*'.  [default: detected]",
    "--corpus",
    metavar="NAME|PATTERN",
)
IGNORE = partial(option, "Leave out clips with this label; may be repeated.", metavar="LABEL")


class _CorpusOptions(Options):
    roots: tuple[Path, ...] = argument(metavar="DIR...")
    layout: str | None = LAYOUT()
    ignore: tuple[str, ...] = IGNORE()
    table: Path | None = option("Also write the combined table to this file.", metavar="CSV")
    plot: Path | None = option("Also plot the clips by emotion to this file.", metavar="PNG|SVG")
    overwrite: bool = flag("Replace existing files.")


@command()
def corpus(options: _CorpusOptions) -> None:
    """Summarise clips by emotion, speaker and corpus."""
    from ...render.canvas import render
    from ...research.corpora.layouts import combined_table
    from ...research.plots.report import distribution

    table, plot = options.table, options.plot
    for target in filter(None, (table, plot)):
        check_writable(target, inputs=options.roots, overwrite=options.overwrite)
    form = picture_form(plot) if plot else ""
    reading = read_corpora(options.roots, corpus=options.layout, ignore=options.ignore)
    for label, count in reading.ignored.items():
        complain("warning", f"{count} clips labelled {label} left out (--ignore)")
    click.echo(_summary(reading.clips))
    if table is not None:
        content = combined_table(reading.clips).encode()
        write_atomically(table, content, overwrite=options.overwrite)
        click.echo(written_line(table))
    if plot is not None:
        picture = render(distribution(reading.clips), form)
        write_atomically(plot, picture, overwrite=options.overwrite)
        click.echo(written_line(plot))


def _summary(clips: Sequence[Clip]) -> str:
    """Counts of clips and speakers by emotion and corpus."""
    corpora = sorted({clip.corpus for clip in clips})
    columns = [[clip for clip in clips if clip.corpus == name] for name in corpora]
    columns.append(list(clips))
    speakers = [{clip.speaker for clip in column if clip.speaker} for column in columns]
    rows = [
        *(
            (emotion.value, *(str(sum(clip.emotion is emotion for clip in one)) for one in columns))
            for emotion in EMOTIONS
        ),
        ("clips", *(f"{len(column):,}" for column in columns)),
        ("speakers", *(str(len(names)) for names in speakers)),
    ]
    return text_table(("", *(f">{name}" for name in (*corpora, "all"))), rows)


class _FeatureOptions(Options):
    roots: tuple[Path, ...] = argument(metavar="DIR...")
    layout: str | None = LAYOUT()
    ignore: tuple[str, ...] = IGNORE()
    output: Path = option("Output file.", "-o", metavar="CSV|PARQUET", required=True)
    versions: Literal["1", "4"] = option(
        "Versions of each clip; 4 adds the report's augmentations.", default="4"
    )
    cache: Path = option(
        "Folder for cached features; an interrupted run resumes from it.",
        metavar="DIR",
        default=Path("runs/features"),
    )
    overwrite: bool = flag("Replace an existing output.")


@command()
def features(options: _FeatureOptions) -> None:
    """Write the feature table of the 2024 report (Davies and Chen).

    It has 162 feature columns and the label.
    """
    from ...core.cache import Cache
    from ...features import ReportFeatures
    from ...research.datasets.features import build_table, encode_table, table_form

    form = table_form(options.output)
    check_writable(options.output, inputs=options.roots, overwrite=options.overwrite)
    reading = read_corpora(options.roots, corpus=options.layout, ignore=options.ignore)
    with progress() as on_step:
        table = build_table(
            reading.clips,
            features=ReportFeatures(),
            cache=Cache(options.cache),
            versions=int(options.versions),
            on_step=on_step,
        )
    write_atomically(options.output, encode_table(table, form), overwrite=options.overwrite)
    click.echo(f"{written_line(options.output)}, {len(table.rows):,} rows")


class _CutOptions(Options):
    video: Path = argument()
    labels: Path = argument()
    output: Path = option("Folder for the clips.", "-o", metavar="DIR", required=True)
    ignore: tuple[str, ...] = IGNORE()
    overwrite: bool = flag("Replace existing clips.")


@command()
def clips(options: _CutOptions) -> None:
    """Cut VIDEO into clips at the segments listed in LABELS.

    LABELS is a CSV file with the columns start, end, emotion and, optionally, speaker.
    """
    from ...research.datasets.cutting import cut_clips
    from ...research.evaluation.sets import read_labels

    video, output = options.video, options.output
    stretches = read_labels(options.labels, video, ignore=options.ignore)
    written = list(cut_clips(video, stretches, output, overwrite=options.overwrite))
    click.echo(f"Written: {len(written)} clips to {output}")


class _PlotOptions(Options):
    kind: Literal["waveform", "spectrogram", "augmentations"] = argument()
    clip: Path = argument()
    output: Path | None = option("Output file.  [default: CLIP.KIND.png]", "-o", metavar="PNG|SVG")
    overwrite: bool = flag("Replace an existing output.")


@command()
def plot(options: _PlotOptions) -> None:
    """Plot the waveform, spectrogram or augmentations of CLIP."""
    import numpy as np

    from ...features import ReportFeatures
    from ...media.audio import load
    from ...render.canvas import name_in_title, render
    from ...research.datasets.clips import VERSIONS, augmented
    from ...research.plots import report as pictures

    kind, clip = options.kind, options.clip
    target = options.output or clip.with_name(f"{clip.stem}.{kind}.png")
    form = picture_form(target)
    check_writable(target, inputs=[clip], overwrite=options.overwrite)
    rate = ReportFeatures().sample_rate
    samples = load(clip, sample_rate=rate)
    if kind == "waveform":
        figure = pictures.waveform(samples, rate, title=name_in_title(clip))
    elif kind == "spectrogram":
        figure = pictures.spectrogram(samples, rate, title=name_in_title(clip))
    else:
        versions = list(augmented(samples, rate, np.random.default_rng(0)))
        figure = pictures.augmentations(versions, VERSIONS, rate, title=name_in_title(clip))
    write_atomically(target, render(figure, form), overwrite=options.overwrite)
    click.echo(written_line(target))
