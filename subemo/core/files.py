"""Writing that leaves either the whole file or nothing."""

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
    """Refuses an output that would harm something, before any work is done for it.

    Args:
        path: where the output will go
        inputs: files that must never be written over, whatever *overwrite* says
        overwrite: whether another existing file may be replaced

    Raises:
        OutputError: if *path* is an input, exists, or lies where nothing can be written
    """
    for source in inputs:
        if path == source or (path.exists() and source.exists() and path.samefile(source)):
            raise OutputError(
                "this is an input, and inputs are never written over",
                path=path,
                remedy="Choose another output with -o.",
            )
    if not path.name:
        raise OutputError("an output needs a name", path=path, remedy="Name a file with -o.")
    _refuse_special(path)
    if path.is_dir():
        raise OutputError("this is a folder", path=path, remedy="Name a file with -o.")
    if path.exists() and not overwrite:
        raise OutputError(
            "the file exists already", path=path, remedy="Use --overwrite, or -o for another."
        )
    folder = path.parent
    if not folder.is_dir():
        raise OutputError("no such folder", path=folder, remedy="Make it first, or choose -o.")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise OutputError(
            "nothing can be written in this folder",
            path=folder,
            remedy="Choose another place with -o.",
        )


def _refuse_special(path: Path) -> None:
    if path.exists() and not path.is_file() and not path.is_dir():
        raise OutputError(
            "this is a device or pipe, and no file", path=path, remedy="Name a file with -o."
        )


def write_atomically(path: Path, data: bytes, *, overwrite: bool = False) -> None:
    """Writes *data* to *path*: all of it, or, on any failure, nothing.

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
    """A temporary file with all of *data* beside *path*, for `place`; it is gone after the block.

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
    """Lets one process at a time write files that belong together into *folder*.

    Where a file system knows no locks, nobody waits.
    """
    handle = None
    try:
        if fcntl is not None:
            handle = os.open(folder, os.O_RDONLY)
            fcntl.flock(handle, fcntl.LOCK_EX)
    except OSError:
        pass  # the files are written one after the other all the same
    try:
        yield
    finally:
        if handle is not None:
            os.close(handle)


def temporary_beside(path: Path, *, suffix: str = ".tmp") -> tuple[int, Path]:
    """A new file in the folder of *path*, open for writing, and its name.

    It has the permissions that a plainly made file gets. The name tells which
    process of which machine it belongs to. Those of processes that were killed
    are removed here, so that none stays for longer than until the next run.

    Args:
        path: what the file will be, see `place`
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
    """Removes what processes of this machine that were killed left in a folder."""
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
        # One that has ended, and that nobody has asked for its exit code.
        if Path(f"/proc/{process}/stat").read_bytes().rpartition(b") ")[2][:1] == b"Z":
            return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # it is somebody else's
        return True
    return True


def place(temporary: Path, path: Path, *, overwrite: bool = False) -> None:
    """Gives a finished file its name, and the permissions that go with it.

    Args:
        temporary: the file, in the same folder; it is there no longer, or has
            another name still
        path: its name
        overwrite: whether an existing file may be replaced

    Raises:
        OutputError: if the name is taken and may not be
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
            "the file exists already", path=path, remedy="Use --overwrite, or -o for another."
        ) from error


def _place_new(temporary: Path, path: Path) -> None:
    # A hard link fails where the name is taken, which a rename would not.
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        with path.open("xb"):
            pass
        temporary.replace(path)
