"""A plot of a film on paper: rows of its time, scenes, tags, and the confidence of each tag."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from ..core.emotions import EMOTIONS, Emotion
from ..core.sounds import Tag
from ..tagging.annotation import AnnotatedFilm
from ..tagging.colours import OKABE_ITO, Palette
from .canvas import LIGHT, Theme, check_figures, name_in_title, new_figure, text_width
from .moods import TaggedStretch, mood_line, scenes, tagged_stretches

#: A film up to this long is one row.
_ONE_ROW_MS = 4 * 60_000
_MOST_ROWS = 9
_MINUTE_MS = 60_000
#: How long a row may be, and how far its times are apart.
_ROWS = (
    (5 * _MINUTE_MS, 30_000), (10 * _MINUTE_MS, _MINUTE_MS), (15 * _MINUTE_MS, _MINUTE_MS),
    (20 * _MINUTE_MS, 2 * _MINUTE_MS), (30 * _MINUTE_MS, 2 * _MINUTE_MS), (60 * _MINUTE_MS, 5 * _MINUTE_MS),
)  # fmt: skip
_STEPS = (1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000)
_MOST_TICKS = 16

#: What stands for each mood where colour does not tell it; a sound or an effort is a cross.
MARKERS: Mapping[Tag, str] = MappingProxyType(
    {
        Emotion.NEUTRAL: "h", Emotion.CALM: "p", Emotion.HAPPY: "o", Emotion.SAD: "v",
        Emotion.ANGRY: "^", Emotion.FEAR: "D", Emotion.DISGUST: "s", Emotion.SURPRISE: "P",
    }
)  # fmt: skip
_OTHER = "X"
#: The figure's width, its margins, the heading, and the times below a row, in inches.
WIDTH, MARGIN, HEAD, TICKS = 12.0, 0.75, 1.2, 0.36
INNER = WIDTH - 2 * MARGIN
#: What a line of names is high, and what is between it and the row, in inches.
LANE, GAP = 0.17, 0.1

#: The number of lanes for names; the height of a row, from a confidence of 0 to one of 1, if it is
#: the only one and if there are more; the space below the last row. Heights are in inches.
_LANES, _ALONE, _AMONG, _FOOT = 3, 1.7, 0.97, 0.62
_TITLE_PT, _TEXT_PT, _SMALL_PT = 17.0, 10.0, 9.0
_POINTS = 800
#: The line is smoothed over this share of a row, but at least over this time.
_SMOOTHING, _LEAST_SMOOTHING_MS = 1 / 80, 1_200


@dataclass(frozen=True)
class Rows:
    """A film's time in rows of one length.

    Attributes:
        span_ms: of a row
        step_ms: between the times that are written under it
        count: how many there are
    """

    span_ms: int
    step_ms: int
    count: int

    def start_ms(self, row: int) -> int:
        """Where a row begins."""
        return row * self.span_ms


def rows_of(duration_ms: int) -> Rows:
    """The rows of a film.

    Args:
        duration_ms: of the film, 1 or more

    >>> rows_of(52_000), rows_of(2 * 3_600_000)
    (Rows(span_ms=52000, step_ms=5000, count=1), Rows(span_ms=900000, step_ms=60000, count=8))
    """
    if duration_ms <= _ONE_ROW_MS:
        step = next((s for s in _STEPS if duration_ms <= s * _MOST_TICKS), _STEPS[-1])
        return Rows(duration_ms, step, 1)
    for longest, step in _ROWS:
        count = -(-duration_ms // longest)
        if count <= _MOST_ROWS:
            # All of them alike, so that the last is no stump.
            return Rows(-(-duration_ms // (count * step)) * step, step, count)
    span = -(-duration_ms // (_MOST_ROWS * 10 * _MINUTE_MS)) * 10 * _MINUTE_MS
    return Rows(span, span // 10, -(-duration_ms // span))


def short_clock(ms: int) -> str:
    """A time as people write it.

    >>> short_clock(65_000), short_clock(3_600_000)
    ('1:05', '1:00:00')
    """
    hours, rest = divmod(round(ms / 1000), 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def in_words(ms: int) -> str:
    """A duration for a heading.

    >>> in_words(52_000), in_words(7_260_000)
    ('52 s', '2 h 1 min')
    """
    seconds = round(ms / 1000)
    if seconds < 120:
        return f"{seconds} s"
    minutes = round(seconds / 60)
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"


def lanes_of(
    wanted: Sequence[tuple[float, float]], *, left: float, right: float, lanes: int, gap: float
) -> list[tuple[int, float] | None]:
    """Where names stand so that none covers another.

    Each is put into the lowest lane in which it fits with its middle over its place, or moved a
    little to the inside at an end of the row.

    Args:
        wanted: the place and the width of each, by place
        left: where the row begins
        right: where it ends
        lanes: how many there are above each other
        gap: what is left free between two

    Returns:
        of each its lane, from 0, and where it begins; None where there is no room

    >>> lanes_of([(5, 4), (6, 4), (7, 4)], left=0, right=20, lanes=2, gap=1)
    [(0, 3.0), (1, 4.0), None]
    """
    free = [left] * lanes
    found: list[tuple[int, float] | None] = []
    for place, width in wanted:
        start = min(max(left, place - width / 2), right - width)
        lane = next((lane for lane, at in enumerate(free) if at <= start), None)
        if lane is None:
            found.append(None)
            continue
        free[lane] = start + width + gap
        found.append((lane, start))
    return found


@dataclass(frozen=True)
class Paper:
    """What is drawn on.

    Attributes:
        figure: of matplotlib
        height: of it, in inches
        rows: of the film
        unit: from a row's foot to a sureness of 1, in inches
        row: the height of a row with the names above it, without the times below it, in inches
        palette: the colours of emotions
        theme: all other colours
    """

    figure: Any
    height: float
    rows: Rows
    unit: float
    row: float
    palette: Palette
    theme: Theme = LIGHT

    def write(self, x: float, y: float, text: str, **how: Any) -> None:
        """Writes at so many inches from the left and from the top."""
        self.figure.text(x / WIDTH, 1 - y / self.height, text, **how)

    def span(self, row: int) -> tuple[int, int]:
        """When a row begins and ends, in milliseconds."""
        start_ms = self.rows.start_ms(row)
        return start_ms, start_ms + self.rows.span_ms

    def axes_of(self, row: int) -> Any:
        """Axes over a row, its names and its times: milliseconds, and shares upwards."""
        top = HEAD + row * (self.row + TICKS)
        axes = self.axes(MARGIN, top, INNER, self.row + TICKS)
        axes.set(xlim=self.span(row), ylim=(-TICKS / self.unit, self.row / self.unit))
        return axes

    def axes(self, left: float, top: float, width: float, height: float) -> Any:
        """Axes without a frame, placed in inches from the left and from the top."""
        place = (
            left / WIDTH,
            1 - (top + height) / self.height,
            width / WIDTH,
            height / self.height,
        )
        axes = self.figure.add_axes(place)
        axes.set_axis_off()
        return axes


def mark(axes: Any, x: float, y: float, tag: Tag, paper: Paper, *, size: float) -> None:
    """What stands for a tag, *size* square points large."""
    axes.scatter(
        [x], [y], s=size, marker=MARKERS.get(tag, _OTHER), color=paper.theme.fill(paper.palette, tag),
        edgecolors=paper.theme.ink, linewidths=0.9, zorder=4, clip_on=False,
    )  # fmt: skip


def film_plot(annotation: AnnotatedFilm, *, colours: Palette | None = None) -> Any:
    """Plots the film from left to right, a long one in several rows.

    Each tag has its name above it and a mark with the shape and colour of its emotion; the mark's
    height is the model's confidence in the tagged cue. The line is the probability that the voices
    are not neutral, smoothed, filled with the colour of the likeliest emotion. Scenes are shaded
    areas, and speech is a bar below them.

    Args:
        annotation: the film
        colours: the colours of the emotions

    Raises:
        MissingExtraError: if matplotlib is not installed
    """
    check_figures()
    last_ms = max((cue.shown_end_ms for cue in annotation.cues), default=0)
    duration_ms = max(annotation.duration_ms or 0, last_ms, 1)
    rows = rows_of(duration_ms)
    stretches = list(tagged_stretches(annotation.cues))
    placed = [_placed(stretches, rows, row) for row in range(rows.count)]
    unit = _ALONE if rows.count == 1 else _AMONG
    lanes = 1 + max((lane for row in placed for _, lane, _ in row), default=0)
    row_height = unit + GAP + lanes * LANE
    height = HEAD + rows.count * (row_height + TICKS) + _FOOT
    figure = new_figure(width=WIDTH, height=height)
    figure.set_layout_engine("none")
    paper = Paper(figure, height, rows, unit, row_height, colours or OKABE_ITO)
    figure.set_facecolor(paper.theme.panel)
    _heading(paper, annotation, duration_ms, stretches)
    for row, names in enumerate(placed):
        _row(paper, annotation, row, stretches)
        _names(paper, row, names)
    _explanation(paper, len(stretches) - sum(map(len, placed)))
    return figure


def _explanation(paper: Paper, unnamed: int) -> None:
    """Writes the legend of the plot's parts."""
    how = {"size": _SMALL_PT, "color": paper.theme.soft}
    left_out = f" {unnamed} names had no room." if unnamed else ""
    drawn = (
        "Height of a mark: how sure the model is of that cue; stroke: how long the mood lasts. "
        f"Line: probability of any mood, smoothed, over the colour of the likeliest.{left_out}"
    )
    paper.write(MARGIN, paper.height - 0.42, drawn, **how)
    means = "Shaded grounds: scenes, by pauses. A tag says how a voice sounds to a listener, not what a person feels."
    paper.write(MARGIN, paper.height - 0.22, means, **how)


