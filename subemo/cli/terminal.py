"""Progress bars, tables and lines for a terminal, free of escape sequences from files."""

from __future__ import annotations

import io
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING

import click

from ..core.emotions import EMOTIONS
from ..core.printable import counted, number_text, plain
from ..core.progress import OnStep, Step, ignore
from ..core.times import HOUR_MS, clock
from .command import in_options

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from ..batch import BatchStatus, Outcome
    from ..captions.check import Check
    from ..core.emotions import Prediction
    from ..tagging.annotation import AnnotatedFilm


#: How often the films in progress are looked at, in seconds.
_LOOK_EVERY_S = 0.3

#: The width of a table in a pipe, and the rows of the largest that is folded to its width:
#: rich takes a millisecond for each.
_PIPE_WIDTH, _MOST_WRAPPED = 160, 1_000


def complain(kind: str, *texts: str) -> None:
    """Prints lines to standard error, without terminal control sequences.

    Parameters that a text names are shown as options, see `in_options`.

    Args:
        kind: ``error``, ``warning`` or ``note``
        texts: the messages
    """
    for text in texts:
        click.echo(f"subemo: {kind}: {plain(in_options(text))}", err=True)


@contextmanager
def progress(*, notes: bool = False) -> Iterator[OnStep]:
    """A progress bar on standard error if that is a terminal.

    Args:
        notes: whether intermediate results are printed, also without a terminal
    """
    if not sys.stderr.isatty():
        yield _print_notes if notes else ignore
        return
    with _bars() as bars:
        tasks = {}

        def show(step: Step) -> None:
            if step.stage not in tasks:
                tasks[step.stage] = bars.add_task(step.stage, total=step.total)
            bars.update(tasks[step.stage], completed=step.done)
            if notes and step.note:
                bars.console.print(f"{step.stage}: {step.note}", markup=False, highlight=False)

        yield show


def _print_notes(step: Step) -> None:
    if step.note:
        print(f"{step.stage}: {step.note}", file=sys.stderr, flush=True)


def cue_lines(annotation: AnnotatedFilm) -> Iterator[str]:
    """One line a cue: its time, its tag or why it has none, and its text."""
    for cue in annotation.cues:
        decision = cue.decision
        shown = plain(cue.tag_text or "-").strip("·")
        why = f"{decision.reason}: {decision.detail}" if decision.detail else decision.reason
        remedy = f"; {decision.remedy}" if decision.remedy else ""
        yield f"{clock(cue.start_ms)}  {shown:<13} {plain(cue.styled_text.plain)}  ({why}{remedy})".rstrip()


@contextmanager
def batch_progress(films: int, status: BatchStatus) -> Iterator[Callable[[Outcome], None]]:
    """A bar for all films, one for each in progress, and a line for each finished film.

    Args:
        films: number of films
        status: the films in progress
    """
    if not sys.stderr.isatty():
        yield lambda outcome: print(_outcome_line(outcome), file=sys.stderr, flush=True)
        return
    with _bars(counts=True) as bars:
        task = bars.add_task("films", total=films)

        def show(outcome: Outcome) -> None:
            bars.advance(task)
            bars.console.print(_outcome_line(outcome), markup=False, highlight=False)

        with _watched(status, bars):
            yield show


def _bars(*, counts: bool = False) -> Progress:
    """Bars on standard error, removed at the end, with shares or counts on their right."""
    from rich import progress
    from rich.console import Console

    return progress.Progress(
        progress.TextColumn("{task.description}", markup=False),
        progress.BarColumn(),
        progress.MofNCompleteColumn() if counts else progress.TaskProgressColumn(),
        progress.TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )


@contextmanager
def _watched(status: BatchStatus, bars: Progress) -> Iterator[None]:
    """While the block runs, a thread adds a bar for each film in progress, and removes it."""
    ended = Event()
    tasks: dict[str, TaskID] = {}

    def watch() -> None:
        while not ended.wait(_LOOK_EVERY_S):
            running = {one.video: one.step for one in status.running()}
            for gone in tasks.keys() - running.keys():
                bars.remove_task(tasks.pop(gone))
            for video, step in running.items():
                if video not in tasks:
                    tasks[video] = bars.add_task("", total=None)
                name = plain(f"{Path(video).name}: {step.stage}")
                # The container's duration may be slightly shorter than the sound.
                total = None if step.total is None else max(step.total, 1)
                bars.update(tasks[video], description=name, total=total, completed=step.done)

    thread = Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _outcome_line(outcome: Outcome) -> str:
    reason = outcome.reason if outcome.status == "failed" else f"{outcome.tagged} tags"
    name = str(outcome.video)
    # Most reasons already start with the film's name.
    return plain(f"{outcome.status}: {reason if reason.startswith(name) else f'{name}: {reason}'}")


