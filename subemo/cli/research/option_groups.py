"""The options of a researcher's commands, each group as one object."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class CorpusOptions:
    """The options of `subemo corpus`.

    Attributes:
        roots: folders or manifests of clips
        layout: of the clips; None to detect it
        ignore: labels to leave out
        table: file of the combined table, or None
        plot: picture of the clips by emotion, or None
        overwrite: whether existing files are replaced
    """

    roots: tuple[Path, ...]
    layout: str | None
    ignore: tuple[str, ...]
    table: Path | None
    plot: Path | None
    overwrite: bool


@dataclass(frozen=True)
class FeatureTableOptions:
    """The options of `subemo features`.

    Attributes:
        roots: folders or manifests of clips
        layout: of the clips; None to detect it
        ignore: labels to leave out
        output: the table's file
        versions: number of versions of each clip
        cache: where features are cached
        overwrite: whether an existing table is replaced
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
    """The options of `subemo crossval`.

    Attributes:
        data: the data folder
        protocols: names of protocols; empty for all reported ones
        work: where finished folds are cached
        epochs: None for the recipe's
        batch_size: None for the recipe's
        seed: random seed of the training
        encoder: another encoder's folder
        settings: changes to the recipe, ``NAME=VALUE``
        model: the model evaluated on corpora that it was not trained on
        film_seed: random seed of the films
        output: folder of predictions and figures on films; None for *work*
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
    """The options of `subemo reproduce`.

    Attributes:
        roots: the folders of the corpora, by name
        output: the document's folder
        work: where finished trainings are saved
        epochs: the minimum
        batch_size: rows per step
        seed: random seed
        most_epochs: the maximum
        rows: of Appendix 10; empty for all
        status: whether to only print what is done
        document: whether to only write the document
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
