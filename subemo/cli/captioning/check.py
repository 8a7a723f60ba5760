"""`subemo check`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from ...captions.check import Check, check_file
from ...core.files import check_writable, write_atomically
from ...core.printable import counted, number_text
from ...core.tables import Figure, csv_table
from ...tagging.languages import language_of
from ...tagging.layout import TagStyle
from ...tagging.presets import PRESETS
from ...tagging.vocabulary import vocabulary_of
from ..command import argument, command, flag, option
from ..terminal import violations_table
from .options import PolicyOptions, SubtitleFileOptions, named

_LIMITS = (
    "preset", "audience", "chars_per_second", "chars_per_line", "max_lines", "most_added", "extend_ms",
)  # fmt: skip


class _CheckOptions(PolicyOptions, SubtitleFileOptions, only=_LIMITS):
    file: Path = argument()
    language: str | None = option(
        "Language of the subtitles.  [default: from their name, else en]", metavar="CODE"
    )
    table: Path | None = option("Also write the list as a CSV file.", "--csv")
    strict: bool = flag("Exit with 1 if any cue breaks a limit.")


@command()
def check(options: _CheckOptions) -> int:
    """List the cues of FILE that break reading limits.

    The limits are those of Netflix's style guides: characters per second and per
    line, number of lines, minimum and maximum duration, and the gap between
    subtitles. Each is checked with subemo's tags and without.
    """
    file, table = options.file, options.table
    if table is not None:
        inputs = named(file, options.settings_file)
        check_writable(table, inputs=inputs, overwrite=options.overwrite)
    policy = options.policy()
    language = options.language or language_of(file) or "en"
    words = vocabulary_of(language) or vocabulary_of("en")
    assert words is not None
    style = TagStyle(PRESETS[policy.preset], words, policy.limits(language), policy.most_added)
    found = check_file(file, style, encoding=options.encoding, extend_ms=policy.extend_ms)
    if table is not None:
        write_atomically(table, _csv(found).encode(), overwrite=options.overwrite)
    if found.violations:
        click.echo(violations_table(found))
    by_tags = sum(violation.by_tag for violation in found.violations)
    click.echo(
        f"{counted(found.cues, 'cue')}, {counted(found.tags, 'tag')} of subemo's: "
        f"{counted(len(found.violations), 'limit')} broken "
        f"({len(found.before)} without the tags, {by_tags} only because of a tag)."
    )
    now, extended = found.rooms
    more = (
        f"; `annotate --extend` would make room in {extended - now} more" if extended > now else ""
    )
    bare = counted(found.cues - found.tags, "cue")
    click.echo(f"{now} of {bare} without a tag have room for one{more}.")
    return int(options.strict and bool(found.violations))


def _csv(found: Check) -> str:
    rows: list[Sequence[object]] = [
        ("state", "cue", "line", "start", "end", "limit", "value", "allowed", "by_tag")
    ]
    for state, violations in (("before", found.before), ("after", found.violations)):
        for one in violations:
            cue, broken = one.cue, one.violation
            value, allowed = (Figure(number_text(of)) for of in (broken.value, broken.allowed))
            rows.append(
                (state, cue.index, cue.line, cue.start_ms, cue.end_ms, broken.limit.value,
                 value, allowed, "yes" if one.by_tag else "no")
            )  # fmt: skip
    return csv_table(rows)
