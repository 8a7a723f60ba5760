"""Options that the captioners' commands share."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from ...core.errors import SettingsError
from ...core.settings import find_settings, read_settings
from ...tagging.colours import Palette, palette_of, read_palette
from ...tagging.policy import MOST_USED, PolicyKind, SoundsShown, TagPolicy
from ...tagging.presets import PRESETS
from ...tagging.vocabulary import Vocabulary, read_vocabulary, vocabulary_of
from ..command import Options, argument, flag, option, settings
from ..options import AUDIO_STREAM, MODEL, OVERWRITE

if TYPE_CHECKING:
    from ...sources.lookup import SubtitleTrack

#: The value of `-o` that means standard output.
STDOUT = Path("-")

#: The titles of options in the help of `subemo annotate`.
INPUT, MODEL_GROUP, SHOWN, SPEED = "Input", "Model", "What is shown", "Speed and help"

#: The values of ``--subs`` besides ``none``.
_EMBEDDED = re.compile(r"embedded(?::(\d{1,4}))?")


class OverwriteOption(Options):
    """Whether output files may be replaced."""

    overwrite: bool = OVERWRITE(group=MOST_USED)


class SubtitleFileOptions(OverwriteOption):
    """How a subtitle file is read, and whether outputs may be replaced."""

    encoding: str | None = option(
        "Encoding of the subtitles.  [default: detected]", metavar="NAME", group=INPUT
    )


class PolicyOptions(Options, group=SHOWN):
    """When a tag is shown."""

    config: Path | None = option(
        "Settings file.  [default: subemo.toml here, else in ~/.config/subemo]"
    )
    values: Mapping[str, Any] = settings(TagPolicy, group=SHOWN)

    @property
    def settings_file(self) -> Path | None:
        """The settings file, or None."""
        return self.config or find_settings()

    def policy(self) -> TagPolicy:
        """The policy from the command line, else the settings file, else the defaults."""
        path = self.settings_file
        values = {} if path is None else read_settings(path, TagPolicy)
        return TagPolicy(**{**values, **self.values})


class ModelOptions(PolicyOptions):
    """The model, and when a tag is shown."""

    model: str = MODEL(group=MODEL_GROUP)


class HearingOptions(Options, group=MODEL_GROUP):
    """How a film is analysed."""

    adapt: Literal["none", "film"] | None = option(
        "Standardise features on the film's own cues (film) or on the training data (none).  "
        "[default: the model's setting]"
    )
    witness: Literal["voice", "both"] = option(
        "Decide by the voice alone, or also by the words where a text model knows their language.",
        default="both",
    )
    sound_cues: bool = flag(
        "Also show sounds between cues, as cues of their own (with --sounds).", group=SHOWN
    )
    sound_model: Path | None = option(
        "A YAMNet model (yamnet.tflite) for applause, sirens, doors and more between cues; "
        "needs --sound-cues and --sounds all.",
        group=SHOWN,
    )


class TrackOptions(Options, group=INPUT):
    """What is read of a film, and whether every cue is tagged."""

    every: bool = flag("Shorthand for --policy every.", "--all", group=MOST_USED)
    audio_stream: int | None = AUDIO_STREAM()
    wish: str | None = option(
        "Use a subtitle track of VIDEO, the Nth counted from 0, or none at all.",
        "--subs",
        metavar="embedded[:N]|none",
    )
    judged: Path | None = option(
        "Apply the judgements of `subemo review`, and predict the other cues with them."
    )


class CacheOption(Options):
    """Whether predictions are cached."""

    cache: bool = option(
        "Cache the analysis, so that other policies and formats are quick.", default=True
    )


class FilmOptions(
    ModelOptions, HearingOptions, TrackOptions, SubtitleFileOptions, CacheOption, OverwriteOption
):
    """A film, its subtitles, and how they are analysed."""

    video: Path = argument()
    subs: Path | None = argument(required=False)
    language: str | None = None
    words: Path | None = None
    transcribe: bool = True
    whisper: Path | None = None

    def __post_init__(self) -> None:
        if self.wish is not None and self.subs is not None:
            raise SettingsError("SUBS and --subs exclude each other; give one of them.")
        if self.wish not in (None, "none") and not _EMBEDDED.fullmatch(str(self.wish)):
            raise SettingsError("--subs must be embedded, embedded:N or none.")

    @property
    def track(self) -> int | None:
        """The requested subtitle track of the film, from 0; None for any."""
        found = _EMBEDDED.fullmatch(self.wish or "")
        return int(found[1]) if found and found[1] else None

    def policy(self) -> TagPolicy:
        """The policy, which ``--all`` overrides; see `PolicyOptions.policy`."""
        policy = super().policy()
        return replace(policy, policy=PolicyKind.EVERY) if self.every else policy

    @property
    def model_files(self) -> tuple[Path, ...]:
        """The files of a model in a folder, and of the user's model of sounds."""
        folder = Path(self.model)
        own = sorted(folder.iterdir()) if folder.is_dir() else []
        return tuple(named(*own, self.sound_model))


def named(*files: Path | None) -> list[Path]:
    """The given files that are not None, each once; inputs must never become outputs."""
    return list(dict.fromkeys(file for file in files if file is not None))


def refuse_unshown_sounds(options: HearingOptions, policy: TagPolicy) -> None:
    """Raises a `click.UsageError` if sounds are listened for of which none is shown."""
    if options.sound_cues and policy.sounds is SoundsShown.NONE:
        raise click.UsageError("--sound-cues needs --sounds voice, or --sounds all.")
    if options.sound_model is not None and not (
        options.sound_cues and policy.sounds is SoundsShown.ALL
    ):
        raise click.UsageError("--sound-model needs --sound-cues and --sounds all.")


def palette(colour: str | None, preset: str, style: Path | None = None) -> Palette:
    """The colours of the tags, and whether the words have them, too.

    Raises:
        click.UsageError: if the preset uses the colour of words for speakers
    """
    if colour == "words" and not PRESETS[preset].colours_words:
        raise click.UsageError(
            f"--preset {preset} uses the colour of words for speakers; use --colour tags."
        )
    colours = palette_of(preset) if style is None else read_palette(style)
    return replace(colours, of_words=colour == "words")


def own_vocabulary(
    language: str | None, words: Path | None, source: SubtitleTrack | None = None
) -> Vocabulary | None:
    """The vocabulary of the file *words* of custom tag words, or None."""
    if words is None:
        return None
    return read_vocabulary(words, language=language or (source and source.language) or "en")


def vocabulary_with_own(
    language: str | None, words: Path | None, judged: Path | None
) -> Vocabulary | None:
    """The vocabulary of earlier tags, with a reviewer's own tags if *judged* exists, or None."""
    said = own_vocabulary(language, words)
    if judged is None or not judged.exists():
        return said
    # Most runs do not need it.
    from ...review.judged_file import read_judged
    from ...review.judgements import own_tags

    own = own_tags(read_judged(judged).judgements.values())
    base = said or vocabulary_of(language or "en") or vocabulary_of("en")
    assert base is not None
    return replace(base, own=own) if own else said
