"""Checks the programs that subemo runs: ffmpeg and a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .check import Check, State, checked

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
            "filters": ("aresample", "channelmap", "asetpts", "asetnsamples"),
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
        "ffmpeg for SBV and MPL2",
        "captions in these formats cannot be written",
        {"demuxers": ("subviewer", "mpl2"), "decoders": ("subviewer", "mpl2")},
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
