"""What a user says to a command of research, the options that belong together in one object."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class CorpusOptions:
    """What a user asks of labelled corpora.

    Attributes:
        roots: folders or manifests of clips
        layout: of the clips; None to find it out
        ignore: labels that are left out
        table: the combined table; None for none
        plot: a picture of clips by emotion; None for none
        overwrite: whether files that exist are replaced
    """

    roots: tuple[Path, ...]
    layout: str | None
    ignore: tuple[str, ...]
    table: Path | None
    plot: Path | None
    overwrite: bool


@dataclass(frozen=True)
class FeatureTableOptions:
    """What a user says of a table of features.

    Attributes:
        roots: folders or manifests of clips
        layout: of the clips; None to find it out
        ignore: labels that are left out
        output: the table
        versions: of each clip
        cache: where features are cached
        overwrite: whether a table that exists is replaced
    """

    roots: tuple[Path, ...]
    layout: str | None
    ignore: tuple[str, ...]
    output: Path
    versions: str
    cache: Path
    overwrite: bool


@dataclass(frozen=True)
class CrossvalOptions:
    """What a user says of a cross-validation.

    Attributes:
        data: the data folder
        protocols: their names; none for all that are reported
        work: where finished folds are cached
        epochs: None for the recipe's
        batch_size: None for the recipe's
        seed: of the training
        encoder: another encoder's folder
        settings: changes of the recipe, ``NAME=VALUE``
        model: the one that is evaluated on corpora that it was not trained on
        film_seed: of the films
        output: where answers to films and their figures go; None for *work*
    """

    data: Path
    protocols: tuple[str, ...]
    work: Path
    epochs: int | None
    batch_size: int | None
    seed: int
    encoder: Path | None
    settings: tuple[str, ...]
    model: str
    film_seed: int
    output: Path | None


@dataclass(frozen=True)
class ReproduceOptions:
    """What a user says.

    Attributes:
        roots: the folders of the corpora, by name
        output: where the document goes
        work: where finished trainings are saved
        epochs: at least so many
        batch_size: rows a step
        seed: of everything
        most_epochs: at most so many
        rows: of Appendix 10; none for all
        status: whether what is done is shown alone
        document: whether the document is written alone
    """

    roots: Mapping[str, Path]
    output: Path
    work: Path
    epochs: int
    batch_size: int
    seed: int
    most_epochs: int
    rows: tuple[str, ...]
    status: bool
    document: bool

    @property
    def only_shows(self) -> bool:
        """Whether nothing is trained."""
        return self.status or self.document
