"""Runs `subemo check`."""

from __future__ import annotations

import csv
import io

import click

from ....core.files import check_writable, write_atomically
from ....core.printable import counted, number_text
from ....formats.check import Check, check_file
from ....tagging.languages import language_of
from ....tagging.layout import TagStyle
from ....tagging.presets import PRESETS
from ....tagging.vocabulary import vocabulary_of
from ...options import EXIT_FAILURE
from ...terminal import violations_table
from ..option_groups import CheckOptions, PolicyOptions
from .inputs import named


def run(options: CheckOptions, limits: PolicyOptions) -> int:
    """Lists the cues that break reading limits, and returns the exit code.

    Args:
        options: the file and how violations are reported
        limits: the reading limits

    Raises:
        SubemoError: or a subclass, with a message for the user
    """
    file, table = options.file, options.table
    if table is not None:
        check_writable(table, inputs=named(file, limits.file), overwrite=options.overwrite)
    policy = limits.policy()
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
    return EXIT_FAILURE if options.strict and found.violations else 0


def _csv(found: Check) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["state", "cue", "line", "start", "end", "limit", "value", "allowed", "by_tag"])
    for state, violations in (("before", found.before), ("after", found.violations)):
        for one in violations:
            cue, broken = one.cue, one.violation
            writer.writerow(
                [state, cue.index, cue.line, cue.start_ms, cue.end_ms, broken.limit.value,
                 number_text(broken.value), number_text(broken.allowed), "yes" if one.by_tag else "no"]
            )  # fmt: skip
    return text.getvalue()
