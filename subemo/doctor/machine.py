"""Checks the machine: fonts, the cache, settings, and space for temporary files."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from ..core.errors import OutputError
from .check import Check, State, checked

#: The free space for temporary files that a long film may need, in bytes.
LITTLE_ROOM = 1_000_000_000

_GB = 1e9

#: The characters that a font must have to draw English tags.
_LATIN = "ABCXYZabcxyz()[]'-"


def machine_checks() -> Iterator[Check]:
    """Checks fonts, cache, settings and temporary files."""
    yield checked(
        "font for --burn", _font, is_required=False,
        remedy=_OTHER_FONT,
    )  # fmt: skip
    yield checked(
        "cache", _cache, is_required=False, remedy="Set XDG_CACHE_HOME to another folder."
    )
    yield checked("settings", _settings, is_required=True, remedy="Correct the file.")
    yield checked("temporary files", _scratch, is_required=True, remedy=_OTHER_SCRATCH)


_OTHER_SCRATCH = "Set TMPDIR to another folder."
_OTHER_FONT = "Install one (DejaVu Sans, Noto Sans), or give a file with `font`."


def _font() -> Check:
    from ..render.fonts import font_for

    try:
        font = font_for(_LATIN)
    except OutputError as error:
        return Check(
            "font for --burn", State.MISSING, error.problem, remedy=error.remedy or _OTHER_FONT
        )
    return Check(
        "font for --burn", State.OK, f"{font.family}, {font.path}",
        data={"family": font.family, "path": str(font.path)},
    )  # fmt: skip


def _cache() -> Check:
    from ..core.cache import LIMIT, user_cache

    cached = user_cache()
    folder = cached.folder
    data: dict[str, object] = {"path": str(folder), "largest_bytes": LIMIT}
    problem = _why_not_writable(folder)
    if problem:
        return Check(
            "cache", State.BROKEN, f"{folder} is not writable ({problem}), so nothing is cached",
            remedy="Make it writable, or set XDG_CACHE_HOME to another folder.", data=data,
        )  # fmt: skip
    count, size = cached.size()
    data |= {"entries": count, "bytes": size}
    detail = f"{folder}: {size / _GB:.2f} GB of at most {LIMIT / _GB:.2f} GB"
    return Check("cache", State.OK, detail, data=data)


def _settings() -> Check:
    from ..core.settings import FILE_NAME, find_settings, read_settings
    from ..tagging.policy import TagPolicy

    path = find_settings()
    if path is None:
        return Check("settings", State.OK, f"no {FILE_NAME}: the defaults", True)
    values = read_settings(path, TagPolicy)
    TagPolicy(**values)
    return Check(
        "settings", State.OK, f"{path}: {', '.join(values) or 'nothing'}", True,
        data={"path": str(path), "settings": list(values)},
    )  # fmt: skip


def _scratch() -> Check:
    try:
        folder = Path(tempfile.gettempdir())
    except FileNotFoundError as error:
        return Check("temporary files", State.BROKEN, str(error), True, _OTHER_SCRATCH)
    free = shutil.disk_usage(folder).free
    detail = f"{folder}: {free / _GB:.1f} GB free"
    data: dict[str, object] = {"path": str(folder), "free_bytes": free}
    problem = _why_not_writable(folder)
    if problem:
        detail = f"{folder} is not writable ({problem})"
        return Check("temporary files", State.BROKEN, detail, True, _OTHER_SCRATCH, data)
    if free < LITTLE_ROOM:
        return Check("temporary files", State.LIMITED, detail, True, _OTHER_SCRATCH, data)
    return Check("temporary files", State.OK, detail, True, data=data)


def _why_not_writable(folder: Path) -> str:
    """Why a folder, or its nearest existing parent, is not writable; empty if it is."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    try:
        # Permissions are not sufficient: the file system may be mounted read-only.
        with tempfile.TemporaryFile(dir=folder):
            return ""
    except OSError as error:
        return error.strerror or str(error)
