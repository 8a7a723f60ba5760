"""A copy of the film with its captions on the picture and a strip of its emotions below it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ..core.emotions import EMOTIONS
from ..core.errors import MediaError
from ..core.progress import OnStep, Step, ignore
from ..media import AudioStream, VideoStream, arguments_of, chosen_track, file_url, film_input
from ..media.ffmpeg import decoder
from ..tagging.annotation import AnnotatedCue, AnnotatedFilm
from ..tagging.colours import OKABE_ITO, Palette
from .canvas import DARK
from .film_plot import lanes_of
from .films import drawn_text
from .fonts import font_for
from .moods import MoodLine, mood_line, tagged_stretches
from .video_encoding import FROM_ZERO, OnWarning, Rendering, muxer_of, rendering

#: The height of the strip as a share of the picture's, and its minimum, in pixels.
_STRIP, _LEAST_STRIP = 1 / 5, 40
#: Bounds of the pictures per second: captions and playhead move in slide shows, too.
_SLOWEST, _FASTEST = 10.0, 120.0

#: How much of the picture is seen through the panel, of 255, and of its colour.
_PANEL = (11, 12, 16, 214)
#: The widest line, as a share of the picture's width; the size of letters as one of its height.
_WIDEST, _SIZE = 0.84, 1 / 19

Pixels = npt.NDArray[np.uint8]

#: The strip is drawn this many times as large and scaled down, for smooth edges.
_FINER = 2
#: The line is smoothed over this share of the film, but at least over this time.
_SMOOTHING, _LEAST_SMOOTHING_MS = 1 / 120, 1_000
#: The opacity of the part that is not played yet.
_AHEAD = 0.45


def timeline(
    annotation: AnnotatedFilm,
    output: Path,
    *,
    font: Path | None = None,
    colours: Palette | None = None,
    overwrite: bool = False,
    on_step: OnStep = ignore,
    on_warning: OnWarning = ignore,
) -> None:
    """Writes a copy of the film with its captions, and the strip of `mood_strip` below it.

    Picture and sound begin at a player's time 0: before its first picture, that is shown.

    Args:
        annotation: the film and its cues
        output: ``.mp4``, ``.m4v``, ``.mov`` or ``.mkv``
        font: a font file; None for a font of this machine that has all characters
        colours: the colours of the emotions
        overwrite: whether an existing file may be replaced
        on_step: called with each step of progress
        on_warning: called with each warning

    Raises:
        OutputError: if no font has all characters, or the output cannot be written
        MediaError: if the film has no picture or cannot be read
    """
    muxer = muxer_of(output, (".mp4", ".m4v", ".mov", ".mkv"))
    letters = font_for(f"{drawn_text(annotation)} abcdefghijklmnopqrstuvwxyz", named=font).path
    with rendering(
        annotation, output, overwrite=overwrite, on_step=on_step, on_warning=on_warning
    ) as made:
        info = made.info
        sounds = [chosen_track(info, annotation.audio_stream)] if info.audio else []
        picture, duration_ms = _picture(made)
        rate = min(max(picture.frame_rate, _SLOWEST), _FASTEST)
        with closing(_decoded(made, picture, rate)) as pictures:
            film, size = _drawn(made, _shown(made, pictures, rate), duration_ms, letters, colours)
            _encode(made, film, size, rate, sounds, muxer)
        made.read_back([picture, *sounds])


def _drawn(
    made: Rendering,
    shown: Callable[[float], Pixels],
    duration_ms: int,
    letters: Path,
    colours: Palette | None,
) -> tuple[Any, tuple[int, int]]:
    """The film with its captions and strip as a clip of moviepy, and its width and height."""
    from moviepy import VideoClip

    film, annotation = VideoClip(shown, duration=duration_ms / 1000), made.annotation
    width, height = (side - side % 2 for side in film.size)
    strip_height = max(_LEAST_STRIP, round(height * _STRIP)) // 2 * 2
    strip = mood_strip(
        annotation, width, strip_height, duration_ms=duration_ms, font=letters, colours=colours
    )
    captions = LowerThird(annotation, (width, height), font=letters, colours=colours)
    return film.transform(_composed(captions, strip, film.duration)), (width, height + strip_height)


def _encode(
    made: Rendering,
    film: Any,
    size: tuple[int, int],
    rate: float,
    sounds: Sequence[AudioStream],
    muxer: str,
) -> None:
    """Encodes a clip of moviepy with the film's sound."""
    import ffmpeg

    drawn = ffmpeg.input(
        "pipe:", format="rawvideo", pix_fmt="rgb24", framerate=f"{rate:.6f}", video_size=size
    )
    source = film_input(made.info)
    heard = [source[str(sound.index)].filter("aresample", **FROM_ZERO) for sound in sounds]
    command = ffmpeg.output(
        drawn, *heard, file_url(made.path),
        **{"c:v": "libx264", "preset": "veryfast", "pix_fmt": "yuv420p", "c:a": "aac", "f": muxer},
    )  # fmt: skip
    duration_ms = round(film.duration * 1000)
    # moviepy counts whole pictures.
    pictures = film.with_duration((round(film.duration * rate) + 0.5) / rate).iter_frames(
        fps=rate, dtype="uint8", logger=_bar(duration_ms, made.on_step)
    )
    made.encode(command, pictures=(picture.tobytes() for picture in pictures))


