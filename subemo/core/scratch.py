"""Room for large temporary files: private, and taken away also after a run that was killed.

A folder is locked for as long as it is in use. Whoever finds one whose lock is
free finds what a run left that could not clean up, and takes it away.
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
    """A new folder in the system's place for temporary files (``TMPDIR``), for this block.

    Those that killed runs of this user left on this machine are taken away first.

    Yields:
        the folder, which nobody else may look into

    Raises:
        OutputError: if none can be made
    """
    sweep()
    folder: Path | None = None
    lock: int | None = None
    try:
        try:
            folder, lock = _locked_folder()
        except OSError as error:
            raise OutputError(
                f"no room for temporary files ({error.strerror})",
                path=tempfile.gettempdir(),
                remedy="Name another folder in TMPDIR.",
            ) from error
        yield folder
    finally:
        if folder is not None:
            try:
                shutil.rmtree(folder, ignore_errors=True)
            except BaseException:  # a signal, in the midst of it
                shutil.rmtree(folder, ignore_errors=True)
                raise
        if lock is not None:
            os.close(lock)


def sweep() -> None:
    """Takes away the folders of this user's runs on this machine that were killed."""
    if sys.platform == "win32":  # no locks, so nobody knows
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
    """A new folder, and its open lock."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=_stem()))
        if sys.platform == "win32":
            return folder, None
        # Another run may be about to take it away, or have done so, before it is locked.
        with suppress(FileNotFoundError, BlockingIOError):
            lock = _lock(folder)
            if lock is None or folder.exists():
                return folder, lock
            os.close(lock)


def _lock(folder: Path) -> int | None:
    """The lock of a folder, open; None if its file system has none.

    Raises:
        BlockingIOError: if it is locked
        OSError: if it is no folder, or may not be read
    """
    import fcntl

    lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        raise
    except OSError:  # then no other run can lock it either, and so take it away
        os.close(lock)
        return None
    return lock


def _stem() -> str:
    return f"subemo-{zlib.crc32(platform.node().encode()):08x}-"
