"""What a batch has done: an entry for each film, written before its captions are.

An entry names all that the captions depend on, and the SHA-256 of each file
that is about to be written. Whoever is killed between the two leaves an entry
without files, and the film is done again; captions that bear their entry's
hash are done, whoever was killed when.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..core.cache import file_digest
from ..core.errors import OutputError, SubemoError
from ..core.files import write_atomically
from ..core.reading import open_plain, read_plain
from ..core.version import __version__
from ..model.bundle import DESCRIPTION_FILE, WEIGHTS_FILE, find_bundle
from .jobs import Job

_VERSION = 1

#: No entry is larger, in bytes, and no number that it shows is.
_LARGEST, _MOST = 1 << 20, 10**12


@dataclass(frozen=True)
class Stamp:
    """A file's content, and by what it is known again without being read.

    Attributes:
        sha256: of its content
        size: in bytes
        modified: when, in nanoseconds; anybody can set this
        changed: when its entry in the file system was, in nanoseconds, which nobody can set
        inode: its number there, which another file that takes its name does not have
    """

    sha256: str
    size: int
    modified: int
    changed: int = -1
    inode: int = -1

    @classmethod
    def of(cls, path: Path, known: Stamp | None = None) -> Stamp:
        """The stamp of a file; *known* is taken where nothing of it has changed."""
        status = path.stat()
        found = (status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)
        if known is not None and found == (
            known.size,
            known.modified,
            known.changed,
            known.inode,
        ):
            return known
        return cls(file_digest(path), *found)


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
        written = (self.files.get(str(path)), self.earlier.get(str(path)))
        return any(one is not None and _holds(path, one) for one in written)


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
            content = json.loads(read_plain(self._path(job), largest=_LARGEST))
            return _entry(content) if content["version"] == _VERSION else None
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
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
        try:
            video = Stamp.of(job.video, entry.video)
            words = None if subtitles is None else Stamp.of(subtitles, entry.subtitles)
        except OSError:  # said better where they are read
            return None
        if video.sha256 != entry.video.sha256:
            return None
        if (words and words.sha256) != (entry.subtitles and entry.subtitles.sha256):
            return None
        files = entry.files.items()
        if not files or not all(_holds(Path(path), sha256) for path, sha256 in files):
            return None
        if (video, words) != (entry.video, entry.subtitles):
            # Copied or touched, but the same: so that it is not read again the next time.
            with suppress(OSError, OutputError):
                self.write(job, replace(entry, video=video, subtitles=words))
        return entry

    def _path(self, job: Job) -> Path:
        place = f"{job.video.absolute()}\0{job.folder.absolute()}"
        name = hashlib.sha256(place.encode("utf-8", "surrogateescape")).hexdigest()
        return self.folder / f"{name}.json"


def _entry(content: dict[str, Any]) -> Entry:
    """What a film's file says.

    Raises:
        TypeError: if it says something else
        KeyError: if it says too little
    """
    shown, subtitles = content["shown"], content["subtitles"]
    entry = Entry(
        settings=content["settings"],
        video=_stamp(content["video"]),
        subtitles=None if subtitles is None else _stamp(subtitles),
        files=dict(content["files"].items()),
        shown=dict(shown.items()),
        earlier=dict(content["earlier"].items()),
    )
    texts = [entry.settings, shown["output"], *entry.files.values(), *entry.earlier.values()]
    texts += [shown.get("subtitles", ""), shown.get("warnings", "")]
    numbers = [shown.get("cues", 0), shown.get("tagged", 0), shown.get("duration_ms") or 0]
    if not all(isinstance(one, str) for one in texts) or not all(map(_is_count, numbers)):
        raise TypeError
    return entry


def _stamp(content: dict[str, Any]) -> Stamp:
    stamp = Stamp(**content)
    numbers = (stamp.size, stamp.modified, stamp.changed, stamp.inode)
    if not isinstance(stamp.sha256, str) or not all(type(one) is int for one in numbers):
        raise TypeError
    return stamp


def _is_count(value: object) -> bool:
    return type(value) is int and 0 <= value <= _MOST


def _holds(path: Path, sha256: str) -> bool:
    """Whether a plain file with this SHA-256 is there."""
    try:
        with os.fdopen(open_plain(path), "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256
    except (OSError, ValueError):  # a name that there cannot be is a ValueError
        return False


def digest_of(job: Job) -> str:
    """All that captions depend on but the film and its subtitles."""
    settings = job.settings
    parts = (
        __version__, _model_digest(settings.model), settings.policy, settings.form,
        settings.language, settings.adaptation, settings.witness, settings.without,
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
