"""Options that the captioners' commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from ...core.settings import Setting, settings_of
from ...formats.registry import BLOCK_FORMATS, COLOURED, DEFAULT, FORMATS
from ...tagging.policy import TagPolicy
from ..grouped import OptionalChoice
from ..options import PATH, with_options
from .option_groups import Coloured

encoding_option = click.option(
    "--encoding", metavar="NAME", help="Encoding of the subtitles.  [default: detected]"
)
cache_option = click.option(
    "--cache/--no-cache",
    "cached",
    default=True,
    help="Cache the analysis, so that other policies and formats are quick.  [default: cache]",
)
all_option = click.option("--all", "every", is_flag=True, help="Shorthand for --policy every.")
_Command = Callable[..., object]


def policy_options(*names: str) -> Callable[[_Command], _Command]:
    """Adds --config and an option for each field of `TagPolicy`, None where not given.

    Args:
        names: of the fields; none for all of them
    """

    def add(command: _Command) -> _Command:
        for setting in reversed(settings_of(TagPolicy)):
            if not names or setting.field in names:
                command = _setting_option(setting)(command)
        return click.option(
            "--config",
            type=PATH,
            metavar="FILE",
            help="Settings file.  [default: subemo.toml here, else in ~/.config/subemo]",
        )(command)

    return add


def _setting_option(setting: Setting) -> Callable[[_Command], _Command]:
    if setting.kind is bool:
        return click.option(
            f"--{setting.option}/--no-{setting.option}", setting.field, default=None,
            help=f"{setting.help}  [default: no]",
        )  # fmt: skip
    kind: click.ParamType[Any] = click.STRING
    if setting.choices:
        kind = click.Choice(setting.choices)
    elif setting.kind is int:
        kind = click.IntRange(
            None if setting.low is None else int(setting.low),
            None if setting.high is None else int(setting.high),
        )
    elif setting.kind is float:
        kind = click.FloatRange(setting.low, setting.high)
    shown = setting.none if setting.default is None else f"{setting.default}"
    return click.option(
        f"--{setting.option}",
        setting.field,
        type=kind,
        metavar=setting.metavar,
        help=f"{setting.help}  [default: {shown}]",
    )


def sound_cues_options(command: _Command) -> _Command:
    """The options --sound-cues and --sound-model."""
    return with_options(
        command,
        click.option(
            "--sound-cues",
            is_flag=True,
            help="Also show sounds between cues, as cues of their own (with --sounds).",
        ),
        click.option(
            "--sound-model",
            type=PATH,
            metavar="FILE",
            help="A YAMNet model (yamnet.tflite) for applause, sirens, doors and more between cues; "
            "needs --sound-cues and --sounds all.",
        ),
    )


def writing_options(command: _Command) -> _Command:
    """Adds the options of written subtitles: --format, --language, --words, --colour, --style."""
    coloured = ", ".join(name for name in BLOCK_FORMATS if name in COLOURED)
    return with_options(
        command,
        click.option(
            "--format",
            "form",
            type=click.Choice(list(FORMATS)),
            help="Output format.  [default: by the output's name, else that of the "
            f"subtitles, else {DEFAULT.name}]",
        ),
        click.option(
            "--language",
            metavar="CODE",
            help="Language of the tags, and of the speech to transcribe, such as de.  "
            "[default: from the subtitles' name, else detected, else en]",
        ),
        click.option("--words", type=PATH, metavar="FILE", help="TOML file of custom tag words."),
        click.option(
            "--colour",
            cls=OptionalChoice,
            choices=tuple(one.value for one in Coloured),
            help=f"Colour the tags, or also the words after them ({coloured}).  [default: no]",
        ),
        click.option("--style", type=PATH, metavar="FILE", help="TOML file of custom colours."),
    )


def split_options(command: _Command) -> _Command:
    """Adds the options for films without subtitles."""
    return with_options(
        command,
        click.option(
            "--split",
            type=click.Choice(["speech", "silence"]),
            default="speech",
            show_default=True,
            help="Segment by detected speech, or at silences.",
        ),
        click.option(
            "--transcribe/--no-transcribe",
            default=True,
            help="Transcribe the speech.  [default: transcribe]",
        ),
        click.option(
            "--whisper",
            type=PATH,
            metavar="DIR",
            help="Folder of a Whisper model in CTranslate2 format.  [default: base "
            "if subemo[multilingual] is installed, else tiny.en (English only)]",
        ),
        click.option(
            "--silence-threshold",
            type=float,
            metavar="DBFS",
            help="--split silence: level below which sound counts as silence.  "
            "[default: estimated from the film]",
        ),
        click.option(
            "--min-silence",
            type=click.IntRange(min=10),
            metavar="MS",
            default=500,
            show_default=True,
            help="--split silence: shortest pause that separates segments.",
        ),
        click.option(
            "--padding",
            type=click.IntRange(min=0),
            metavar="MS",
            default=100,
            show_default=True,
            help="--split silence: time to add around each segment.",
        ),
    )


def render_options(command: _Command) -> _Command:
    """Adds the options of films and pictures."""
    return with_options(
        command,
        click.option(
            "--mux",
            type=PATH,
            metavar="OUT",
            help="Also write a copy of VIDEO with the captions as a track.",
        ),
        click.option(
            "--burn",
            type=PATH,
            metavar="OUT",
            help="Also write a copy of VIDEO with the captions burned in.",
        ),
        click.option(
            "--font",
            type=PATH,
            metavar="FILE",
            help="--burn, --timeline: font file to draw the text with.",
        ),
        click.option(
            "--timeline",
            type=PATH,
            metavar="OUT",
            help="Also write a copy of VIDEO with its captions, above a line of its moods.",
        ),
        click.option(
            "--plot",
            type=PATH,
            metavar="OUT",
            help="Also plot the emotions over time as .png or .svg.",
        ),
    )
