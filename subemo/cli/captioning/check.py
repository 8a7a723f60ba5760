"""`subemo check`."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..options import (
    EXIT_FAILURE,
    PATH,
    debug_option,
    encoding_option,
    overwrite_option,
    policy_of,
    policy_options,
)

if TYPE_CHECKING:
    from ...formats.check import Check


@click.command()
@click.argument("file", type=PATH)
@click.option(
    "--language", metavar="CODE", help="Of the subtitles.  [default: by their name, else en]"
)
@click.option("--csv", "table", type=PATH, metavar="FILE", help="Write a table, too.")
@click.option("--strict", is_flag=True, help="Fail if anything breaks a limit.")
@policy_options("audience", "chars_per_second", "chars_per_line", "max_lines")
@encoding_option
@overwrite_option
@debug_option
def check(
    file: Path,
    language: str | None,
    table: Path | None,
    strict: bool,
    config: Path | None,
    encoding: str | None,
    overwrite: bool,
    **limits: Any,
) -> int:
    """List what of the subtitles FILE cannot be read in time, with subemo's tags and without.

    The limits are those of Netflix's style guides: characters a second and a
    line, lines, shortest and longest stay, and the gap between subtitles.
    """
    from ...core.files import check_writable, write_atomically
    from ...formats.check import check_file
    from ...tagging.languages import language_of
    from ..terminal import findings_table

    if table is not None:
        check_writable(table, inputs=[file], overwrite=overwrite)
    policy = policy_of(config, limits)
    found = check_file(
        file, policy.limits(language or language_of(file) or "en"), encoding=encoding
    )
    if table is not None:
        write_atomically(table, _csv(found).encode(), overwrite=overwrite)
    if found.findings:
        click.echo(findings_table(found))
    by_tags = sum(finding.by_tag for finding in found.findings)
    click.echo(
        f"{found.cues} cues, {found.tags} of subemo's tags: {len(found.findings)} limits broken, "
        f"{len(found.before)} without the tags, {by_tags} by a tag alone."
    )
    return EXIT_FAILURE if strict and found.findings else 0


def _csv(found: Check) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["state", "cue", "line", "start", "end", "limit", "value", "allowed", "by_tag"])
    for state, findings in (("before", found.before), ("after", found.findings)):
        for one in findings:
            cue, broken = one.cue, one.violation
            writer.writerow(
                [state, cue.index, cue.line, cue.start_ms, cue.end_ms, broken.limit.value,
                 f"{broken.value:.4g}", f"{broken.allowed:g}", "yes" if one.by_tag else "no"]
            )  # fmt: skip
    return text.getvalue()