def _heading(
    paper: Paper, annotation: AnnotatedFilm, duration_ms: int, stretches: list[TaggedStretch]
) -> None:
    """Writes the film's name, the numbers of cues and tags, and the legend of the marks."""
    theme = paper.theme
    title = name_in_title(annotation.video)
    paper.write(MARGIN, 0.5, title, size=_TITLE_PT, weight="bold", color=theme.ink)
    facts = (
        f"{in_words(duration_ms)}   ·   {len(annotation.cues):,} cues, {len(stretches):,} with a tag"
        f"   ·   {annotation.model}"
    )
    paper.write(
        WIDTH - MARGIN, 0.5, facts, size=_TEXT_PT, color=theme.soft, horizontalalignment="right"
    )
    axes = paper.axes(MARGIN, 0.66, INNER, 0.36)
    axes.set(xlim=(0, INNER), ylim=(0, 1))
    at = 0.07
    for tag, count in _counts(stretches):
        mark(axes, at, 0.5, tag, paper, size=60)
        text = f"{tag.value} {count}"
        axes.text(
            at + 0.14,
            0.5,
            text,
            size=_TEXT_PT,
            color=theme.ink,
            verticalalignment="center_baseline",
        )
        at += 0.14 + text_width(text, _TEXT_PT) + 0.3
    if not stretches:
        axes.text(
            0,
            0.5,
            "No cue shows a tag.",
            size=_TEXT_PT,
            color=theme.soft,
            verticalalignment="center_baseline",
        )


