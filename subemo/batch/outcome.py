"""What is known of a film: that it is in progress, in a small file, and its outcome.

Workers may be other processes, or other machines on the same storage; they all
have access to the folder of the batch.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from ..core.errors import OutputError
from ..core.files import open_plain, read_plain, write_atomically
from ..core.progress import OnStep, Step
from ..core.tables import csv_table
from ..core.times import Stopwatch


class FilmStatus(StrEnum):
    """The status of a film.

    Example:
        >>> FilmStatus.SKIPPED.value
        'done before'
    """

    DONE = "done"
    SKIPPED = "done before"
    FAILED = "failed"


@dataclass(frozen=True)
class Outcome:
    """The outcome of a film.

    Attributes:
        video: the film
        status: its status
        reason: why it failed, or warnings
        output: the captions
        subtitles: the subtitles that they were made from
        cues: number of cues
        tagged: number of tagged cues
        duration_ms: duration of the film, or None
        seconds: elapsed time
    """

    video: Path
    status: FilmStatus
    reason: str = ""
    output: Path | None = None
    subtitles: str = ""
    cues: int = 0
    tagged: int = 0
    duration_ms: int | None = None
    seconds: float = 0.0


_COLUMNS = ("film", "status", "reason", "captions", "subtitles", "cues", "tagged", "duration_s",
            "seconds")  # fmt: skip


def is_results_csv(path: Path) -> bool:
    """Whether a file is a table that `results_csv` made."""
    head = csv_table([_COLUMNS]).encode()
    try:
        with os.fdopen(open_plain(path), "rb") as file:
            return file.read(len(head)) == head
    except OSError:
        return False


def results_csv(outcomes: Iterable[Outcome]) -> bytes:
    """A table of all outcomes, by film."""
    rows = [
        (
            str(one.video),
            one.status.value,
            one.reason,
            str(one.output or ""),
            one.subtitles,
            one.cues,
            one.tagged,
            "" if one.duration_ms is None else one.duration_ms / 1000,
            f"{one.seconds:.2f}",
        )
        for one in sorted(outcomes, key=lambda outcome: str(outcome.video))
    ]
    return csv_table([_COLUMNS, *rows]).encode("utf-8", "backslashreplace")


#: The interval at which a film's file is written, in seconds.
_EVERY_S = 0.5

#: The name of a film's file: a SHA-256.
_NAME = re.compile(r"[0-9a-f]{64}")

#: The largest file of a film, in bytes, and the largest count of a step.
_LARGEST, _MOST = 65_536, 10**15


@dataclass(frozen=True)
class Running:
    """A film in progress.

    Attributes:
        video: the film
        step: its last step
    """

    video: str
    step: Step


@dataclass(frozen=True)
class BatchStatus:
    """The films in progress.

    Attributes:
        folder: the folder of their files; safe to delete
    """

    folder: Path

    @contextmanager
    def entry(self, video: Path) -> Iterator[OnStep]:
        """Records *video* as in progress during the block.

        Yields:
            a callback for each step of its progress
        """
        path = self._path(video)
        since_shown: Stopwatch | None = None

        def show(step: Step) -> None:
            nonlocal since_shown
            if since_shown is not None and since_shown.seconds < _EVERY_S:
                return
            since_shown = Stopwatch()
            data = json.dumps({"video": str(video), "step": asdict(step)}).encode()
            # A full disk is reported where it matters.
            with suppress(OSError, OutputError):
                self.folder.mkdir(parents=True, exist_ok=True)
                if not self._is_link:
                    write_atomically(path, data, overwrite=True)

        try:
            show(Step("starting", 0, None))
            yield show
        finally:
            self.remove(video)

    def remove(self, video: Path) -> None:
        """Records that *video* is no longer in progress; for one whose worker has died."""
        if not self._is_link:
            _remove(self._path(video))

    def _path(self, video: Path) -> Path:
        return self.folder / hashlib.sha256(str(video).encode("utf-8", "replace")).hexdigest()

    def running(self) -> list[Running]:
        """The films in progress, by name."""
        found = []
        for path in self.folder.glob("*"):
            try:
                found.append(_running(json.loads(read_plain(path, largest=_LARGEST))))
            except (OSError, ValueError, KeyError, TypeError, RecursionError):
                continue  # just finished, or not one of ours
        return sorted(found, key=lambda one: one.video)

    def clear(self) -> None:
        """Removes the files of a batch that was killed, and nothing else.

        The folder may come with an archive of somebody else's: what a link leads to is left alone, and
        so are files that no batch has written.
        """
        if self._is_link:
            return
        for path in self.folder.glob("*"):
            _remove(path)

    @property
    def _is_link(self) -> bool:
        """Whether the folder, or the batch's folder that it is in, is a symbolic link."""
        return self.folder.is_symlink() or self.folder.parent.is_symlink()


def _remove(path: Path) -> None:
    """Deletes a film's file; one of another name or kind is left alone."""
    with suppress(OSError):
        if _NAME.fullmatch(path.name) and stat.S_ISREG(path.lstat().st_mode):
            path.unlink()


def _running(content: dict[str, Any]) -> Running:
    """Parses a film's file.

    Raises:
        TypeError: if a value has the wrong type
    """
    video, step = content["video"], Step(**content["step"])
    texts, counts = (video, step.stage, step.note), (step.done, step.total or 0)
    if not all(isinstance(one, str) for one in texts) or not all(
        type(one) is int and 0 <= one <= _MOST for one in counts
    ):
        raise TypeError
    return Running(video, step)
