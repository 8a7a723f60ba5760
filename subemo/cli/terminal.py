"""Progress bars, tables and lines for a terminal, free of escape sequences from files."""

from __future__ import annotations

import io
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TaskID,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from ..core.emotions import EMOTIONS
from ..core.printable import counted, number_text, plain
from ..core.progress import OnStep, Step, ignore
from ..core.times import HOUR_MS, clock
from .options import in_options

if TYPE_CHECKING:
    from ..batch import BatchStatus, Outcome
    from ..core.prediction import Prediction
    from ..formats.check import Check
    from ..tagging.annotation import AnnotatedFilm


@contextmanager
def progress(*, notes: bool = False) -> Iterator[OnStep]:
    """A progress bar on standard error if that is a terminal.

    Args:
        notes: whether intermediate results are printed, also without a terminal
    """
    if not sys.stderr.isatty():
        yield _print_notes if notes else ignore
        return
    with _bars(TaskProgressColumn(), TimeRemainingColumn()) as bars:
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
    with _bars(MofNCompleteColumn(), TimeRemainingColumn()) as bars:
        task = bars.add_task("films", total=films)

        def show(outcome: Outcome) -> None:
            bars.advance(task)
            bars.console.print(_outcome_line(outcome), markup=False, highlight=False)

        with _repeatedly(_watcher(status, bars)):
            yield show


def _bars(*columns: ProgressColumn) -> Progress:
    """Bars on standard error, removed at the end, with *columns* on their right."""
    name = TextColumn("{task.description}", markup=False)
    return Progress(name, BarColumn(), *columns, console=Console(stderr=True), transient=True)


def _watcher(status: BatchStatus, bars: Progress) -> Callable[[], None]:
    """A function that adds a bar for each film in progress and removes those of the others."""
    tasks: dict[str, TaskID] = {}

    def look() -> None:
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

    return look


@contextmanager
def _repeatedly(look: Callable[[], None], *, every_s: float = 0.3) -> Iterator[None]:
    """Calls *look* repeatedly in a thread while the block runs."""
    ended = Event()

    def loop() -> None:
        while not ended.wait(every_s):
            look()

    thread = Thread(target=loop, daemon=True)
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
    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_column(justify="right")
    table.add_column()
    counts = Counter(outcome.status for outcome in outcomes)
    for status, count in sorted(counts.items()):
        table.add_row(f"{count:,}", f"films {status.value}")
    table.add_row(f"{sum(o.cues for o in outcomes):,}", "cues")
    table.add_row(f"{sum(o.tagged for o in outcomes):,}", "tags")
    hours = sum(o.duration_ms or 0 for o in outcomes) / HOUR_MS
    table.add_row(f"{hours:.1f}", "hours of film")
    # Below the table, where lines are not wrapped and can be searched by film.
    failed = sorted(_outcome_line(outcome) for outcome in outcomes if outcome.status == "failed")
    return "\n".join([*failed, rendered(table)])


def violations_table(found: Check) -> str:
    """The cues that break a limit, one row each."""
    table = Table(box=None, pad_edge=False)
    for name in ("line", "time", "limit"):
        table.add_column(name)
    for name in ("value", "allowed"):
        table.add_column(name, justify="right")
    table.add_column("caused by the tag")
    for one in found.violations:
        broken = one.violation
        table.add_row(
            str(one.cue.line),
            clock(one.cue.start_ms),
            broken.limit.value,
            number_text(broken.value),
            number_text(broken.allowed),
            "yes" if one.by_tag else "",
        )
    return rendered(table)


def summary(annotation: AnnotatedFilm, seconds: float) -> str:
    """The results for a film as a short table."""
    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_column()
    table.add_column(justify="right")
    table.add_row("cues", str(len(annotation.cues)))
    table.add_row("tagged", str(len(annotation.tagged)))
    tagged = {cue.decision.tag for cue in annotation.tagged}
    counts = sorted(annotation.counts().items(), key=lambda item: -item[1])
    for name, count in counts:
        if name in tagged:
            table.add_row(f"  {name}", str(count))
    table.add_row("untagged", str(len(annotation.cues) - len(annotation.tagged)))
    for name, count in counts:
        if name not in tagged:
            table.add_row(f"  {name}", str(count))
    for choice, more in annotation.more_tags.items():
        table.add_row(in_options(f"more tags with `{choice}`"), str(more))
    if annotation.sound_cues:
        table.add_row("sounds between cues", str(len(annotation.sound_cues)))
    speed = ""
    if annotation.duration_ms:
        speed = f" ({annotation.duration_ms / 1000 / seconds:.0f} × real time)"
    if annotation.transcriber is not None:
        table.add_row("words", f"transcribed by {annotation.transcriber}")
    if annotation.spoken_language is not None:
        table.add_row("spoken language", annotation.spoken_language)
    if annotation.audio_track:
        table.add_row("audio track", Text(annotation.audio_track))
    if annotation.channels != "all":
        table.add_row("channel", annotation.channels)
    table.add_row("model", annotation.model)
    if annotation.witness is not None:
        table.add_row("text model", annotation.witness)
    adapted = "the training data"
    if annotation.adaptation != "none":
        adapted = f"this film's {counted(annotation.adapted_on, 'cue')} with enough sound"
    table.add_row("adapted to", adapted)
    table.add_row("seconds", f"{seconds:.2f}{speed}")
    return rendered(table)


def prediction_table(results: Sequence[tuple[Path, Prediction | None]]) -> str:
    """A table of each file's emotion and all eight probabilities."""
    table = Table(box=None, pad_edge=False)
    table.add_column("file", overflow="fold")
    table.add_column("emotion")
    for emotion in EMOTIONS:
        table.add_column(emotion.value, justify="right")
    for path, prediction in results:
        if prediction is None:
            table.add_row(Text(plain(str(path))), "too little sound")
            continue
        probabilities = [f"{probability:.2f}" for probability in prediction.probabilities]
        table.add_row(Text(plain(str(path))), prediction.emotion.value, *probabilities)
    return rendered(table)


def rendered(table: Table) -> str:
    """The table as plain text, wrapped to the terminal's width, unwrapped in a pipe."""
    width = None if sys.stdout.isatty() else 160
    text = io.StringIO()
    Console(file=text, width=width, color_system=None).print(table)
    return "\n".join(line.rstrip() for line in text.getvalue().rstrip().splitlines())
