"""The options of a captioner's commands, each group as one object."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from ...core.errors import SettingsError
from ...core.settings import find_settings, read_settings
from ...tagging.policy import PolicyKind, TagPolicy
from ..collected import rest

#: The value of `-o` that means standard output.
STDOUT = Path("-")

#: The values of ``--subs`` besides ``none``.
_EMBEDDED = re.compile(r"embedded(?::(\d{1,4}))?")


class Coloured(StrEnum):
    """Which parts of a tagged cue are coloured."""

    TAGS = "tags"
    WORDS = "words"


@dataclass(frozen=True)
class InputOptions:
    """A film and its subtitles.

    Attributes:
        video: the film
        subs: its subtitle file; None to look for one
        wish: the value of ``--subs``, or None
        encoding: of the subtitles; None to detect it
        audio_stream: audio track, from 0; None for the default track
        judged: a file of a reviewer's judgements, or None

    Raises:
        SettingsError: if options contradict each other

    Example:
        >>> InputOptions(Path("a.mp4"), None, "embedded:2", None, None).track
        2
    """

    video: Path
    subs: Path | None
    wish: str | None
    encoding: str | None
    audio_stream: int | None
    judged: Path | None = None

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


@dataclass(frozen=True)
class PolicyOptions:
    """When a tag is shown.

    Attributes:
        config: the settings file; None to look for one
        values: of the fields of `TagPolicy`; None where an option was not given
        every: whether every cue shows a tag, overriding *values*
    """

    config: Path | None
    values: Mapping[str, Any] = rest()
    every: bool = False

    @property
    def file(self) -> Path | None:
        """The settings file, or None."""
        return self.config or find_settings()

    def policy(self) -> TagPolicy:
        """The policy from the command line, else the settings file, else the defaults.

        Raises:
            SettingsError: if the settings file or a value is invalid
        """
        path = self.file
        values = dict(read_settings(path, TagPolicy)) if path is not None else {}
        values |= {name: value for name, value in self.values.items() if value is not None}
        if self.every:
            values["policy"] = PolicyKind.EVERY
        return TagPolicy(**values)


@dataclass(frozen=True)
class WordingOptions:
    """The wording of the tags.

    Attributes:
        language: a BCP 47 code; None for that of the subtitles
        words: a file of custom tag words, or None
    """

    language: str | None
    words: Path | None


@dataclass(frozen=True)
class ModelOptions:
    """The model and how it is used.

    Attributes:
        model: a model's name or folder
        adapt: how it is adapted; None for its own setting
        cached: whether predictions are cached
        witness: whether the words help to decide: ``voice`` or ``both``
        sound_cues: whether sounds between cues become cues of their own
        sound_model: a YAMNet for other sounds between cues, or None
    """

    model: str
    adapt: str | None
    cached: bool
    witness: str = "both"
    sound_cues: bool = False
    sound_model: Path | None = None

    @property
    def files(self) -> tuple[Path, ...]:
        """The files of a model in a folder, and of the user's model of sounds."""
        folder = Path(self.model)
        own = sorted(folder.iterdir()) if folder.is_dir() else []
        return (*own, *([] if self.sound_model is None else [self.sound_model]))


@dataclass(frozen=True)
class SplitOptions:
    """How a film without subtitles is segmented and transcribed.

    Attributes:
        split: how it is segmented: ``speech`` or ``silence``
        transcribe: whether speech is transcribed
        whisper: the folder of a Whisper model; None for the packaged one
        silence_threshold: in dBFS; None to estimate it from the film
        min_silence: in milliseconds; the shortest pause that separates segments
        padding: in milliseconds, around each segment
    """

    split: str
    transcribe: bool
    whisper: Path | None
    silence_threshold: float | None
    min_silence: int
    padding: int


@dataclass(frozen=True)
class OutputOptions:
    """How and where captions are written.

    Attributes:
        output: the output file; None for a name beside the subtitles
        form: output format; None to take it from the file names
        colour: a `Coloured`; None for no colours
        style: a file of custom colours, or None
        overwrite: whether existing files may be replaced
        verbose: whether every cue is listed
    """

    output: Path | None
    form: str | None
    colour: str | None
    style: Path | None
    overwrite: bool
    verbose: bool

    @property
    def is_stdout(self) -> bool:
        """Whether they go to standard output."""
        return self.output == STDOUT


@dataclass(frozen=True)
class RenderOptions:
    """Films and pictures to write besides the captions.

    Attributes:
        mux: a copy of the film with the captions as a track, or None
        burn: a copy with the captions burned in, or None
        font: the font of burned-in captions, or None
        timeline: a copy above a moving strip of emotions, or None
        plot: a picture of the emotions over time, or None
    """

    mux: Path | None
    burn: Path | None
    font: Path | None
    timeline: Path | None
    plot: Path | None

    @property
    def films(self) -> dict[str, Path]:
        """The requested films, by the name of their option."""
        wanted = {"mux": self.mux, "burn": self.burn, "timeline": self.timeline}
        return {name: path for name, path in wanted.items() if path is not None}


@dataclass(frozen=True)
class PageOptions:
    """The studio, or a review page as a file.

    Attributes:
        output: the page's file; None for a name beside the film
        proxy: whether to make a copy of the film that browsers can play
        overwrite: whether existing files may be replaced
        colour: a `Coloured`; the page always colours tags
        as_page: whether to write a page instead of opening the studio
        browser: whether the studio is opened in a browser
        judged: a file of judgements; None for the one beside the film
        begin_with: the judgements of another film with the same voices, or None

    Raises:
        SettingsError: if *judged* or *begin_with* is given for a page
    """

    output: Path | None
    proxy: bool
    overwrite: bool
    as_page: bool
    browser: bool
    judged: Path | None
    colour: str | None = None
    begin_with: Path | None = None

    def __post_init__(self) -> None:
        if self.is_page and self.judged is not None:
            raise SettingsError("--judged is for the studio; a page stores its own judgements.")
        if self.is_page and self.begin_with is not None:
            raise SettingsError("--begin-with is for the studio; a page does not learn.")

    @property
    def is_page(self) -> bool:
        """Whether ``--page`` or an option that implies it was given."""
        return self.as_page or self.proxy or self.output is not None


@dataclass(frozen=True)
class CheckOptions:
    """A subtitle file to check.

    Attributes:
        file: the file
        language: of the file; None to take it from its name
        table: CSV file of the violations, or None
        strict: whether any violation exits with 1
        encoding: of the file; None to detect it
        overwrite: whether the table may be replaced
    """

    file: Path
    language: str | None
    table: Path | None
    strict: bool
    encoding: str | None
    overwrite: bool


@dataclass(frozen=True)
class StripOptions:
    """A subtitle file to remove tags from.

    Attributes:
        file: the file
        output: the restored file
        record: the record of inserted tags; None for the one beside the file
        words: a file of custom tag words, or None
        judged: judgements with custom tags; None for those beside the file
        encoding: of the file; None to detect it
        overwrite: whether the output may be replaced
    """

    file: Path
    output: Path
    record: Path | None
    words: Path | None
    judged: Path | None
    encoding: str | None
    overwrite: bool