def _counts(stretches: list[TaggedStretch]) -> list[tuple[Tag, int]]:
    """The number of each tag: emotions first, in their order, then others by number."""
    counts = Counter(stretch.tag for stretch in stretches)
    return sorted(
        counts.items(),
        key=lambda item: (
            EMOTIONS.index(item[0]) if isinstance(item[0], Emotion) else len(EMOTIONS),
            -item[1],
            item[0].value,
        ),
    )


def _row(paper: Paper, annotation: AnnotatedFilm, row: int, stretches: list[TaggedStretch]) -> None:
    """Draws a row without the names of its tags."""
    start_ms, end_ms = paper.span(row)
    axes = paper.axes_of(row)
    for first, last in scenes(annotation.cues):
        if last > start_ms and first < end_ms:
            across = (max(first, start_ms), min(last, end_ms))
            axes.fill_between(across, 0, 1, color=paper.theme.raised, linewidth=0, zorder=0)
    _line(axes, annotation, paper, row)
    _scale(axes, annotation, paper, row)
    for one in stretches:
        if start_ms <= one.start_ms < end_ms:
            _tag(axes, one, end_ms, paper)


def _line(axes: Any, annotation: AnnotatedFilm, paper: Paper, row: int) -> None:
    """Draws the smoothed line, filled with the colour of the likeliest emotion."""
    start_ms, end_ms = paper.span(row)
    span_ms = paper.rows.span_ms
    # No wider than the row: a film of some milliseconds would take seconds.
    smoothing_ms = min(span_ms, max(_LEAST_SMOOTHING_MS, span_ms * _SMOOTHING))
    line = mood_line(
        annotation.cues,
        start_ms=start_ms,
        end_ms=end_ms,
        points=_POINTS,
        smoothing_ms=smoothing_ms,
    )
    likeliest = line.likeliest
    changes = np.flatnonzero(np.diff(likeliest)) + 1
    for first, last in zip([0, *changes], [*changes, _POINTS], strict=True):
        here = slice(first, min(_POINTS, last + 1))
        axes.fill_between(
            line.times_ms[here],
            line.height[here],
            color=paper.theme.fill(paper.palette, EMOTIONS[likeliest[first]]),
            alpha=0.4,
            linewidth=0,
            zorder=1,
        )
    axes.plot(line.times_ms, line.height, color=paper.theme.soft, linewidth=0.9, zorder=2)


