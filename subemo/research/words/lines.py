"""Labelled lines: MELD's dialogues, and GoEmotions' comments (Demszky et al., 2020)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ...core.errors import CorpusError
from ...text_model import spoken
from ...text_model.features import has_letters
from ...text_model.weights import CLASSES
from ..corpora import Split
from ..films.dialogues import EMOTIONS_OF_MELD, read_script

#: The subfolders of a folder of texts.
MELD, GOEMOTIONS = "meld", "goemotions"


@dataclass(frozen=True, eq=False)
class Conversation:
    """A conversation's cleaned lines.

    Attributes:
        name: its name in the corpus
        group: the unit that must not be divided between training and test, such as an episode
        lines: the words
        speakers: the speaker of each
        labels: the label of each, an index into `CLASSES`
    """

    name: str
    group: str
    lines: tuple[str, ...]
    speakers: tuple[str, ...]
    labels: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Comments:
    """Lines without context, some with several labels.

    Attributes:
        lines: the cleaned lines
        shares: share of each class in a line's labels, shape (lines, 7), rows sum to 1
    """

    lines: tuple[str, ...]
    shares: NDArray[np.float32]


def read_conversations(texts: Path, *splits: Split) -> list[Conversation]:
    """Reads MELD's dialogues of some splits; lines without letters are left out.

    Args:
        texts: the folder with `meld/`
        splits: the splits; training and choosing share no episode with reporting

    Raises:
        CorpusError: if a file is missing or is not MELD's
    """
    found = []
    for split in splits:
        for dialogue in read_script(texts / MELD, split):
            kept = [line for line in dialogue.lines if has_letters(spoken(line.text))]
            if kept:
                season, number = dialogue.episode
                found.append(
                    Conversation(
                        dialogue.name,
                        f"{season}-{number}",
                        tuple(spoken(line.text) for line in kept),
                        tuple(line.speaker for line in kept),
                        tuple(CLASSES.index(line.emotion) for line in kept),
                    )
                )
    return found


def read_comments(texts: Path) -> Comments:
    """Reads GoEmotions' train part in Ekman's grouping; multiple labels get equal shares.

    Args:
        texts: the folder with `goemotions/`

    Raises:
        CorpusError: if a file is missing or is not GoEmotions'
    """
    folder = texts / GOEMOTIONS
    path = folder / "train.tsv"
    try:
        names = (folder / "labels.txt").read_text(encoding="utf-8").split()
        rows = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(
            "cannot be read", path=path, remedy="Give a folder that contains goemotions/."
        ) from error
    lines, shares = [], []
    for number, row in enumerate(rows, 1):
        try:
            text, labels, _ = row.split("\t")
            found = [
                CLASSES.index(EMOTIONS_OF_MELD[names[int(label)]]) for label in labels.split(",")
            ]
        except (ValueError, KeyError, IndexError) as error:
            raise CorpusError(f"line {number} is not in GoEmotions' format", path=path) from error
        line = spoken(text)
        if has_letters(line):
            lines.append(line)
            shares.append(np.bincount(found, minlength=len(CLASSES)) / len(found))
    return Comments(tuple(lines), np.asarray(shares, np.float32))
