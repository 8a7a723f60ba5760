"""Checks the machine: fonts, the cache, settings, space for temporary files, and programs."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
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


_REMEDY = (
    "Unset SUBEMO_FFMPEG to use the bundled ffmpeg, "
    "or set it to another one, of version 6 or later."
)

#: The options of ffmpeg that list its parts.
_LISTS = ("demuxers", "muxers", "decoders", "encoders", "filters")

#: A line of such a list: marks, then names that are separated by commas.
_ENTRY = re.compile(r"^ [A-Z.| a-z]{1,6} ([\w,-]+) ", re.MULTILINE)

_CONFIGURED = re.compile(r"--enable-(libass|fontconfig)\b")


@dataclass(frozen=True)
class Need:
    """Parts of ffmpeg needed for a purpose.

    Attributes:
        name: name of the check
        purpose: what does not work without them, as a clause
        parts: names by the option of ffmpeg that lists them
        is_required: whether `subemo annotate` needs them
    """

    name: str
    purpose: str
    parts: Mapping[str, tuple[str, ...]]
    is_required: bool = False


#: The parts of ffmpeg that subemo uses. ffprobe is not used.
NEEDS = (
    Need(
        "ffmpeg for annotate",
        "annotate decodes sound and proves captions with it",
        {
            "demuxers": ("mov", "matroska", "wav", "srt", "webvtt", "ass"),
            "muxers": ("f32le", "ass", "srt", "webvtt"),
            "decoders": ("subrip", "webvtt", "ass", "mov_text"),
            "encoders": ("pcm_f32le", "ass", "subrip", "webvtt"),
            "filters": (
                "amerge", "ametadata", "anullsink", "aphasemeter", "aresample", "asetnsamples",
                "asetpts", "asplit", "channelmap",
            ),
        },
        is_required=True,
    ),
    Need(
        "ffmpeg codecs of sound",
        "films whose sound is in these codecs cannot be read",
        {
            "decoders": (
                "aac", "ac3", "dca", "eac3", "flac", "mp3", "opus", "pcm_s16le", "vorbis",
            ),
        },
    ),
    Need(
        "ffmpeg for SBV, MPL2 and LRC",
        "captions in these formats cannot be written",
        {"demuxers": ("subviewer", "mpl2", "lrc"), "decoders": ("subviewer", "mpl2", "text")},
    ),
    Need(
        "ffmpeg for --mux",
        "captions cannot be put into films",
        {
            "muxers": ("mp4", "matroska", "webm"),
            "encoders": ("mov_text", "srt", "ass", "webvtt"),
        },
    ),
    Need(
        "ffmpeg for --burn",
        "pictures cannot be written (--burn, --timeline, review --proxy)",
        {
            "muxers": ("mp4", "mov", "matroska"),
            "encoders": ("libx264", "aac"),
            "filters": ("ass", "scale"),
        },
    ),
)  # fmt: skip


def program_checks() -> Iterator[Check]:
    """Checks ffmpeg and the browser."""
    yield (found := checked("ffmpeg", _ffmpeg, is_required=True, remedy=_REMEDY))
    if found.state is State.OK:
        program = str(found.data["path"])
        names = {name: listed(program, name) for name in _LISTS}
        for need in NEEDS:
            yield parts_check(need, names)
    yield checked("browser", _browser, is_required=False, remedy="Install one.")


def parts_check(need: Need, names: Mapping[str, frozenset[str]]) -> Check:
    """Checks whether ffmpeg has the parts for a purpose.

    Args:
        need: the needed parts
        names: the parts that ffmpeg has, by the option that lists them
    """
    missing = [
        f"{kind.removesuffix('s')} {part}"
        for kind, parts in need.parts.items()
        for part in parts
        if part not in names[kind]
    ]
    if missing:
        return Check(
            need.name,
            State.BROKEN if need.is_required else State.LIMITED,
            f"without {', '.join(missing)}: {need.purpose}",
            need.is_required,
            _REMEDY,
            {"missing": missing},
        )
    found = ", ".join(f"{len(parts)} {kind}" for kind, parts in need.parts.items())
    data = {kind: list(parts) for kind, parts in need.parts.items()}
    return Check(need.name, State.OK, f"has all {found}", need.is_required, data=data)


def listed(program: str, kind: str) -> frozenset[str]:
    """The names that ffmpeg lists.

    Args:
        program: the path of ffmpeg
        kind: the option that lists them, without its dash, such as ``encoders``
    """
    return names_in(_output(program, f"-{kind}"))


def names_in(text: str) -> frozenset[str]:
    r"""The names in a list printed by ffmpeg.

    >>> sorted(names_in(" D   mov,mp4,m4a     QuickTime\n V....D libx264     H.264\n"))
    ['libx264', 'm4a', 'mov', 'mp4']
    """
    return frozenset(name for match in _ENTRY.finditer(text) for name in match[1].split(","))


def _ffmpeg() -> Check:
    from ..media import ffmpeg_executable

    program = ffmpeg_executable()
    output = _output(program, "-version")
    match = re.match(r"ffmpeg version (\S+)", output)
    if match is None:
        return Check("ffmpeg", State.BROKEN, f"{program} is not ffmpeg", True, _REMEDY)
    built_with = sorted({found[1] for found in _CONFIGURED.finditer(output)})
    return Check(
        "ffmpeg",
        State.OK,
        f"{match[1]}{''.join(f', {one}' for one in built_with)}: {program}",
        True,
        data={"path": program, "version": match[1], "built_with": built_with},
    )


def _output(program: str, option: str) -> str:
    from ..media.ffmpeg import finished

    return finished([program, "-hide_banner", "-nostdin", option]).stdout.decode("utf-8", "replace")


def _browser() -> Check:
    import webbrowser

    try:
        found = webbrowser.get()
    except webbrowser.Error:
        return Check(
            "browser",
            State.MISSING,
            "none that `subemo review` could open",
            remedy="Install one, or write a review page, for a browser on another machine.",
        )
    name = getattr(found, "name", "") or "the system's own"
    return Check("browser", State.OK, f"{name}, for `subemo review`", data={"name": name})
