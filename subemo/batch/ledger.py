"""What a batch has done: an entry for each film, written before its captions are.

An entry names all that the captions depend on, and the SHA-256 of each file
that is about to be written. Whoever is killed between the two leaves an entry
without files, and the film is done again; captions that bear their entry's
hash are done, whoever was killed when.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from .. import __version__
from ..cache import file_digest
from ..errors import SubemoError
from ..files import write_atomically
from ..model.bundle import DESCRIPTION_FILE, WEIGHTS_FILE, find_bundle
from .jobs import Job

_VERSION = 1


@dataclass(frozen=True)
class Stamp:
    """A file's content, and by what it is known again without being read.

    Attributes:
        sha256: of its content
        size: in bytes
        modified: when, in nanoseconds
    """

    sha256: str
    size: int
    modified: int

    @classmethod
    def of(cls, path: Path, known: Stamp | None = None) -> Stamp:
        """The stamp of a file; *known* is taken where size and time have not changed."""
        status = path.stat()
        if known is not None and (known.size, known.modified) == (
            status.st_size,
            status.st_mtime_ns,
        ):
            return known
        return cls(file_digest(path), status.st_size, status.st_mtime_ns)


@dataclass(frozen=True)
class Entry:
    """What is known of a film's captions.

    Attributes:
        settings: a digest of all that they depend on but the film and its subtitles
        video: the film
        subtitles: its subtitle file, or None
        files: the SHA-256 of each file that was written, by its path
        shown: cues, tags and the like, for the results
        earlier: the SHA-256 of the files that stood there before, and may
            stand there still if this run was stopped
    """

    settings: str
    video: Stamp
    subtitles: Stamp | None
    files: dict[str, str]
    shown: dict[str, Any]
    earlier: dict[str, str] = field(default_factory=dict)

    def wrote(self, path: Path) -> bool:
        """Whether the file at *path* is one that this batch wrote, or was about to."""
        try:
            found = hashlib.sha256(path.read_bytes()).hexdigest()
        except OSError:
            return False
        return found in (self.files.get(str(path)), self.earlier.get(str(path)))


@dataclass(frozen=True)
class Ledger:
    """The entries of a batch, in a folder.

    Attributes:
        folder: where they lie; safe to delete, and then everything is done again
    """

    folder: Path

    def entry(self, job: Job) -> Entry | None:
        """What is known of a film, or None."""
        try:
            content = json.loads(self._path(job).read_bytes())
            if content["version"] != _VERSION:
                return None
            return Entry(
                settings=str(content["settings"]),
                video=Stamp(**content["video"]),
                subtitles=Stamp(**content["subtitles"]) if content["subtitles"] else None,
                files=dict(content["files"]),
                shown=dict(content["shown"]),
                earlier=dict(content["earlier"]),
            )
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def write(self, job: Job, entry: Entry) -> None:
        """Keeps what is known of a film."""
        self.folder.mkdir(parents=True, exist_ok=True)
        content = {"version": _VERSION, "film": str(job.video), **asdict(entry)}
        data = json.dumps(content, indent=1).encode()
        write_atomically(self._path(job), data, overwrite=True)

    def forget(self, jobs: Iterable[Job]) -> None:
        """Has these films done again; that their captions are ours is still known."""
        for job in jobs:
            entry = self.entry(job)
            if entry is not None:
                self.write(job, replace(entry, settings=""))

    def finished(self, job: Job, subtitles: Path | None) -> Entry | None:
        """The entry of a film whose captions are there, of this film, in these ways; or None."""
        entry = self.entry(job)
        if entry is None or entry.settings != digest_of(job):
            return None
        if Stamp.of(job.video, entry.video).sha256 != entry.video.sha256:
            return None
        found = None if subtitles is None else Stamp.of(subtitles, entry.subtitles).sha256
        if found != (entry.subtitles and entry.subtitles.sha256):
            return None
        try:
            is_there = bool(entry.files) and all(
                hashlib.sha256(Path(path).read_bytes()).hexdigest() == sha256
                for path, sha256 in entry.files.items()
            )
        except OSError:
            return None
        return entry if is_there else None

    def _path(self, job: Job) -> Path:
        place = f"{job.video.absolute()}\0{job.folder.absolute()}"
        name = hashlib.sha256(place.encode("utf-8", "surrogateescape")).hexdigest()
        return self.folder / f"{name}.json"


def digest_of(job: Job) -> str:
    """All that captions depend on but the film and its subtitles."""
    settings = job.settings
    parts = (
        __version__, _model_digest(settings.model), settings.policy, settings.form,
        settings.language, settings.adaptation, settings.without,
    )  # fmt: skip
    return hashlib.sha256(repr(parts).encode()).hexdigest()


@lru_cache(maxsize=4)
def _model_digest(model: str) -> str:
    try:
        folder = find_bundle(model)
        digest = hashlib.sha256((folder / DESCRIPTION_FILE).read_bytes())
        digest.update((folder / WEIGHTS_FILE).read_bytes())
        return digest.hexdigest()
    except (OSError, SubemoError):  # said better where the model is loaded
        return ""
