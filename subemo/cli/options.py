"""What several commands share: options, and how they speak."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..core.errors import OutputError
from ..model import DEFAULT_MODEL

if TYPE_CHECKING:
    from ..core.settings import Setting
    from ..sources.lookup import SubtitleTrack
    from ..tagging.colours import Palette
    from ..tagging.policy import TagPolicy
    from ..tagging.vocabulary import Words

PATH = click.Path(path_type=Path)

EXIT_FAILURE = 1


@dataclass
class State:
    """What every command needs to know of the call."""

    debug: bool = False


def complain(kind: str, text: str) -> None:
    """One line on standard error; nothing in it can steer a terminal.

    Args:
        kind: ``error``, ``warning`` or ``note``
        text: what is the matter
    """
    from ..core.printable import plain

    with suppress(OSError):  # nobody can be told
        click.echo(f"subemo: {kind}: {plain(text)}", err=True)


def _set_debug(context: click.Context, _: click.Parameter, value: bool) -> None:
    if value:
        context.find_root().obj.debug = True


debug_option = click.option(
    "--debug",
    is_flag=True,
    expose_value=False,
    callback=_set_debug,
    help="Show where in the program an error arose.",
)
adapt_option = click.option(
    "--adapt",
    type=click.Choice(["none", "film"]),
    help="Standardise on the film's own cues.  [default: as the model says]",
)
model_option = click.option(
    "--model",
    metavar="NAME|DIR",
    default=DEFAULT_MODEL,
    show_default=True,
    help="A model that comes with subemo, or the folder of one.",
)
ravdess_option = click.option(
    "--ravdess", type=PATH, metavar="DIR", help="RAVDESS, its speech files."
)
savee_option = click.option(
    "--savee", type=PATH, metavar="DIR", help="SAVEE, in either of its layouts."
)
layout_option = click.option(
    "--corpus", "layout", metavar="NAME", help="The clips' layout.  [default: found out]"
)
ignore_option = click.option(
    "--ignore", metavar="LABEL", multiple=True, help="Leave out the clips of this label."
)
audio_stream_option = click.option(
    "--audio-stream",
    type=click.IntRange(min=0),
    metavar="N",
    help="Which sound track, from 0.  [default: the one that ffmpeg would play]",
)

encoding_option = click.option(
    "--encoding", metavar="NAME", help="Of the subtitles.  [default: found out]"
)
cache_option = click.option(
    "--cache/--no-cache",
    "cached",
    default=True,
    help="Keep what was heard, so that another policy or format takes a moment.  [default: cache]",
)
overwrite_option = click.option(
    "--overwrite", is_flag=True, help="Replace what is written if it exists."
)
data_option = click.option(
    "--data",
    type=PATH,
    metavar="DIR",
    help="Folder with ravdess, savee, tess, emovo, nemo and backgrounds in it.",
)
encoder_option = click.option(
    "--encoder",
    type=PATH,
    metavar="DIR",
    help="A larger Whisper in CTranslate2's form, of 80 mel bands.  [default: the packaged one]",
)
_Command = Callable[..., object]


def training_options(
    *, work: str | None, epochs: int | None, batch_size: int | None, least: str = ""
) -> Callable[[_Command], _Command]:
    """The options of everything that trains: --work, --epochs, --batch-size, --seed.

    Args:
        work: where features and what is done are kept; None if the recipe says it
        epochs: how many, or None for what the recipe says
        batch_size: rows a step, or None for what the recipe says
        least: what there is to say of --epochs
    """
    shown = "recipe's"
    options = (
        click.option(
            "--work",
            type=PATH,
            metavar="DIR",
            default=None if work is None else Path(work),
            show_default="runs/RECIPE" if work is None else True,
            help="Features and what is done; the same folder again goes on from there.",
        ),
        click.option(
            "--epochs",
            type=click.IntRange(min=1),
            default=epochs,
            show_default=shown if epochs is None else True,
            help=least or None,
        ),
        click.option(
            "--batch-size",
            type=click.IntRange(min=1),
            default=batch_size,
            show_default=shown if batch_size is None else True,
        ),
        click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True),
    )

    def add(command: _Command) -> _Command:
        for option in reversed(options):
            command = option(command)
        return command

    return add


def output_folder_option(default: str | None, text: str) -> Callable[[_Command], _Command]:
    """``-o DIR``."""
    return click.option(
        "-o",
        "--output",
        type=PATH,
        metavar="DIR",
        default=None if default is None else Path(default),
        show_default=default is not None,
        help=text,
    )


def picture_form(path: Path) -> str:
    """``png`` or ``svg``, by the end of the name.

    Raises:
        OutputError: if it is neither
    """
    form = path.suffix.lower().removeprefix(".")
    if form not in ("png", "svg"):
        raise OutputError("pictures are written as .png or .svg", path=path)
    return form


def policy_options(*names: str) -> Callable[[_Command], _Command]:
    """An option for each field of `TagPolicy`, None where the user says nothing, and --config.

    Args:
        names: of the fields; all of them where none is named
    """

    def add(command: _Command) -> _Command:
        from ..core.settings import settings_of
        from ..tagging.policy import TagPolicy

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


def policy_of(config: Path | None, given: dict[str, Any]) -> TagPolicy:
    """The policy: what the user says on the command line, else in a file, else as it comes.

    Args:
        config: the settings file; None to look for one
        given: the values of `policy_options`, None where nothing was said

    Raises:
        SettingsError: if the settings file cannot be understood
    """
    from ..core.settings import find_settings, read_settings
    from ..tagging.policy import TagPolicy

    path = config or find_settings()
    values = dict(read_settings(path, TagPolicy)) if path is not None else {}
    values |= {name: value for name, value in given.items() if value is not None}
    return TagPolicy(**values)


def writing_options(command: _Command) -> _Command:
    """The options of how subtitles are written: --format, --language, --words, --colour, --style."""
    from ..formats import FORMATS

    options = (
        click.option(
            "--format",
            "form",
            type=click.Choice(list(FORMATS)),
            help="[default: by the output's name, else that of the subtitles, else srt]",
        ),
        click.option(
            "--language",
            metavar="CODE",
            help="Of the tags, such as de.  [default: by the subtitles' name, else en]",
        ),
        click.option("--words", type=PATH, metavar="FILE", help="Your own words for the emotions."),
        click.option("--colour", is_flag=True, help="Colour the tags (vtt, ass, ttml)."),
        click.option(
            "--style", type=PATH, metavar="FILE", help="Your own colours for the emotions."
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def form_of(form: str | None, output: Path | None, source: SubtitleTrack | None) -> str:
    """The format to write: what the user says, or the output's name, or that of the subtitles."""
    from ..formats.registry import BY_SUFFIX

    if form is not None:
        return form
    suffix = "" if output is None else output.suffix.lower()
    if suffix in BY_SUFFIX:
        return BY_SUFFIX[suffix]
    return "srt" if source is None else source.document.form


def palette_of(
    colour: bool, style: Path | None, form: str, *, has_film: bool = False
) -> Palette | None:
    """The tags' colours, if they are asked for.

    Raises:
        click.UsageError: if the format has none
        SettingsError: if the user's colours cannot be understood
    """
    from ..formats.registry import COLOURED
    from ..tagging.colours import OKABE_ITO, read_palette

    if not colour and style is None:
        return None
    if form not in COLOURED and not has_film:
        raise click.UsageError(
            f"{form} has no colours; write {', '.join(sorted(COLOURED))} with --format."
        )
    return OKABE_ITO if style is None else read_palette(style)


def words_said(
    words: Path | None, language: str | None, source: SubtitleTrack | None
) -> Words | None:
    """The user's own words for the emotions, if there are any.

    Raises:
        SettingsError: if they cannot be understood
    """
    from ..tagging.vocabulary import read_words

    if words is None:
        return None
    told = language or (source and source.language) or "en"
    return read_words(words, language=told)
