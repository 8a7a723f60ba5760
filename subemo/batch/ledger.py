"""The state of a batch: an entry for each film, written before its captions.

An entry has everything that the captions depend on, and the SHA-256 of each file
about to be written. A run killed between the two leaves an entry without files,
and the film is done again; captions that match their entry's hash are finished,
whenever a run was killed.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from ..captions.naming import tagged_stem
from ..core.cache import file_digest
from ..core.errors import OutputError, SubemoError
from ..core.files import open_plain, read_plain, write_atomically
from ..core.version import __version__
from ..model.bundle import DESCRIPTION_FILE, WEIGHTS_FILE, find_bundle
from .jobs import Job

_VERSION = 1

#: The most hashes of one file, of runs that were stopped one after the other.
_MOST_VERSIONS = 8

#: The largest entry, in bytes, and the largest number in it.
_LARGEST, _MOST = 1 << 20, 10**12


@dataclass(frozen=True)
class Stamp:
    """A file's hash, and metadata that detects changes without reading it.

    Attributes:
        sha256: SHA-256 of its content
        size: in bytes
        modified: modification time in nanoseconds, which users can set
        changed: change time (ctime) in nanoseconds, which users cannot set
        inode: inode number, which differs for a file that replaces it
    """

    sha256: str
    size: int
    modified: int
    changed: int = -1
    inode: int = -1

    @classmethod
    def of(cls, path: Path, known: Stamp | None = None) -> Stamp:
        """The stamp of a file; *known* is reused if the metadata did not change."""
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
    """The state of a film's captions.

    Attributes:
        settings: a digest of everything they depend on except the film and its subtitles
        video: the film
        subtitles: its subtitle file, or None
        files: the SHA-256 of each output file, by its path
        shown: counts of cues and tags, for the results
        earlier: the same for what was there before, and may still be there if runs were
            stopped; of several versions the hashes are divided by blanks
    """

    settings: str
    video: Stamp
    subtitles: Stamp | None
    files: dict[str, str]
    shown: dict[str, Any]
    earlier: dict[str, str] = field(default_factory=dict)

    def wrote(self, path: Path) -> bool:
        """Whether this batch wrote, or was about to write, the file at *path*."""
        written = [*self.earlier.items(), *self.files.items()]
        return any(
            place(Path(name)) == place(path) and any(_holds(path, one) for one in hashes.split())
            for name, hashes in written
        )

    @property
    def known(self) -> dict[str, str]:
        """For each file, the hashes of what may be in it, divided by blanks, the latest last."""
        found = dict(self.earlier)
        for name, one in self.files.items():
            before = [other for other in found.get(name, "").split() if other != one]
            found[name] = " ".join([*before[1 - _MOST_VERSIONS :], one])
        return found

    def is_of(self, job: Job, subtitles: Path | None) -> bool:
        """Whether all its files are captions of *job*, whatever somebody wrote into the entry."""
        stem, folder = tagged_stem(subtitles or job.video), place(job.folder / "captions").parent
        names = {Path(name).name for name in self.files}
        return Path(str(self.shown["output"])).name in names and all(
            place(Path(name)).parent == folder and Path(name).name.startswith(f"{stem}.")
            for name in self.files
        )


@dataclass(frozen=True)
class Ledger:
    """The entries of a batch, in a folder.

    Attributes:
        folder: the folder; if deleted, everything is done again
    """

    folder: Path

    def entry(self, job: Job) -> Entry | None:
        """The entry of a film, or None."""
        for path in (self._path(job), self._path(job, with_form=False)):
            try:
                content = json.loads(read_plain(path, largest=_LARGEST))
                return _entry(content) if content["version"] == _VERSION else None
            except FileNotFoundError:
                continue
            except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
                return None
        return None

    def write(self, job: Job, entry: Entry) -> None:
        """Stores the entry of a film."""
        self.folder.mkdir(parents=True, exist_ok=True)
        content = {"version": _VERSION, "film": str(job.video), **asdict(entry)}
        data = json.dumps(content, indent=1).encode()
        write_atomically(self._path(job), data, overwrite=True)

    def forget(self, jobs: Iterable[Job]) -> None:
        """Marks films to be done again, while remembering their captions as ours."""
        for job in jobs:
            entry = self.entry(job)
            if entry is not None:
                self.write(job, replace(entry, settings=""))

    def finished(self, job: Job, subtitles: Path | None) -> Entry | None:
        """The entry of a film whose captions exist and are up to date, or None."""
        entry = self.entry(job)
        if entry is None or entry.settings != digest_of(job):
            return None
        try:
            video = Stamp.of(job.video, entry.video)
            words = None if subtitles is None else Stamp.of(subtitles, entry.subtitles)
        except OSError:  # reported where they are read
            return None
        if video.sha256 != entry.video.sha256:
            return None
        if (words and words.sha256) != (entry.subtitles and entry.subtitles.sha256):
            return None
        files = entry.files.items()
        if not entry.is_of(job, subtitles):
            return None
        if not all(_holds(Path(path), sha256) for path, sha256 in files):
            return None
        if (video, words) != (entry.video, entry.subtitles):
            # Copied or touched but unchanged: store the stamp so that it is not read again.
            with suppress(OSError, OutputError):
                self.write(job, replace(entry, video=video, subtitles=words))
        return entry

    def _path(self, job: Job, *, with_form: bool = True) -> Path:
        """The entry of a film in a format; 1.0.0 had one for all formats."""
        key = "\0".join(os.path.normpath(path.absolute()) for path in (job.video, job.folder))
        if with_form and job.settings.form is not None:
            key += f"\0{job.settings.form}"
        name = hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()
        return self.folder / f"{name}.json"


def place(path: Path) -> Path:
    """Where a file is, the same from every working directory: its folder with links resolved."""
    try:
        return path.parent.resolve() / path.name
    except (OSError, ValueError, RuntimeError):  # a loop of links, or an invalid name
        return path.absolute()


def _entry(content: dict[str, Any]) -> Entry:
    """Parses an entry.

    Raises:
        TypeError: if a value has the wrong type
        KeyError: if a value is missing
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
    duration = shown.get("duration_ms")
    numbers = [shown.get("cues", 0), shown.get("tagged", 0), 0 if duration is None else duration]
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
    """Whether the file exists with this SHA-256."""
    try:
        with os.fdopen(open_plain(path), "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256
    except (OSError, ValueError):  # an invalid name raises ValueError
        return False


def digest_of(job: Job) -> str:
    """A digest of everything captions depend on except the film and its subtitles."""
    settings = job.settings
    parts = (
        __version__, _model_digest(settings.model), settings.policy, settings.form,
        settings.language, settings.adaptation, settings.witness, settings.without,
        settings.sound_cues, _file_digest(settings.sound_model),
    )  # fmt: skip
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def _file_digest(path: Path | None) -> str:
    try:
        return "" if path is None else file_digest(path)
    except OSError:  # reported where it is read
        return ""


def _model_digest(model: str) -> str:
    try:
        folder = find_bundle(model)
        parts = [file_digest(folder / name) for name in (DESCRIPTION_FILE, WEIGHTS_FILE)]
        return hashlib.sha256("".join(parts).encode()).hexdigest()
    except (OSError, SubemoError):  # reported where the model is loaded
        return ""
