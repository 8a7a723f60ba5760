"""Finds fonts with all characters to draw, since renderers silently skip missing ones."""

from __future__ import annotations

import os
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..core.errors import OutputError
from ..core.files import open_plain

#: Legible and common fonts, preferred in this order.
_PREFERRED = (
    "DejaVuSans.ttf", "NotoSans-Regular.ttf", "LiberationSans-Regular.ttf", "Arial.ttf", "arial.ttf",
    "Helvetica.ttc", "NotoSansCJK-Regular.ttc", "msgothic.ttc", "Arial Unicode.ttf",
)  # fmt: skip
_SUFFIXES = frozenset({".ttf", ".otf", ".ttc"})


@dataclass(frozen=True)
class Font:
    """A font file.

    Attributes:
        path: the file
        family: its family name in styles
    """

    path: Path
    family: str


def font_for(text: str, *, named: Path | None = None) -> Font:
    """Finds a font with every character of *text*.

    Args:
        text: the text to draw
        named: the user's font; None to look for one on this machine

    Raises:
        OutputError: if there is none, with the missing characters
    """
    needed = needed_characters(text)
    if named is not None:
        missing = needed - _characters(named)
        if missing:
            raise OutputError(
                f"this font lacks {_listed(missing)}",
                path=named,
                remedy="Give another with `font`.",
            )
        return Font(named, _family(named))
    fewest: set[int] | None = None
    for path in _installed():
        try:
            missing = needed - _characters(path)
        except OutputError:
            continue
        if not missing:
            return Font(path, _family(path))
        if fewest is None or len(missing) < len(fewest):
            fewest = missing
    if fewest is None:
        raise OutputError(
            "no font found on this machine",
            remedy="Install one (DejaVu Sans, Noto Sans), or give a file with `font`.",
        )
    raise OutputError(
        f"no single font on this machine has every character of these captions; the nearest lacks "
        f"{_listed(fewest)}",
        remedy="Install one for all their scripts, or give a file with `font`.",
    )


def needed_characters(text: str) -> set[int]:
    """The visible characters of *text*."""
    return {
        ord(char)
        for char in text
        if unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zs", "Zl", "Zp", "Mn")
    }


def _characters(path: Path) -> set[int]:
    from fontTools.ttLib import TTFont, TTLibError

    try:
        with (
            os.fdopen(open_plain(path), "rb") as file,
            TTFont(file, fontNumber=0, lazy=True) as font,
        ):
            return set(font.getBestCmap() or ())
    except (OSError, TTLibError, KeyError, AssertionError) as error:
        raise OutputError(f"not a readable font ({error})", path=path) from error


def _family(path: Path) -> str:
    from fontTools.ttLib import TTFont

    with TTFont(path, fontNumber=0, lazy=True) as font:
        return str(font["name"].getBestFamilyName() or path.stem)


def _installed() -> Iterator[Path]:
    """The fonts on this machine, the preferred ones first."""
    found: dict[str, list[Path]] = {}
    for folder in _folders():
        for root, _, names in os.walk(folder):
            for name in names:
                if Path(name).suffix.lower() in _SUFFIXES:
                    found.setdefault(name, []).append(Path(root) / name)
    for name in _PREFERRED:
        yield from found.pop(name, [])
    for name in sorted(found, key=lambda name: ("Regular" not in name, name)):
        if not any(style in name for style in ("Bold", "Italic", "Oblique", "Mono", "Light")):
            yield from found[name]


def _folders() -> list[Path]:
    home = Path.home()
    if sys.platform == "darwin":
        return [Path("/Library/Fonts"), Path("/System/Library/Fonts"), home / "Library/Fonts"]
    if sys.platform == "win32":
        return [Path(os.environ.get("WINDIR", "C:/Windows")) / "Fonts"]
    data = os.environ.get("XDG_DATA_HOME") or home / ".local/share"
    return [Path(data) / "fonts", home / ".fonts", Path("/usr/local/share/fonts"),
            Path("/usr/share/fonts")]  # fmt: skip


def _listed(missing: set[int]) -> str:
    shown = ", ".join(f"{chr(code)} (U+{code:04X})" for code in sorted(missing)[:5])
    return f"{shown} and {len(missing) - 5} more" if len(missing) > 5 else shown