def outcomes_table(outcomes: Sequence[Outcome]) -> str:
    """Counts of films by outcome, and the reason of each failure."""
    counts = Counter(outcome.status for outcome in outcomes)
    hours = sum(o.duration_ms or 0 for o in outcomes) / HOUR_MS
    rows = [
        *((f"{count:,}", f"films {status.value}") for status, count in sorted(counts.items())),
        (f"{sum(o.cues for o in outcomes):,}", "cues"),
        (f"{sum(o.tagged for o in outcomes):,}", "tags"),
        (f"{hours:.1f}", "hours of film"),
    ]
    # Below the table, where lines are not wrapped and can be searched by film.
    failed = sorted(_outcome_line(outcome) for outcome in outcomes if outcome.status == "failed")
    return "\n".join([*failed, table((">", ""), rows)])


def violations_table(found: Check) -> str:
    """The cues that break a limit, one row each."""
    rows = (
        (
            str(one.cue.line),
            clock(one.cue.start_ms),
            one.violation.limit.value,
            number_text(one.violation.value),
            number_text(one.violation.allowed),
            "yes" if one.by_tag else "",
        )
        for one in found.violations
    )
    return table(("line", "time", "limit", ">value", ">allowed", "caused by the tag"), rows)


def written_line(*paths: Path) -> str:
    """The files that were written, on one line, with names that are safe to show."""
    return f"Written: {', '.join(plain(str(path)) for path in paths)}"


def summary(annotation: AnnotatedFilm, seconds: float) -> str:
    """The results for a film as a short table."""
    return table(("", ">"), _summary(annotation, seconds))


def _summary(annotation: AnnotatedFilm, seconds: float) -> Iterator[tuple[str, str]]:
    tagged = {cue.decision.tag for cue in annotation.tagged}
    counts = sorted(annotation.counts().items(), key=lambda item: -item[1])
    yield "cues", str(len(annotation.cues))
    yield "tagged", str(len(annotation.tagged))
    yield from ((f"  {name}", str(count)) for name, count in counts if name in tagged)
    yield "untagged", str(len(annotation.cues) - len(annotation.tagged))
    yield from ((f"  {name}", str(count)) for name, count in counts if name not in tagged)
    for choice, more in annotation.more_tags.items():
        yield in_options(f"more tags with `{choice}`"), str(more)
    if annotation.sound_cues:
        yield "sounds between cues", str(len(annotation.sound_cues))
    if annotation.transcriber is not None:
        yield "words", f"transcribed by {annotation.transcriber}"
    if annotation.spoken_language is not None:
        yield "spoken language", annotation.spoken_language
    if annotation.audio_track:
        yield "audio track", annotation.audio_track
    if annotation.channels != "all":
        yield "channel", annotation.channels
    yield "model", annotation.model
    if annotation.witness is not None:
        yield "text model", annotation.witness
    adapted = "the training data"
    if annotation.adaptation != "none":
        adapted = f"this film's {counted(annotation.adapted_on, 'cue')} with enough sound"
    yield "adapted to", adapted
    speed = annotation.duration_ms and annotation.duration_ms / 1000 / seconds
    yield "seconds", f"{seconds:.2f} ({speed:.0f} × real time)" if speed else f"{seconds:.2f}"


def prediction_table(results: Sequence[tuple[Path, Prediction | None]]) -> str:
    """A table of each file's emotion and all eight probabilities."""
    rows = (
        (str(path), "too little sound")
        if found is None
        else (str(path), found.emotion.value, *(f"{share:.2f}" for share in found.probabilities))
        for path, found in results
    )
    return table(("file", "emotion", *(f">{emotion.value}" for emotion in EMOTIONS)), rows)


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table as plain text, wrapped to the terminal's width, unwrapped in a pipe.

    Args:
        columns: their titles; one that begins with ``>`` is aligned to the right
        rows: their cells
    """
    from rich.cells import cell_len

    titles = [name.removeprefix(">") for name in columns]
    cells = [
        [plain(cell) for cell in (*row, *[""] * (len(titles) - len(row)))]
        for row in ([titles, *rows] if any(titles) else rows)
    ]
    widths = [max(map(cell_len, column)) for column in zip(*cells, strict=True)]
    if len(cells) <= _MOST_WRAPPED and sum(widths) + 2 * len(widths) - 2 > _width():
        return _wrapped(columns, cells[1:] if any(titles) else cells)

    def placed(cell: str, name: str, width: int) -> str:
        if name.startswith(">"):
            return " " * (width - cell_len(cell.rstrip())) + cell.rstrip()
        return cell + " " * (width - cell_len(cell))

    lines = ("  ".join(map(placed, row, columns, widths)).rstrip() for row in cells)
    return "\n".join(lines).rstrip()


def _width() -> int:
    """The terminal's width; in a pipe one that few tables exceed."""
    if not sys.stdout.isatty():
        return _PIPE_WIDTH
    from rich.console import Console

    return Console().width


def _wrapped(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table whose cells are folded to the terminal's width."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    titles = [name.removeprefix(">") for name in columns]
    grid = Table(box=None, pad_edge=False, show_header=any(titles))
    for name, title in zip(columns, titles, strict=True):
        grid.add_column(title, justify="left" if name == title else "right", overflow="fold")
    for row in rows:
        grid.add_row(*map(Text, row))
    text = io.StringIO()
    Console(file=text, width=_width(), color_system=None).print(grid)
    return "\n".join(line.rstrip() for line in text.getvalue().rstrip().splitlines())
