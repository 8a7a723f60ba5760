"""Encodes films with ffmpeg: progress, reading back, and atomic output."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..core.errors import MediaError, OutputError
from ..core.files import check_writable, place, temporary_beside
from ..core.printable import counted
from ..core.processes import reaped, start
from ..core.progress import OnStep, Step
from ..core.times import clock
from ..media import MediaInfo, Track, VideoStream, arguments_of, probe
from ..tagging.annotation import AnnotatedFilm
from ..tagging.decisions import Reason

#: Called with a warning.
OnWarning = Callable[[str], None]

#: ffmpeg's messages about a film with a time line of its own.
_OF_INPUT = re.compile(r"\[(?:in#|mov,|matroska,)")

#: Options of ffmpeg's filter ``aresample``: silence before sound that begins late.
FROM_ZERO = {"async": 1, "first_pts": 0}

#: The muxers by suffix of output films.
MUXERS = {".mp4": "mp4", ".m4v": "mp4", ".mov": "mov", ".mkv": "matroska", ".webm": "webm"}


@dataclass(frozen=True)
class Rendering:
    """A film that is being rendered.

    Attributes:
        annotation: the annotated film
        info: what its headers say
        path: where it is rendered to, before it gets its name
        on_step: called with each step of progress
        on_warning: called with each warning
        complaints: ffmpeg's messages so far
    """

    annotation: AnnotatedFilm
    info: MediaInfo
    path: Path
    on_step: OnStep
    on_warning: OnWarning
    complaints: list[str] = field(default_factory=list)

    @property
    def picture(self) -> VideoStream:
        """The film's picture.

        Raises:
            MediaError: if it has none; a cover is none
        """
        if not self.info.video:
            raise MediaError(
                "this file has no picture to draw captions on", path=self.annotation.video,
                remedy="Write a subtitle file instead.",
            )  # fmt: skip
        return self.info.video[0]

    def encode(
        self,
        command: Any,
        *,
        stage: str = "",
        remedy: str = "",
        pictures: Iterable[bytes] | None = None,
    ) -> None:
        """Runs a command of ffmpeg-python that reads `film_input`.

        Args:
            command: the command
            stage: name of the stage in progress reports
            remedy: what to do if it fails
            pictures: for the command's standard input; the caller reports their progress

        Raises:
            MediaError: if it fails
        """
        options = ["-nostdin", "-hide_banner", "-loglevel", "warning", "-copyts", "-y"]
        if pictures is None:
            options += ["-progress", "pipe:1"]
        arguments = arguments_of(command.global_args(*options))
        source = subprocess.DEVNULL if pictures is None else subprocess.PIPE
        with tempfile.TemporaryFile() as log:
            process = start(arguments, stdin=source, stdout=subprocess.PIPE, stderr=log)
            with reaped(process):
                if pictures is not None:
                    _feed(process, pictures)
                assert process.stdout is not None
                for line in process.stdout:
                    name, _, value = line.decode("ascii", "replace").strip().partition("=")
                    if name == "out_time_us" and value.isdigit():
                        self.on_step(Step(stage, int(value) // 1000, self.info.end_ms))
                failed = process.wait() != 0
            log.seek(0)
            self.complaints.extend(log.read().decode("utf-8", "replace").strip().splitlines())
        if failed:
            reason = self.complaints[-1] if self.complaints else "no reason given"
            raise MediaError(f"ffmpeg failed ({reason})", path=self.annotation.video, remedy=remedy)

    def read_back(self, tracks: Sequence[Track], *, subtitles: int = 0) -> None:
        """Checks what was rendered.

        Args:
            tracks: the film's pictures, then its sounds, each to be found as long as in the film
            subtitles: how many subtitle tracks are to be found

        Raises:
            MediaError: if the film has changed since it was opened, or something is missing
        """
        video, info = self.annotation.video, self.info
        if probe(video).state != info.state:
            raise _changed(video)
        made = probe(self.path)
        found = [*made.video, *made.audio]
        asked = f"{len(tracks)} tracks of picture and sound and {subtitles} of subtitles"
        if (len(found), len(made.subtitles)) != (len(tracks), subtitles):
            raise MediaError(
                f"the new film has {len(found)} and {len(made.subtitles)} of {asked}", path=video
            )
        ends_us = [made.end_us(track) or 0 for track in found]
        for track, end_us in zip(tracks, ends_us, strict=True):
            self.compare(info.end_us(track), end_us)
        if not info.subtitles and info.end_ms is not None:  # which may last longer than the film
            self.compare(info.end_ms * 1000, max(ends_us))
        self._warn_of_late_captions(max(ends_us) // 1000)

    def compare(self, asked_us: int | None, made_us: int) -> None:
        """Refuses, or warns of, what ends earlier than the film's headers say."""
        # Players and encoders round an end; of a very short film they have less to round.
        tolerance_us = 0 if asked_us is None else min(500_000, 100_000 + asked_us // 10)
        if asked_us is None or made_us >= asked_us - tolerance_us - asked_us // 1000:
            return
        if self.info.has_estimated_length:
            return
        video, ends = (
            self.annotation.video,
            f"{clock(made_us // 1000)} of {clock(asked_us // 1000)}",
        )
        reason = next(filter(_OF_INPUT.match, self.complaints), None)
        # Headers without a time line are estimates; MP4 does not tell how long a last picture stays.
        if not (self.info.has_own_time_line and reason):
            self.on_warning(f"{video}: the new film has {ends}; check that this film is whole")
            return
        raise MediaError(
            f"only {ends} could be read (ffmpeg: {reason})",
            path=video,
            remedy="Get the whole film. If there is no more of it, give it a true header with "
            "ffmpeg -i FILM -map 0 -c copy NEW.mkv",
        )

    def _warn_of_late_captions(self, end_ms: int) -> None:
        late = [
            cue for cue in self.annotation.written
            if cue.start_ms >= end_ms and cue.decision.reason is not Reason.PAST_END
        ]  # fmt: skip
        if late:
            self.on_warning(
                f"{self.annotation.subtitles or self.annotation.video}: {counted(len(late), 'cue')} "
                f"after the end of the film ({clock(end_ms)}), the first at "
                f"{clock(late[0].start_ms)}"
            )


@contextmanager
def rendering(
    annotation: AnnotatedFilm,
    output: Path,
    *,
    overwrite: bool,
    on_step: OnStep,
    on_warning: OnWarning,
) -> Iterator[Rendering]:
    """A film that gets the name *output* if the block succeeds.

    Raises:
        OutputError: if the output cannot or must not be written
        MediaError: if the film cannot be read, or is not the one that was analysed
    """
    info = probe(annotation.video)
    if annotation.video_state not in (None, info.state):
        raise _changed(annotation.video)
    check_writable(output, inputs=list(annotation.inputs), overwrite=overwrite)
    temporary: Path | None = None
    try:
        handle, temporary = temporary_beside(output, suffix=output.suffix)
        os.close(handle)
        yield Rendering(annotation, info, temporary, on_step, on_warning)
        place(temporary, output, overwrite=overwrite)
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def muxer_of(path: Path, kinds: tuple[str, ...] = tuple(MUXERS)) -> str:
    """The muxer for a film's name.

    Raises:
        OutputError: if the suffix is not supported
    """
    suffix = path.suffix.lower()
    if suffix not in kinds:
        raise OutputError("this kind of film cannot be written", path=path,
                          remedy=f"Use a name that ends with {', '.join(kinds)}.")  # fmt: skip
    return MUXERS[suffix]


def _feed(process: subprocess.Popen[bytes], pictures: Iterable[bytes]) -> None:
    assert process.stdin is not None
    with suppress(BrokenPipeError), process.stdin:  # it has failed, and says why
        for picture in pictures:
            process.stdin.write(picture)


def _changed(video: Path) -> MediaError:
    return MediaError(
        "this film has changed since it was opened",
        path=video,
        remedy="Try again when nothing else writes to it.",
    )
