"""Options that the commands of captioners share."""

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
    "--encoding", metavar="NAME", help="Of the subtitles.  [default: found out]"
)
cache_option = click.option(
    "--cache/--no-cache",
    "cached",
    default=True,
    help="Cache the analysis, so that another policy or format takes a moment.  [default: cache]",
)
all_option = click.option("--all", "every", is_flag=True, help="The same as --policy every.")
_Command = Callable[..., object]


def policy_options(*names: str) -> Callable[[_Command], _Command]:
    """An option for each field of `TagPolicy`, None where the user says nothing, and --config.

    Args:
        names: of the fields; all of them where none is named
    """

    def add(command: _Command) -> _Command:
        for setting in reversed(settings_of(TagPolicy)):
            if not names or setting.field in names:
                command = _setting_option(setting)(command)
        return click.option(
            "--config",
            type=PATH,
            metavar="FILE",
            help="Settings.  [default: subemo.toml here, or in the folder for settings]",
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


def writing_options(command: _Command) -> _Command:
    """The options of how subtitles are written: --format, --language, --words, --colour, --style."""
    coloured = ", ".join(name for name in BLOCK_FORMATS if name in COLOURED)
    return with_options(
        command,
        click.option(
            "--format",
            "form",
            type=click.Choice(list(FORMATS)),
            help="[default: by the output's name, else that of the subtitles, "
            f"else {DEFAULT.name}]",
        ),
        click.option(
            "--language",
            metavar="CODE",
            help="Of the tags, and of what is said where there are no subtitles, such as de.  "
            "[default: by the subtitles' name or the speech, else en]",
        ),
        click.option("--words", type=PATH, metavar="FILE", help="Your own words for the emotions."),
        click.option(
            "--colour",
            cls=OptionalChoice,
            choices=tuple(one.value for one in Coloured),
            help=f"Colour the tags, or the words behind them, too ({coloured}).  [default: no]",
        ),
        click.option(
            "--style", type=PATH, metavar="FILE", help="Your own colours for the emotions."
        ),
    )


def split_options(command: _Command) -> _Command:
    """The options of what becomes of a film without subtitles."""
    return with_options(
        command,
        click.option(
            "--split",
            type=click.Choice(["speech", "silence"]),
            default="speech",
            show_default=True,
            help="Where a film without subtitles is cut.",
        ),
        click.option(
            "--transcribe/--no-transcribe",
            default=True,
            help="Without subtitles: transcribe what is said.  [default: transcribe]",
        ),
        click.option(
            "--whisper",
            type=PATH,
            metavar="DIR",
            help="The Whisper model, in CTranslate2's form.  "
            "[default: base if subemo[multilingual] is installed, else tiny.en, English alone]",
        ),
        click.option(
            "--silence-threshold",
            type=float,
            metavar="DBFS",
            help="--split silence: what is this quiet is silence.  [default: found from the film]",
        ),
        click.option(
            "--min-silence",
            type=click.IntRange(min=10),
            metavar="MS",
            default=500,
            show_default=True,
            help="--split silence: shorter pauses do not cut.",
        ),
        click.option(
            "--padding",
            type=click.IntRange(min=0),
            metavar="MS",
            default=100,
            show_default=True,
            help="--split silence: left around each sound.",
        ),
    )


def render_options(command: _Command) -> _Command:
    """The options of films and pictures."""
    return with_options(
        command,
        click.option(
            "--mux", type=PATH, metavar="OUT", help="Also a copy of the film with the track."
        ),
        click.option(
            "--burn",
            type=PATH,
            metavar="OUT",
            help="Also a copy of the film with the text in its picture.",
        ),
        click.option("--font", type=PATH, metavar="FILE", help="--burn: draw with this font."),
        click.option(
            "--timeline",
            type=PATH,
            metavar="OUT",
            help="Also a copy over a running strip of emotions.",
        ),
        click.option(
            "--plot", type=PATH, metavar="OUT", help="Also the emotions as a .png or .svg."
        ),
    )
