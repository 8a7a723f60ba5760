"""Files: regular ones read up to a size, written whole or not at all, and temporary ones.

A private folder for large temporary files stays locked while it is in use. A run that finds an
unlocked one removes it, since its owner was killed.
"""

from __future__ import annotations

import errno
import glob
import os
import platform
import secrets
import shutil
import stat
import sys
import tempfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from .errors import OutputError

#: Opening must not wait for a pipe's writer, nor make a terminal the controlling one. Flags
#: that a system lacks are left out.
_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_BINARY", 0)
)


def open_plain(path: Path, *, follow: bool = True) -> int:
    """Opens a file for reading that is not a folder, pipe or device.

    Args:
        path: the file
        follow: whether it may be a symbolic link

    Returns:
        its descriptor, which the caller must close

    Raises:
        OSError: if it does not exist or is not a regular file (`errno.EINVAL`)
    """
    handle = os.open(path, _FLAGS | (0 if follow else getattr(os, "O_NOFOLLOW", 0)))
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(errno.EINVAL, "not a regular file", str(path))
    return handle


def read_plain(path: Path, *, largest: int) -> bytes:
    """Reads a regular file.

    Args:
        path: the file, or a symbolic link to it
        largest: its maximum size in bytes

    Raises:
        OSError: if it cannot be read, is not a regular file, or is larger (`errno.EFBIG`)
    """
    with os.fdopen(open_plain(path), "rb") as file:
        data = file.read(largest + 1)
    if len(data) > largest:
        raise OSError(errno.EFBIG, f"larger than {largest:,} bytes", str(path))
    return data


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
                remedy="Choose another output with `path`.",
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
            remedy="Replace it with `overwrite=True`, or choose another output with `path`.",
        )
    folder = path.parent
    if not folder.is_dir():
        raise OutputError(
            "the folder does not exist",
            path=folder,
            remedy="Create it, or choose another output with `path`.",
        )
    if not os.access(folder, os.W_OK | os.X_OK):
        raise OutputError(
            "this folder is not writable",
            path=folder,
            remedy="Choose another output with `path`.",
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
            remedy="Replace it with `overwrite=True`, or choose another output with `path`.",
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


@contextmanager
def scratch() -> Iterator[Path]:
    """A new temporary folder (in ``TMPDIR``) for this block.

    Folders that killed runs of this user left on this machine are removed first.

    Yields:
        the folder, readable by this user only

    Raises:
        OutputError: if it cannot be created
    """
    sweep_scratch()
    folder: Path | None = None
    lock: int | None = None
    try:
        try:
            folder, lock = _locked_folder()
        except OSError as error:
            raise OutputError(
                f"cannot create a temporary folder ({error.strerror})",
                path=tempfile.gettempdir(),
                remedy="Set TMPDIR to another folder.",
            ) from error
        yield folder
    finally:
        if folder is not None:
            try:
                shutil.rmtree(folder, ignore_errors=True)
            except BaseException:  # a signal may come at any point
                shutil.rmtree(folder, ignore_errors=True)
                raise
        if lock is not None:
            os.close(lock)


def sweep_scratch() -> None:
    """Removes the folders of this user's killed runs on this machine."""
    if sys.platform == "win32":  # no locks to tell whether a folder is in use
        return
    for folder in Path(tempfile.gettempdir()).glob(f"{_stem()}*"):
        with suppress(OSError):
            if folder.lstat().st_uid != os.getuid():
                continue
            lock = _lock(folder)
            if lock is not None:
                shutil.rmtree(folder, ignore_errors=True)
                os.close(lock)


def _locked_folder() -> tuple[Path, int | None]:
    """A new folder and its open lock."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=_stem()))
        if sys.platform == "win32":
            return folder, None
        # Another run may remove it before it is locked.
        with suppress(FileNotFoundError, BlockingIOError):
            lock = _lock(folder)
            if lock is None or folder.exists():
                return folder, lock
            os.close(lock)


def _lock(folder: Path) -> int | None:
    """Locks a folder and returns the descriptor; None if the file system has no locks.

    Raises:
        BlockingIOError: if it is locked
        OSError: if it is not a folder or not readable
    """
    import fcntl

    lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        raise
    except OSError:  # then no other run can lock and remove it either
        os.close(lock)
        return None
    return lock


def _stem() -> str:
    return f"subemo-{_machine()}-"
