"""Atomic writing: either the whole file or nothing."""

from __future__ import annotations

import glob
import os
import platform
import secrets
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from .errors import OutputError

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]


def check_writable(path: Path, *, inputs: Sequence[Path] = (), overwrite: bool = False) -> None:
    """Checks that an output may be written, before any work is done.

    Args:
        path: the output
        inputs: files that must never be overwritten, even with *overwrite*
        overwrite: whether another existing file may be replaced

    Raises:
        OutputError: if *path* is an input, exists, or its folder is not writable
    """
    for source in inputs:
        if path == source or (path.exists() and source.exists() and path.samefile(source)):
            raise OutputError(
                "this is an input, and inputs are never overwritten",
                path=path,
                remedy="Choose another with `path`.",
            )
    if not path.name:
        raise OutputError("the output has no name", path=path, remedy="Name a file with `path`.")
    _refuse_special(path)
    if path.is_dir():
        raise OutputError(
            "this is a folder, not a file", path=path, remedy="Name a file with `path`."
        )
    if path.exists() and not overwrite:
        raise OutputError(
            "the file already exists",
            path=path,
            remedy="Replace it with `overwrite=True`, or choose another with `path`.",
        )
    folder = path.parent
    if not folder.is_dir():
        raise OutputError(
            "the folder does not exist",
            path=folder,
            remedy="Create it, or choose another with `path`.",
        )
    if not os.access(folder, os.W_OK | os.X_OK):
        raise OutputError(
            "this folder is not writable",
            path=folder,
            remedy="Choose another with `path`.",
        )


def create_folder(folder: Path, *, name: str = "this folder") -> None:
    """Creates a folder and its parents, where they are missing.

    Args:
        folder: its path
        name: what the message calls it

    Raises:
        OutputError: if it cannot be created
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"cannot create {name} ({error.strerror})", path=folder) from error


def _refuse_special(path: Path) -> None:
    if path.exists() and not path.is_file() and not path.is_dir():
        raise OutputError(
            "this is a device or pipe, not a file", path=path, remedy="Name a file with `path`."
        )


def write_atomically(path: Path, data: bytes, *, overwrite: bool = False) -> None:
    """Writes *data* to *path*; on any failure, *path* is unchanged.

    Args:
        path: the file; its folder must exist
        data: its whole content
        overwrite: whether an existing file may be replaced

    Raises:
        OutputError: if the file exists and may not be replaced, or cannot be written
    """
    with prepared(path, data) as temporary:
        place(temporary, path, overwrite=overwrite)


@contextmanager
def prepared(path: Path, data: bytes) -> Iterator[Path]:
    """A temporary file with *data* beside *path*, for `place`; deleted after the block.

    Raises:
        OutputError: if it cannot be written, or the block fails with an OSError
    """
    temporary: Path | None = None
    try:
        handle, temporary = temporary_beside(path)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        yield temporary
    except OSError as error:
        raise OutputError(f"cannot be written ({error.strerror})", path=path) from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


@contextmanager
def folder_lock(folder: Path) -> Iterator[None]:
    """Lets one process at a time write a set of files into *folder*.

    On file systems without locks it does nothing.
    """
    handle = None
    try:
        if fcntl is not None:
            handle = os.open(folder, os.O_RDONLY)
            fcntl.flock(handle, fcntl.LOCK_EX)
    except OSError:
        pass  # without a lock the files are still written one after another
    try:
        yield
    finally:
        if handle is not None:
            os.close(handle)


def temporary_beside(path: Path, *, suffix: str = ".tmp") -> tuple[int, Path]:
    """A new file in the folder of *path*, open for writing, and its name.

    It has the permissions of an ordinary new file. Its name identifies the process
    and machine it belongs to. Files of killed processes are removed here, so that
    none outlives the next run.

    Args:
        path: the final path, see `place`
        suffix: the end of its name
    """
    stem = f".{path.name[:100]}.{_machine()}-"
    _sweep(path.parent.glob(f"{glob.escape(stem)}*"))
    while True:
        temporary = path.parent / f"{stem}{os.getpid()}-{secrets.token_hex(4)}{suffix}"
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0)
        flags |= getattr(os, "O_BINARY", 0)
        try:
            return os.open(temporary, flags, 0o666), temporary
        except FileExistsError:
            continue


def sweep(folder: Path) -> None:
    """Removes temporary files that killed processes of this machine left in a folder."""
    _sweep(folder.glob(f".*.{_machine()}-*"))


def _sweep(found: Iterable[Path]) -> None:
    for left in found:
        process = left.name.rpartition(f".{_machine()}-")[2].partition("-")[0]
        if process.isdigit() and not _is_alive(int(process)):
            with suppress(OSError):
                left.unlink()


def _machine() -> str:
    return f"{zlib.crc32(platform.node().encode()):08x}"


def _is_alive(process: int) -> bool:
    with suppress(OSError):
        # A zombie: ended, but its exit code was not read.
        if Path(f"/proc/{process}/stat").read_bytes().rpartition(b") ")[2][:1] == b"Z":
            return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # it belongs to another user
        return True
    return True


def place(temporary: Path, path: Path, *, overwrite: bool = False) -> None:
    """Renames a finished file to its final name and sets its permissions.

    Args:
        temporary: the file, in the same folder; afterwards it is gone or
            has another name
        path: the final path
        overwrite: whether an existing file may be replaced

    Raises:
        OutputError: if *path* exists and must not be replaced
    """
    with suppress(FileNotFoundError):
        _refuse_special(path)
        temporary.chmod(path.stat().st_mode & 0o777)
    try:
        if overwrite:
            temporary.replace(path)
        else:
            _place_new(temporary, path)
    except FileExistsError as error:
        raise OutputError(
            "the file already exists",
            path=path,
            remedy="Replace it with `overwrite=True`, or choose another with `path`.",
        ) from error


def _place_new(temporary: Path, path: Path) -> None:
    # Unlike a rename, a hard link fails if the name is taken.
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        with path.open("xb"):
            pass
        temporary.replace(path)
