"""Private folders for large temporary files, removed even after a run that was killed.

A folder stays locked while it is in use. A run that finds an unlocked one
removes it, since its owner was killed.
"""

from __future__ import annotations

import os
import platform
import shutil
import sys
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from .errors import OutputError


@contextmanager
def scratch() -> Iterator[Path]:
    """A new temporary folder (in ``TMPDIR``) for this block.

    Folders that killed runs of this user left on this machine are removed first.

    Yields:
        the folder, readable by this user only

    Raises:
        OutputError: if it cannot be created
    """
    sweep()
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


def sweep() -> None:
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
    return f"subemo-{zlib.crc32(platform.node().encode()):08x}-"