def _scale(axes: Any, annotation: AnnotatedFilm, paper: Paper, row: int) -> None:
    """Draws the axis of times, the axis of probabilities, and the bar of speech."""
    (start_ms, end_ms), theme = paper.span(row), paper.theme
    for share in (0.0, 0.5, 1.0):
        axes.plot((start_ms, end_ms), (share, share), color=theme.line, linewidth=0.8, zorder=1)
        axes.annotate(
            f"{100 * share:.0f} %", (start_ms, share), (-6, 0), textcoords="offset points",
            size=_SMALL_PT, color=theme.soft, horizontalalignment="right",
            verticalalignment="center_baseline", annotation_clip=False,
        )  # fmt: skip
    spoken = [
        (max(cue.start_ms, start_ms), min(cue.shown_end_ms, end_ms) - max(cue.start_ms, start_ms))
        for cue in annotation.cues
        if cue.shown_end_ms > start_ms and cue.start_ms < end_ms
    ]
    axes.broken_barh(spoken, (-0.075, 0.05), color=theme.edge, linewidth=0)
    for at in range(start_ms, end_ms + 1, paper.rows.step_ms):
        axes.annotate(
            short_clock(at), (at, -0.075), (0, -5), textcoords="offset points", size=_SMALL_PT,
            color=theme.soft, horizontalalignment="center", verticalalignment="top",
        )  # fmt: skip


def _tag(axes: Any, one: TaggedStretch, end_ms: int, paper: Paper) -> None:
    """Draws a stem and a mark, and a line for the duration of the tag."""
    colour = paper.theme.text(paper.palette, one.tag)
    axes.plot(
        (one.start_ms, one.start_ms), (0, one.confidence), color=colour, linewidth=1.4, zorder=3
    )
    until = (one.start_ms, min(one.end_ms, end_ms))
    axes.plot(until, (one.confidence,) * 2, color=colour, linewidth=2.4, zorder=3)
    mark(axes, one.start_ms, one.confidence, one.tag, paper, size=44)


def _placed(
    stretches: list[TaggedStretch], rows: Rows, row: int
) -> list[tuple[TaggedStretch, int, float]]:
    """The tags of a row whose names fit, with the lane and the left edge of each, in inches."""
    start_ms = rows.start_ms(row)
    inside = [one for one in stretches if start_ms <= one.start_ms < start_ms + rows.span_ms]
    scale = INNER / rows.span_ms
    wanted = [
        ((one.start_ms - start_ms) * scale, text_width(one.tag.value, _TEXT_PT)) for one in inside
    ]
    places = lanes_of(wanted, left=0, right=INNER, lanes=_LANES, gap=0.1)
    return [(one, *place) for one, place in zip(inside, places, strict=True) if place is not None]


def _names(paper: Paper, row: int, names: list[tuple[TaggedStretch, int, float]]) -> None:
    """Writes the tags' names above the row."""
    axes = paper.axes_of(row)
    for one, lane, left in names:
        y = (paper.unit + GAP + lane * LANE) / paper.unit
        stem = (one.confidence, y)
        axes.plot((one.start_ms,) * 2, stem, color=paper.theme.line, linewidth=0.7, zorder=1)
        axes.text(
            paper.span(row)[0] + left * paper.rows.span_ms / INNER, y, one.tag.value,
            size=_TEXT_PT, color=paper.theme.ink, verticalalignment="bottom", zorder=5,
        )  # fmt: skip
