"""Reading what may be anything: plain files alone, and no more of them than is expected."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

#: A pipe without a writer is no reason to wait, and no terminal becomes ours. What a system
#: does not have is left out.
_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_BINARY", 0)
)


def open_plain(path: Path, *, follow: bool = True) -> int:
    """A file, open for reading, that is neither a folder nor a pipe nor a device.

    Args:
        path: the file
        follow: whether it may be a symbolic link

    Returns:
        its descriptor, which the caller closes

    Raises:
        OSError: if there is no such file, or it is of another kind (`errno.EINVAL`)
    """
    handle = os.open(path, _FLAGS | (0 if follow else getattr(os, "O_NOFOLLOW", 0)))
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(errno.EINVAL, "not a plain file", str(path))
    return handle


def read_plain(path: Path, *, largest: int) -> bytes:
    """The content of a plain file.

    Args:
        path: the file, or a symbolic link to it
        largest: how many bytes it may have

    Raises:
        OSError: if it cannot be read, is no plain file, or is larger (`errno.EFBIG`)
    """
    with os.fdopen(open_plain(path), "rb") as file:
        data = file.read(largest + 1)
    if len(data) > largest:
        raise OSError(errno.EFBIG, f"larger than {largest:,} bytes", str(path))
    return data
