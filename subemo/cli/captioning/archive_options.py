"""What the user says of many films, each group of options as one object."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

#: Where a batch records what it did, beside the results.
STATE = ".subemo-batch"


@dataclass(frozen=True)
class ArchiveOptions:
    """Many films, and the record of the run.

    Attributes:
        sources: folders, films and lists
        recursive: whether folders in folders are looked into
        output: a folder for all captions; None for beside each film
        results: the table of what became of them; None for the usual place
        state: the folder of what is done; None for the usual place
        resume: whether what is done is skipped
    """

    sources: tuple[Path, ...]
    recursive: bool
    output: Path | None
    results: Path | None
    state: Path | None
    resume: bool

    @property
    def table(self) -> Path:
        """The table of what became of them."""
        return self.results or (self.output or Path()) / "subemo-batch.csv"

    @property
    def ledger(self) -> Path:
        """The folder of what is done."""
        return self.state or (self.output or Path()) / STATE


@dataclass(frozen=True)
class BatchCaptionOptions:
    """The captions of many films.

    Attributes:
        form: their format; None for that of each film's subtitles
        language: of the tags, and of the subtitles to prefer
        without: what becomes of a film that has no subtitles
        adapt: how the model is adapted, or None for what it names
        model: a model's name or folder
        witness: whether the words help to decide: ``voice`` or ``both``
        overwrite: whether files that are not this batch's may be replaced
    """

    form: str | None
    language: str | None
    without: str
    adapt: str | None
    model: str
    witness: str
    overwrite: bool


@dataclass(frozen=True)
class WorkerOptions:
    """Who works.

    Attributes:
        jobs: films at once
        scheduler: the address of a Dask scheduler, or None
    """

    jobs: int
    scheduler: str | None
