"""Writing that leaves either the whole file or nothing."""

from __future__ import annotations

import glob
import os
import platform
import tempfile
import zlib
from collections.abc import Sequence
from pathlib import Path

from .errors import OutputError


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


def write_atomically(path: Path, data: bytes, *, overwrite: bool = False) -> None:
    """Writes *data* to *path*: all of it, or, on any failure, nothing.

    Args:
        path: the file; its folder must exist
        data: its whole content
        overwrite: whether an existing file may be replaced

    Raises:
        OutputError: if the file exists and may not be replaced, or cannot be written
    """
    temporary: Path | None = None
    try:
        handle, temporary = temporary_beside(path)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        place(temporary, path, overwrite=overwrite)
    except OSError as error:
        raise OutputError(f"cannot be written ({error.strerror})", path=path) from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def temporary_beside(path: Path, *, suffix: str = ".tmp") -> tuple[int, Path]:
    """A new file in the folder of *path*, open for writing, and its name.

    The name tells which process of which machine it belongs to. Those of
    processes that were killed are removed here, so that none stays for longer
    than until the next run.

    Args:
        path: what the file will be, see `place`
        suffix: the end of its name
    """
    mine = f"{zlib.crc32(platform.node().encode()):08x}"
    stem = f".{path.name[:100]}.{mine}-"
    for left in path.parent.glob(f"{glob.escape(stem)}*"):
        process = left.name[len(stem) :].partition("-")[0]
        if process.isdigit() and not _is_alive(int(process)):
            left.unlink(missing_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f"{stem}{os.getpid()}-", suffix=suffix)
    return handle, Path(name)


def _is_alive(process: int) -> bool:
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
    temporary.chmod(_mode_of(path))
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


def _mode_of(path: Path) -> int:
    """The permissions that a file at *path* has, or would get when made plainly."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
