"""The options of `subemo batch`, each group as one object."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

#: The folder of a batch's state, beside the table of results.
STATE = ".subemo-batch"


@dataclass(frozen=True)
class ArchiveOptions:
    """The films of a batch and where it records its results.

    Attributes:
        sources: folders, films and lists of films
        recursive: whether subfolders are searched
        output: a folder for all captions; None for beside each film
        results: the table of results; None for the default
        state: the folder of the batch's state; None for the default
        resume: whether finished films are skipped
    """

    sources: tuple[Path, ...]
    recursive: bool
    output: Path | None
    results: Path | None
    state: Path | None
    resume: bool

    @property
    def table(self) -> Path:
        """The path of the table of results."""
        return self.results or (self.output or Path()) / "subemo-batch.csv"

    @property
    def ledger(self) -> Path:
        """The folder of the batch's state."""
        return self.state or (self.output or Path()) / STATE


@dataclass(frozen=True)
class BatchCaptionOptions:
    """How the captions of a batch are written.

    Attributes:
        form: format; None for that of each film's subtitles
        language: of the tags, and of the subtitles to prefer
        without: what to do with a film without subtitles
        adapt: how the model is adapted; None for its own setting
        model: a model's name or folder
        witness: whether the words help to decide: ``voice`` or ``both``
        sound_cues: whether sounds between cues become cues of their own
        sound_model: a YAMNet for other sounds between cues, or None
        overwrite: whether files of other origin may be replaced
    """

    form: str | None
    language: str | None
    without: str
    adapt: str | None
    model: str
    witness: str
    sound_cues: bool
    sound_model: Path | None
    overwrite: bool


@dataclass(frozen=True)
class WorkerOptions:
    """Where the work is done.

    Attributes:
        jobs: films processed in parallel
        scheduler: the address of a Dask scheduler, or None
    """

    jobs: int
    scheduler: str | None