def _picture(made: Rendering) -> tuple[VideoStream, int]:
    """The picture to draw on, and when it ends, in milliseconds."""
    picture, info = made.picture, made.info
    end_us = info.end_us(picture) or 1000 * (info.end_ms or 0)
    if not end_us:
        raise MediaError(
            "this file does not say how long it is", path=info.path,
            remedy="Give it a header that does with ffmpeg -i FILM -map 0 -c copy NEW.mkv",
        )  # fmt: skip
    return picture, max(1, round(end_us / 1000))


def _decoded(made: Rendering, picture: VideoStream, rate: float) -> Generator[Pixels]:
    """The film's pictures at a rate, the first at a player's time 0, shape (height, width, 3)."""
    import ffmpeg

    drawn = film_input(made.info)[str(picture.index)].filter("fps", f"{rate:.6f}", start_time=0)
    # Each says how large it is, since headers do not tell of a picture that is turned.
    command = ffmpeg.output(drawn, "pipe:", format="image2pipe", vcodec="ppm")
    options = ("-nostdin", "-hide_banner", "-loglevel", "error", "-copyts")
    with decoder(arguments_of(command.global_args(*options))) as (process, log):
        source = process.stdout
        assert source is not None
        while source.readline() == b"P6\n":
            width, height = map(int, source.readline().split())
            source.readline()
            data = source.read(width * height * 3)
            if len(data) == width * height * 3:
                yield np.frombuffer(data, np.uint8).reshape(height, width, 3)
        log.seek(0)
        made.complaints.extend(log.read().decode("utf-8", "replace").splitlines())


def _shown(made: Rendering, pictures: Iterator[Pixels], rate: float) -> Callable[[float], Pixels]:
    """Returns a function of the time that gives the picture then; times must not decrease."""
    number, shown, is_over = 0, next(pictures, None), False
    if shown is None:
        raise MediaError("its picture cannot be decoded", path=made.info.path)

    def at(at_s: float) -> Pixels:
        nonlocal number, shown, is_over
        while number < round(at_s * rate) and not is_over:
            following = next(pictures, None)
            if following is None:
                is_over = True
                made.compare(_picture(made)[1] * 1000, round((number + 1) / rate * 1_000_000))
            else:
                number, shown = number + 1, following
        assert shown is not None
        return shown

    return at


def _composed(
    captions: LowerThird, strip: MoodStrip, duration_s: float
) -> Callable[[Callable[[float], Pixels], float], Pixels]:
    """Returns a function that composes a frame from the film's frame at the same time."""

    def compose(frame_at: Callable[[float], Pixels], at_s: float) -> Pixels:
        frame = frame_at(at_s)
        whole = np.empty((captions.height + len(strip.behind), captions.width, 3), np.uint8)
        picture = whole[: captions.height]
        picture[:] = frame[: captions.height, : captions.width]
        captions.draw(picture, at_s * 1000)
        strip.draw(whole[captions.height :], at_s / duration_s)
        return whole

    return compose


