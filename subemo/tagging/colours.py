"""The colours of tags: told apart by people of every kind of sight, and never alone.

The hues are those of Okabe and Ito ("Color Universal Design", 2008), made
lighter until they have the contrast on black that WCAG 2.2 asks of text
(1.4.3: 4.5 to 1). A tag's words always stand beside its colour (1.4.1).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from ..core.emotions import Emotion
from ..core.errors import SettingsError
from ..core.settings import read_by_emotion, shown
from ..core.sounds import Tag

#: WCAG 2.2, success criterion 1.4.3, of text of ordinary size.
LEAST_CONTRAST = 4.5

_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")


@dataclass(frozen=True)
class Palette:
    """A colour for each emotion, as ``#RRGGBB`` in upper case.

    Attributes:
        colours: of each emotion
        of_words: whether the words behind a tag have its colour, too, and are bold where the
            decision is intense, see `subemo.tagging.reasons.Decision`

    Raises:
        SettingsError: if an emotion has none, or one that is written otherwise
    """

    colours: Mapping[Emotion, str] = field(hash=False)
    of_words: bool = False

    def __post_init__(self) -> None:
        for emotion in Emotion:
            colour = self.colours.get(emotion)
            if not isinstance(colour, str) or not _COLOUR.fullmatch(colour):
                raise SettingsError(
                    f"{emotion.value} cannot have the colour {shown(colour)}",
                    remedy="It must be one such as #FF7A33.",
                )

    def __getitem__(self, tag: Tag) -> str:
        # A sound, shouting and whispering are no mood.
        return self.colours[tag if isinstance(tag, Emotion) else Emotion.NEUTRAL]


OKABE_ITO = Palette(
    MappingProxyType(
        {
            Emotion.NEUTRAL: "#FFFFFF",
            Emotion.CALM: "#8FB8FF",
            Emotion.HAPPY: "#F0E442",
            Emotion.SAD: "#56B4E9",
            Emotion.ANGRY: "#FF7A33",
            Emotion.FEAR: "#D98CB8",
            Emotion.DISGUST: "#00B383",
            Emotion.SURPRISE: "#E69F00",
        }
    )
)


#: Those of house styles that have roles for colours; the others have `OKABE_ITO`.
ROLES: Mapping[str, Palette] = MappingProxyType(
    {
        # Untertitel-Standards von ARD, ORF, SRF, ZDF: what describes is white on black; white,
        # yellow, cyan and green tell who speaks, red and blue are not used.
        "ard": Palette(MappingProxyType(dict.fromkeys(Emotion, "#FFFFFF"))),
        # Charte relative à la qualité du sous-titrage (CSA, 2011), 9: red tells what is heard;
        # white and yellow who speaks, magenta music, cyan thoughts, green another language.
        "arcom": Palette(MappingProxyType(dict.fromkeys(Emotion, "#FF0000"))),
    }
)


def palette_of(preset: str) -> Palette:
    """The colours of a house style.

    Args:
        preset: its name, one of `subemo.tagging.presets.PRESETS`

    >>> palette_of("arcom")[Emotion.SAD], palette_of("bbc") is OKABE_ITO
    ('#FF0000', True)
    """
    return ROLES.get(preset, OKABE_ITO)


def luminance(colour: str) -> float:
    """The relative luminance of ``#RRGGBB``, 0 (black) to 1 (white), by WCAG 2.2's definition."""
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str = "#000000") -> float:
    """The contrast of two colours, 1 to 21, by WCAG 2.2's definition."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def on_paper(colour: str, paper: str = "#FFFFFF") -> str:
    """The same hue, as dark as text on a light ground must be.

    Args:
        colour: ``#RRGGBB``, made for black
        paper: the ground

    >>> on_paper("#F0E442"), contrast(on_paper("#F0E442"), "#FFFFFF") >= LEAST_CONTRAST
    ('#7F7822', True)
    """
    channels = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    dark = colour
    for percent in range(100, 0, -1):
        dark = "#" + "".join(f"{channel * percent // 100:02X}" for channel in channels)
        if contrast(dark, paper) >= LEAST_CONTRAST:
            break
    return dark


def read_palette(path: Path) -> Palette:
    """The user's own colours: a TOML file with ``angry = "#FF7A33"`` and the like.

    What is not in the file keeps its colour.

    Raises:
        SettingsError: if it cannot be read, names no emotion, or holds a
            colour that cannot be read on black
    """
    colours = dict(OKABE_ITO.colours)
    content = read_by_emotion(path, what="colours", example='angry = "#FF7A33"')
    for emotion, (name, colour) in content.items():
        if not isinstance(colour, str) or not _COLOUR.fullmatch(colour):
            raise SettingsError(f"{shown(colour)} is no colour such as #FF7A33", path=path)
        if contrast(colour) < LEAST_CONTRAST:
            raise SettingsError(
                f"{name} in {colour} has a contrast of {contrast(colour):.1f} on black",
                path=path,
                remedy=f"Text can be read from {LEAST_CONTRAST} on (WCAG 1.4.3); make it lighter.",
            )
        colours[emotion] = colour.upper()
    return Palette(MappingProxyType(colours))
