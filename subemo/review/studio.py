"""The running studio: a session, its background work and its pages."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ..analysis.film import Film
from ..core.cache import Cache, file_digest
from ..core.errors import OutputError, SubemoError
from ..core.progress import Step
from ..media import MediaInfo
from ..render.films import proxy
from .messages import Copying, Failed, Publishing, Running, StudioState
from .publishing import Publication, proposed, publish, written_by
from .session import Session

#: The suffixes of films that most browsers play.
_PLAYED = (".mp4", ".m4v", ".webm", ".ogg", ".wav", ".mp3")
#: The studio ends this long after its last page was closed, in seconds.
SILENCE_S = 60.0
#: The most queued events of a page; a page that does not read them is dropped.
_MOST_EVENTS = 1_000
#: Peaks per second.
RATE = 50
_SAMPLE_RATE = 8_000
_SAMPLES = _SAMPLE_RATE // RATE
#: The maximum of a peak.
_LOUDEST = 255

#: How late a film may begin for browsers to play it alike, in microseconds.
_LATEST_US = 100_000

Event = dict[str, object]
Peaks = npt.NDArray[np.uint8]


def needs_copy(info: MediaInfo) -> bool:
    """Whether few browsers play a film, or they disagree on its time 0."""
    assert info.path is not None
    return info.path.suffix.lower() not in _PLAYED or info.start_us > _LATEST_US


class _EndedError(Exception):
    """Raised in background work that is no longer needed."""


class Studio:
    """A session, its pages and its background work: peaks, a copy to play, publishing.

    Args:
        session: the session
        folder: folder for a copy of the film that browsers can play
        cache: cache of peaks, or None
    """

    def __init__(self, session: Session, folder: Path, cache: Cache | None = None) -> None:
        self.session, self.cache = session, cache
        self.video = session.film.found.film.path
        self.proxy_path = folder / "proxy.mp4"
        self.lock = threading.Lock()
        self.peaks = bytearray()
        self.published: Publishing = {"state": "idle"}
        self.copied: Copying = {"state": "idle"}
        self._pages: set[queue.Queue[Event]] = set()
        self._silent_since = time.monotonic()
        self._threads: list[threading.Thread] = []
        self._is_over = threading.Event()
        self._was_publishing = False
        self._has_all_peaks = False
        self._start(self._listen)
        if needs_copy(session.film.found.film.info):
            self.copy()

    def state(self) -> StudioState:
        """The complete state for a page."""
        return {
            **self.session.state(),
            "peaks_rate": RATE,
            "publish_names": proposed(self.session.annotation),
            "copy": self.copied,
        }

    def peaks_from(self, at: int) -> tuple[bytes, bool]:
        """The peaks from a position, and whether they are complete."""
        with self.lock:
            return bytes(self.peaks[at:]), self._has_all_peaks

    def copy(self) -> None:
        """Starts making a copy of the film that browsers can play, if there is none."""
        with self.lock:
            if self.copied["state"] in ("running", "done"):
                return
            self.copied = {"state": "running", "stage": "", "done": 0, "total": None}
        self._start(self._copy)

    def publish(self, content: Any) -> None:
        """Starts publishing what a page requests.

        Raises:
            SettingsError: if the request is invalid, or publishing is in progress
        """
        annotation = self.session.annotation
        publication = Publication.of(content, annotation)
        with self.lock:
            if self.published["state"] == "running" or self.is_over:
                return
            self.published = {"state": "running", "stage": "checking", "done": 0, "total": None}
        self._start(lambda: self._publish(publication))

    @contextmanager
    def page(self) -> Iterator[queue.Queue[Event]]:
        """Registers a page; yields its queue of events, how things stand first.

        Work may have ended between the page's reading of the state and this.
        """
        events: queue.Queue[Event] = queue.Queue(_MOST_EVENTS)
        with self.lock:
            self._pages.add(events)
            events.put_nowait({"kind": "peaks"})
            for kind, known in (("copy", self.copied), ("publish", self.published)):
                if known["state"] != "idle":
                    events.put_nowait({"kind": kind, **known})
        try:
            yield events
        finally:
            with self.lock:
                self._pages.discard(events)
                self._silent_since = time.monotonic()

    def tell(self, kind: str, event: Mapping[str, object]) -> None:
        """Sends an event to all pages."""
        with self.lock:
            pages = list(self._pages)
        for page in pages:
            try:
                page.put_nowait({"kind": kind, **event})
            except queue.Full:
                continue

    @property
    def is_over(self) -> bool:
        """Whether the studio has ended, so that connections are closed."""
        return self._is_over.is_set()

    @property
    def is_silent(self) -> bool:
        """Whether no page was open for a minute and nothing is being published."""
        with self.lock:
            if self._pages or self.published["state"] == "running":
                self._silent_since = time.monotonic()
            return time.monotonic() - self._silent_since > SILENCE_S

    def end(self) -> None:
        """Ends all work and removes unfinished files."""
        with self.lock:
            self._is_over.set()
            self._was_publishing = self.published["state"] == "running"
        self.tell("over", {})
        for thread in self._threads:
            thread.join(timeout=10)

    @property
    def last_publication(self) -> Publishing | None:
        """What became of a publication during which the studio was ended, see `published`; None if it was not."""
        return self.published if self._was_publishing else None

    def _start(self, work: Callable[[], None]) -> None:
        def run() -> None:
            try:
                work()
            except _EndedError:
                return

        thread = threading.Thread(target=run, daemon=True)
        self._threads = [*(one for one in self._threads if one.is_alive()), thread]
        thread.start()

    def _listen(self) -> None:
        reported_at = 0.0

        def add(peaks: bytes) -> None:
            nonlocal reported_at
            with self.lock:
                self.peaks += peaks
            if time.monotonic() - reported_at > 1:
                reported_at = time.monotonic()
                self.tell("peaks", {})

        try:
            film = self.session.film.found.film
            peaks_of(film, add, cache=self.cache, is_over=self._is_over.is_set)
        except SubemoError:
            pass  # a film can be judged without a waveform
        with self.lock:
            self._has_all_peaks = True
        self.tell("peaks", {})

    def _copy(self) -> None:
        def show(step: Step) -> None:
            self._go_on()
            self.copied = _running(step)
            self.tell("copy", self.copied)

        try:
            proxy(self.session.annotation, self.proxy_path, overwrite=True, on_step=show)
            self.copied = {"state": "done"}
        except SubemoError as error:
            self.copied = {"state": "failed", "error": str(error), "exists": False}
        self.tell("copy", self.copied)

    def _publish(self, publication: Publication) -> None:
        def show(step: Step) -> None:
            self._go_on()
            self.published = _running(step)
            self.tell("publish", self.published)

        failed: Failed = {"state": "failed", "error": "it failed", "exists": False}
        result: Publishing = failed
        try:
            notes = publish(
                self.session.annotation, publication, on_step=show, colours=self.session.colours
            )
            result = {
                "state": "done",
                "written": written_by(publication),
                "folder": str(self.video.absolute().parent),
                "notes": notes,
            }
        except SubemoError as error:
            failed["exists"] = "already exists" in error.problem
            failed["error"] = f"{error.path}: {error.problem}." if failed["exists"] else str(error)
        except OSError as error:
            failed["error"] = str(error.strerror or error)
        except _EndedError:
            names = ", ".join(written_by(publication))
            failed["error"] = f"publishing was stopped, and nothing of it was written ({names})"
        finally:
            self.published = result
        self.tell("publish", self.published)

    def _go_on(self) -> None:
        if self._is_over.is_set():
            raise _EndedError


def _running(step: Step) -> Running:
    return {"state": "running", "stage": step.stage, "done": step.done, "total": step.total}


def peaks_of(
    film: Film,
    on_peaks: Callable[[bytes], None],
    *,
    cache: Cache | None = None,
    is_over: Callable[[], bool] = lambda: False,
) -> None:
    """Computes the peaks of a film, piece by piece.

    A peak is the largest magnitude of a fiftieth of a second, 0 to 255.

    Args:
        film: the film
        on_peaks: called with the next peaks, one byte each
        cache: cache of peaks, or None
        is_over: whether to stop

    Raises:
        MediaError: if the sound cannot be decoded
    """
    key = Cache.key(file_digest(film.path).encode(), "peaks", RATE, film.heard)
    kept = None if cache is None else cache.get(key, shape=(None,), fits=_are_peaks)
    if kept is not None:
        on_peaks(kept.astype(np.uint8).tobytes())
        return
    pieces: list[Peaks] = []
    rest = np.zeros(0, np.float32)
    with film.sound("drawing the sound", _SAMPLE_RATE) as blocks:
        for block in blocks:
            if is_over():
                return
            samples = np.concatenate([rest, block])
            whole = samples.size // _SAMPLES * _SAMPLES
            rest = samples[whole:]
            if whole:
                pieces.append(_peaks(samples[:whole]))
                on_peaks(pieces[-1].tobytes())
    if rest.size:
        pieces.append(_peaks(np.pad(rest, (0, _SAMPLES - rest.size))))
        on_peaks(pieces[-1].tobytes())
    if cache is not None and pieces:
        try:
            cache.put(key, np.concatenate(pieces).astype(np.float16))
        except (OSError, OutputError):
            return  # they are computed again the next time


def _peaks(samples: npt.NDArray[np.float32]) -> Peaks:
    loudest = np.abs(samples.reshape(-1, _SAMPLES)).max(axis=1)
    return np.asarray(np.minimum(loudest, 1) * _LOUDEST, dtype=np.uint8)


def _are_peaks(array: npt.NDArray[np.float64]) -> bool:
    return bool(((array >= 0) & (array <= _LOUDEST)).all())
