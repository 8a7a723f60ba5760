"""The colours of tags, distinguishable with any colour vision and never used alone.

The hues are those of Okabe and Ito ("Color Universal Design", 2008), lightened
to the contrast on black that WCAG 2.2 requires of text (1.4.3: 4.5 to 1). The
words of a tag always accompany its colour (1.4.1).
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

#: WCAG 2.2, success criterion 1.4.3, for text of ordinary size.
LEAST_CONTRAST = 4.5

_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")


@dataclass(frozen=True)
class Palette:
    """A colour for each emotion, as ``#RRGGBB`` in upper case.

    Attributes:
        colours: the colour of each emotion
        of_words: whether the words after a tag are also coloured, and bold if the
            decision is intense, see `subemo.tagging.decisions.Decision`

    Raises:
        SettingsError: if an emotion has no colour or an invalid one

    Example:
        >>> Palette(dict.fromkeys(Emotion, "#FFFFFF"))[Emotion.SAD]
        '#FFFFFF'
    """

    colours: Mapping[Emotion, str] = field(hash=False)
    of_words: bool = False

    def __post_init__(self) -> None:
        for emotion in Emotion:
            colour = self.colours.get(emotion)
            if not isinstance(colour, str) or not _COLOUR.fullmatch(colour):
                raise SettingsError(
                    f"invalid colour {shown(colour)} for {emotion.value}",
                    remedy="Use the form #FF7A33.",
                )

    def __getitem__(self, tag: Tag) -> str:
        # Sounds, shouting and whispering are not emotions.
        return self.colours[tag if isinstance(tag, Emotion) else Emotion.NEUTRAL]


OKABE_ITO = Palette(
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


#: The palettes of presets that assign roles to colours; the others use `OKABE_ITO`.
ROLES: Mapping[str, Palette] = MappingProxyType(
    {
        # Untertitel-Standards von ARD, ORF, SRF, ZDF: descriptions are white on black; white,
        # yellow, cyan and green identify speakers, red and blue are not used.
        "ard": Palette(dict.fromkeys(Emotion, "#FFFFFF")),
        # Charte relative à la qualité du sous-titrage (CSA, 2011), 9: red is for sounds;
        # white and yellow for speakers, magenta music, cyan thoughts, green another language.
        "arcom": Palette(dict.fromkeys(Emotion, "#FF0000")),
    }
)


def palette_of(preset: str) -> Palette:
    """The colours of a preset.

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
    """The same hue, darkened for text on a light background.

    Args:
        colour: ``#RRGGBB``, for a black background
        paper: the background

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
    """Reads custom colours: a TOML file with lines such as ``angry = "#FF7A33"``.

    Emotions missing from the file keep their colours.

    Raises:
        SettingsError: if it cannot be read, a key is not an emotion, or a
            colour is not readable on black

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = Path(folder, "colours.toml")
        ...     _ = path.write_text('sad = "#56B4E9"')
        ...     read_palette(path)[Emotion.SAD]
        '#56B4E9'
    """
    colours = dict(OKABE_ITO.colours)
    content = read_by_emotion(path, what="colours", example='angry = "#FF7A33"')
    for emotion, (name, colour) in content.items():
        if not isinstance(colour, str) or not _COLOUR.fullmatch(colour):
            raise SettingsError(f"{shown(colour)} is not a colour such as #FF7A33", path=path)
        if contrast(colour) < LEAST_CONTRAST:
            raise SettingsError(
                f"{name} in {colour} has a contrast of {contrast(colour):.1f} on black",
                path=path,
                remedy=f"Readable text needs at least {LEAST_CONTRAST} (WCAG 1.4.3); make it lighter.",
            )
        colours[emotion] = colour.upper()
    return Palette(colours)
