"""Safe reading: regular files only, up to a size limit."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

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