def _bar(duration_ms: int, on_step: OnStep) -> Any:
    """Reports moviepy's progress as steps of subemo."""
    from proglog import ProgressBarLogger

    class Bar(ProgressBarLogger):  # type: ignore[misc]
        def bars_callback(self, bar: str, attr: str, value: int, *_: Any) -> None:
            total = self.bars[bar].get("total")
            if bar == "frame_index" and attr == "index" and total:
                on_step(Step("rendering", value * duration_ms // total, duration_ms))

    return Bar()


@dataclass(frozen=True, eq=False)
class _Overlay:
    """A picture to lay over another.

    Attributes:
        top: where it begins, in pixels
        left: where it begins, in pixels
        share: how much of what is below it is left, of 256, shape (height, width, 1)
        light: what is added, 256-fold, shape (height, width, 3)
    """

    top: int
    left: int
    share: npt.NDArray[np.uint32]
    light: npt.NDArray[np.uint32]


class LowerThird:
    """The captions of a film, laid over its picture.

    Args:
        annotation: the film
        size: of the picture, width and height in pixels
        font: that has all characters of the captions
        colours: of the tags
    """

    def __init__(
        self,
        annotation: AnnotatedFilm,
        size: tuple[int, int],
        *,
        font: Path,
        colours: Palette | None = None,
    ) -> None:
        from PIL import ImageFont

        self.width, self.height = size
        self.palette = colours or OKABE_ITO
        self.letters = max(10, round(self.height * _SIZE))
        self.font: Any = ImageFont.truetype(str(font), self.letters)
        cues = [cue for cue in annotation.written if cue.shown_end_ms > cue.start_ms]
        self.times = sorted({ms for cue in cues for ms in (cue.start_ms, cue.shown_end_ms)})
        self.shown: list[list[AnnotatedCue]] = [[] for _ in self.times]
        places = {ms: place for place, ms in enumerate(self.times)}
        for cue in cues:
            for place in range(places[cue.start_ms], places[cue.shown_end_ms]):
                self.shown[place].append(cue)
        self._last: tuple[int, _Overlay | None] = (-1, None)

    def draw(self, picture: npt.NDArray[np.uint8], ms: float) -> None:
        """Lays what is shown at a moment over a picture of shape (height, width, 3)."""
        place = bisect_right(self.times, ms) - 1
        if place < 0 or not self.shown[place]:
            return
        if self._last[0] != place:
            self._last = (place, self._overlay(self.shown[place]))
        overlay = self._last[1]
        if overlay is None:
            return
        height, width, _ = overlay.share.shape
        part = picture[overlay.top : overlay.top + height, overlay.left : overlay.left + width]
        part[:] = (part * overlay.share + overlay.light) >> 8

    def _overlay(self, cues: list[AnnotatedCue]) -> _Overlay | None:
        """A panel with a stroke in the first tag's colour, the tags, and the words."""
        from PIL import Image, ImageDraw

        lines = [line for cue in cues for line in self._lines(cue)]
        if not lines:
            return None
        size, pad = self.letters, self.letters // 2
        step = round(size * 1.28)
        widest = max(self.font.getlength(text) for text, _ in lines)
        width = min(self.width, round(widest) + 3 * pad)
        height = min(self.height, len(lines) * step + pad)
        image = Image.new("RGBA", (width, height))
        draw = ImageDraw.Draw(image)
        draw.rounded_rectangle([0, 0, width - 1, height - 1], radius=pad // 2, fill=_PANEL)
        tags = [cue.decision.tag for cue in cues if cue.decision.tag is not None]
        if tags:
            stroke = [0, pad // 2, max(2, pad // 3), height - pad // 2]
            draw.rectangle(stroke, fill=DARK.fill(self.palette, tags[0]))
        for number, (text, colour) in enumerate(lines):
            draw.text((1.5 * pad, pad * 0.4 + number * step), text, font=self.font, fill=colour)
        pixels = np.asarray(image).astype(np.uint32)
        alpha = pixels[:, :, 3:] + (pixels[:, :, 3:] > 127)
        left = round(self.width * (1 - _WIDEST) / 2)
        top = self.height - height - round(self.height * 0.06)
        return _Overlay(
            max(0, top), min(left, self.width - width), 256 - alpha, pixels[:, :, :3] * alpha
        )

    def _lines(self, cue: AnnotatedCue) -> list[tuple[str, str]]:
        """The lines of a cue and the colour of each, its tag first."""
        words = [
            (line, DARK.ink)
            for text in cue.styled_text.plain.split("\n")
            for line in self._wrapped(text.strip())
        ]
        tag = cue.decision.tag
        if tag is None:
            return words
        return [*((line, self.palette[tag]) for line in self._wrapped(cue.decision.text)), *words]

    def _wrapped(self, text: str) -> list[str]:
        """The text in lines that fit."""
        lines: list[str] = []
        for word in text.split():
            longer = f"{lines[-1]} {word}" if lines else word
            if lines and self.font.getlength(longer) <= self.width * _WIDEST:
                lines[-1] = longer
            else:
                lines.append(word)
        return lines


@dataclass(frozen=True, eq=False)
class MoodStrip:
    """A strip that is drawn once and then shown at any moment.

    Attributes:
        behind: the strip as played, shape (height, width, 3)
        ahead: the strip as not played yet, the same shape
        line: the row of the line in each column, from the top, shape (width,)
        head: the radius of the playhead's dot, in pixels
    """

    behind: Pixels
    ahead: Pixels
    line: npt.NDArray[np.int64]
    head: int

    def draw(self, out: Pixels, share: float) -> None:
        """Draws the strip at a moment.

        Args:
            out: written completely, shape (height, width, 3)
            share: the share of the film that is played, 0 to 1
        """
        height, width, _ = self.behind.shape
        at = round(min(1.0, max(0.0, share)) * (width - 1))
        out[:, :at] = self.behind[:, :at]
        out[:, at:] = self.ahead[:, at:]
        out[:, max(0, at - 1) : at + 1] = 255
        y, x = np.ogrid[:height, :width]
        left, right = max(0, at - self.head), min(width, at + self.head + 1)
        dot = (x[:, left:right] - at) ** 2 + (y - self.line[at]) ** 2 <= self.head**2
        out[:, left:right][dot] = 255


def mood_strip(
    annotation: AnnotatedFilm,
    width: int,
    height: int,
    *,
    duration_ms: int,
    font: Path,
    colours: Palette | None = None,
) -> MoodStrip:
    """Draws the strip of a film.

    The line is the probability that the voices are not neutral, smoothed, over the colour of the
    likeliest emotion. A tag's name is above the line where the tag begins, if there is room.

    Args:
        annotation: the film
        width: in pixels
        height: in pixels
        duration_ms: the duration of the film
        font: the font file of the names
        colours: the colours of the emotions
    """
    from PIL import Image, ImageFont

    palette = colours or OKABE_ITO
    line = mood_line(
        annotation.cues,
        start_ms=0,
        end_ms=duration_ms,
        points=max(2, width),
        smoothing_ms=max(_LEAST_SMOOTHING_MS, duration_ms * _SMOOTHING),
    )
    size = max(9, height // 6)
    # Names above, the line below them.
    top, foot = size + height // 10, height - max(2, height // 24)
    y = foot - line.height * (foot - top)
    letters: Any = ImageFont.truetype(str(font), size * _FINER)
    large = _strip_image(annotation, line, y, (width, height), letters, palette, duration_ms)
    behind = np.asarray(large.resize((width, height), Image.Resampling.BOX))
    ground = np.asarray(_rgb(DARK.ground))
    ahead = ground + (behind.astype(np.float64) - ground) * _AHEAD
    dot = max(2, height // 24)
    return MoodStrip(behind.copy(), ahead.round().astype(np.uint8), y.round().astype(int), dot)


def _strip_image(
    annotation: AnnotatedFilm,
    line: MoodLine,
    y: npt.NDArray[np.float64],
    size: tuple[int, int],
    font: Any,
    palette: Palette,
    duration_ms: int,
) -> Any:
    """The strip, `_FINER` times as large."""
    from PIL import Image, ImageDraw

    width, height = (side * _FINER for side in size)
    image = Image.new("RGB", (width, height), DARK.ground)
    draw = ImageDraw.Draw(image)
    likeliest = line.likeliest
    for column, top in enumerate(y):
        fill = _mixed(DARK.fill(palette, EMOTIONS[likeliest[column]]), DARK.ground, 0.55)
        left = column * _FINER
        draw.rectangle([left, round(top * _FINER), left + _FINER - 1, height], fill=fill)
    points = [(column * _FINER, top * _FINER) for column, top in enumerate(y)]
    draw.line(points, fill=DARK.ink, width=_FINER, joint="curve")
    stretches = list(tagged_stretches(annotation.cues))
    wanted = [
        (one.start_ms / duration_ms * width, draw.textlength(one.tag.value, font=font))
        for one in stretches
    ]
    places = lanes_of(wanted, left=0, right=width, lanes=1, gap=font.size * 0.8)
    radius = max(2, size[1] // 32) * _FINER
    for one, (x, _), place in zip(stretches, wanted, places, strict=True):
        colour = DARK.fill(palette, one.tag)
        column = min(size[0] - 1, round(x / _FINER))
        middle = y[column] * _FINER
        if place is not None:
            draw.line([(x, font.size * 1.1), (x, middle)], fill=DARK.line, width=_FINER)
            draw.text(
                (place[1], font.size * 1.05), one.tag.value, font=font, fill=colour, anchor="ls"
            )
        draw.ellipse(
            [x - radius, middle - radius, x + radius, middle + radius],
            fill=colour,
            outline=DARK.ground,
        )
    return image


def _rgb(colour: str) -> tuple[int, int, int]:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return red, green, blue


def _mixed(colour: str, ground: str, share: float) -> tuple[int, int, int]:
    """Mixes a share of one colour with another."""
    red, green, blue = (
        round(share * one + (1 - share) * other)
        for one, other in zip(_rgb(colour), _rgb(ground), strict=True)
    )
    return red, green, blue
