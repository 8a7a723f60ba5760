"""Options that belong together, each group as one object: what the user says, and no more."""

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

#: What `-o` is called for standard output.
STDOUT = Path("-")

#: What ``--subs`` may say, besides ``none``.
_EMBEDDED = re.compile(r"embedded(?::(\d{1,4}))?")


class Coloured(StrEnum):
    """What of tagged cues has the colour of its tag."""

    TAGS = "tags"
    WORDS = "words"


@dataclass(frozen=True)
class InputOptions:
    """A film, and its subtitles.

    Attributes:
        video: the film
        subs: its subtitle file; None to look for one
        wish: what ``--subs`` says, or None
        encoding: of the subtitles; None to find it out
        audio_stream: which sound track, from 0; None for ffmpeg's choice
        judged: a person's judgements of its cues, a file; None for none

    Raises:
        SettingsError: if they contradict each other

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
            raise SettingsError("Give SUBS or --subs, not both.")
        if self.wish not in (None, "none") and not _EMBEDDED.fullmatch(str(self.wish)):
            raise SettingsError("--subs is embedded, embedded:N or none.")

    @property
    def track(self) -> int | None:
        """Which subtitle track of the film is wished for, from 0; None for any."""
        found = _EMBEDDED.fullmatch(self.wish or "")
        return int(found[1]) if found and found[1] else None


@dataclass(frozen=True)
class PolicyOptions:
    """When a tag is shown.

    Attributes:
        config: the settings file; None to look for one
        values: of the fields of `TagPolicy`, None where nothing was said
        every: whether every cue shows one, whatever they say
    """

    config: Path | None
    values: Mapping[str, Any] = rest()
    every: bool = False

    @property
    def file(self) -> Path | None:
        """The settings file, if there is one."""
        return self.config or find_settings()

    def policy(self) -> TagPolicy:
        """The policy: what the user says on the command line, else in a file, else as it comes.

        Raises:
            SettingsError: if the settings file cannot be understood, or a value cannot be
        """
        path = self.file
        values = dict(read_settings(path, TagPolicy)) if path is not None else {}
        values |= {name: value for name, value in self.values.items() if value is not None}
        if self.every:
            values["policy"] = PolicyKind.EVERY
        return TagPolicy(**values)


@dataclass(frozen=True)
class WordingOptions:
    """The tags' words.

    Attributes:
        language: a BCP 47 code; None for that of the subtitles
        words: the user's own words, a file
    """

    language: str | None
    words: Path | None


@dataclass(frozen=True)
class ModelOptions:
    """Which model classifies, and how.

    Attributes:
        model: a model's name or folder
        adapt: how it is adapted, or None for what it names
        cached: whether answers are cached
        witness: whether the words help to decide: ``voice`` or ``both``
    """

    model: str
    adapt: str | None
    cached: bool
    witness: str = "both"


@dataclass(frozen=True)
class SplitOptions:
    """What becomes of a film without subtitles.

    Attributes:
        split: where it is cut: ``speech`` or ``silence``
        transcribe: whether what is said is transcribed
        whisper: by whom: a folder, or None for the packaged model
        silence_threshold: in dBFS; None to find it from the film
        min_silence: in milliseconds; shorter pauses do not cut
        padding: in milliseconds, left around each sound
    """

    split: str
    transcribe: bool
    whisper: Path | None
    silence_threshold: float | None
    min_silence: int
    padding: int


@dataclass(frozen=True)
class OutputOptions:
    """The captions, and what is said of them.

    Attributes:
        output: where they go; None for beside what they were read from
        form: their format; None for what the names tell
        colour: what is coloured, a `Coloured`; None for nothing
        style: the user's own colours, a file
        overwrite: whether files that exist may be replaced
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
    """Films and pictures, besides the captions.

    Attributes:
        mux: a copy of the film with the track, or None
        burn: one with the text in its picture, or None
        font: what that is drawn with, or None
        timeline: one over a running strip of emotions, or None
        plot: the emotions as a picture, or None
    """

    mux: Path | None
    burn: Path | None
    font: Path | None
    timeline: Path | None
    plot: Path | None

    @property
    def films(self) -> dict[str, Path]:
        """The films that are asked for, by the name of their option."""
        wanted = {"mux": self.mux, "burn": self.burn, "timeline": self.timeline}
        return {name: path for name, path in wanted.items() if path is not None}


@dataclass(frozen=True)
class PageOptions:
    """A review: the studio, or a page without one.

    Attributes:
        output: where the page goes; None for beside the film
        proxy: whether a copy of the film that browsers can play goes with it
        overwrite: whether files that exist may be replaced
        colour: what is coloured, a `Coloured`; the page colours tags in any case
        as_page: whether a page is written
        browser: whether the studio is opened in a browser
        judged: a file of judgements; None for the one beside the film

    Raises:
        SettingsError: if a page gets judgements
    """

    output: Path | None
    proxy: bool
    overwrite: bool
    as_page: bool
    browser: bool
    judged: Path | None
    colour: str | None = None

    def __post_init__(self) -> None:
        if self.is_page and self.judged is not None:
            raise SettingsError("--judged is of the studio; a page keeps its judgements itself.")

    @property
    def is_page(self) -> bool:
        """Whether a page is written, by ``--page`` or what only a page has."""
        return self.as_page or self.proxy or self.output is not None


@dataclass(frozen=True)
class CheckOptions:
    """A subtitle file to check.

    Attributes:
        file: the file
        language: of it; None for the one in its name
        table: where violations are written, too
        strict: whether a violation is a failure
        encoding: of the file; None to find it out
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
    """A subtitle file to take tags out of.

    Attributes:
        file: the file
        output: where what is left goes
        record: what was put in; None for the record beside the file
        words: the user's own words, a file
        judged: has tags of a person's own; None for those beside the file
        encoding: of the file; None to find it out
        overwrite: whether what is there may be replaced
    """

    file: Path
    output: Path
    record: Path | None
    words: Path | None
    judged: Path | None
    encoding: str | None
    overwrite: bool
