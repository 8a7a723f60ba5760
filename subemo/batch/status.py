"""Who is at which film: a small file for each film in work, for those who watch.

Workers may be other processes, or other machines on the same storage; what
they all see is the folder of the batch.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ..core.errors import OutputError
from ..core.files import write_atomically
from ..core.progress import OnStep, Step
from ..core.reading import read_plain
from ..core.times import Stopwatch

#: How often a film's file is written, in seconds.
_EVERY_S = 0.5

#: No film's file is larger, in bytes, and no step of a film counts to more.
_LARGEST, _MOST = 65_536, 10**15


@dataclass(frozen=True)
class Running:
    """A film in work.

    Attributes:
        video: the film
        step: how far it is
    """

    video: str
    step: Step


@dataclass(frozen=True)
class BatchStatus:
    """Films in work.

    Attributes:
        folder: where their files lie; safe to delete
    """

    folder: Path

    @contextmanager
    def entry(self, video: Path) -> Iterator[OnStep]:
        """Shows *video* as in work for as long as the block lasts.

        Yields:
            what is called with each step of its progress
        """
        path = self.folder / f"{hashlib.sha256(str(video).encode('utf-8', 'replace')).hexdigest()}"
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
                write_atomically(path, data, overwrite=True)

        try:
            show(Step("starting", 0, None))
            yield show
        finally:
            with suppress(OSError):
                path.unlink(missing_ok=True)

    def running(self) -> list[Running]:
        """The films in work, by name."""
        found = []
        for path in self.folder.glob("*"):
            try:
                found.append(_running(json.loads(read_plain(path, largest=_LARGEST))))
            except (OSError, ValueError, KeyError, TypeError, RecursionError):
                continue  # just done, or not one of ours
        return sorted(found, key=lambda one: one.video)

    def clear(self) -> None:
        """Forgets what a batch that was killed left here."""
        for path in self.folder.glob("*"):
            with suppress(OSError):  # a folder, or what may not be deleted
                path.unlink(missing_ok=True)


def _running(content: dict[str, Any]) -> Running:
    """What a film's file says.

    Raises:
        TypeError: if it says something else
    """
    video, step = content["video"], Step(**content["step"])
    texts, counts = (video, step.stage, step.note), (step.done, step.total or 0)
    if not all(isinstance(one, str) for one in texts) or not all(
        type(one) is int and 0 <= one <= _MOST for one in counts
    ):
        raise TypeError
    return Running(video, step)
