"""A copy of the film with its captions on the picture and a strip of its emotions below it."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np

from ..core.errors import MediaError
from ..core.progress import OnStep, Step, ignore
from ..media import AudioStream, VideoStream, arguments_of, chosen_track, file_url, film_input
from ..media.ffmpeg import decoder
from ..tagging.annotation import AnnotatedFilm
from ..tagging.colours import Palette
from .burn import drawn_text
from .fonts import font_for
from .lower_third import LowerThird
from .mood_strip import MoodStrip, Pixels, mood_strip
from .video_encoding import FROM_ZERO, OnWarning, Rendering, muxer_of, rendering

#: The height of the strip as a share of the picture's, and its minimum, in pixels.
_STRIP, _LEAST_STRIP = 1 / 5, 40
#: Bounds of the pictures per second: captions and playhead move in slide shows, too.
_SLOWEST, _FASTEST = 10.0, 120.0


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
