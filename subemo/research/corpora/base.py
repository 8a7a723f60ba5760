"""The interface of a corpus of labelled clips."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ...core.emotions import Emotion
from ...core.errors import CorpusError

#: Corpora are redistributed in many codecs, so any of these extensions is accepted.
AUDIO_SUFFIXES = frozenset({".wav", ".flac", ".ogg", ".mp3"})


@dataclass(frozen=True)
class Entry:
    """A labelled clip as described by its corpus.

    Attributes:
        path: the sound file
        label: the emotion as labelled in the corpus
        speaker: the speaker's name in the corpus, or None
        sex: ``male`` or ``female``, or None if unknown
        statement: the sentence, in the corpus's code
        intensity: the intensity as labelled in the corpus, or None
        start_ms: start of the clip in the file; None for the whole file
        end_ms: end of the clip
        line: its line in the manifest, from 1
        name: unique in its corpus, where speaker and file name may not be
    """

    path: Path
    label: str
    speaker: str | None = None
    sex: str | None = None
    statement: str | None = None
    intensity: str | None = None
    start_ms: int | None = None
    end_ms: int | None = None
    line: int | None = None
    name: str | None = None


@dataclass(frozen=True)
class Clip:
    """A labelled clip; fields not described here are those of `Entry`.

    Attributes:
        emotion: the emotion that the speaker acted
        speaker: unique across corpora, for example ``ravdess-07``, or None
        corpus: the corpus's name in `subemo.research.corpora.CORPORA`
    """

    path: Path
    emotion: Emotion
    speaker: str | None
    sex: str | None
    corpus: str
    statement: str | None = None
    intensity: str | None = None
    start_ms: int | None = None
    end_ms: int | None = None
    name: str | None = None

    @property
    def key(self) -> str:
        """A name independent of the corpus's folder and codec."""
        if self.name is not None:
            name = f"{self.corpus}/{self.name}"
        elif self.speaker is None:
            name = f"{self.corpus}/{self.path.parent.name}/{self.path.name}"
        else:
            own_name = self.speaker.removeprefix(f"{self.corpus}-")
            name = f"{self.speaker}/{self.path.stem.removeprefix(f'{own_name}_')}"
        return name if self.start_ms is None else f"{name}@{self.start_ms}-{self.end_ms}"


class Corpus(Protocol):
    """A corpus's layout on disk and its labels.

    To add one: write a module beside this one whose ``CORPUS`` has these
    members (`NamedFiles` gives two of them), and name the module in
    ``_MODULES`` of `subemo.research.corpora`.
    """

    @property
    def name(self) -> str:
        """The corpus's name, in lower case."""
        ...

    def fits(self, root: Path) -> bool:
        """Whether *root* has this layout."""
        ...

    def entries(self, root: Path) -> Iterator[Entry]:
        """Every clip of *root*, in a fixed order.

        Raises:
            CorpusError: if a clip does not match this layout
        """
        ...


class NamedFiles:
    """A corpus whose file names contain all labels; a subclass parses a name.

    Attributes:
        name: the corpus's name, in lower case
        example: an example of a file name, for messages
        pattern: the regular expression of a file's whole name without its extension; not
            needed if a subclass overrides `parse`
    """

    name: str
    example: str
    pattern: re.Pattern[str]

    def read(self, path: Path, match: re.Match[str]) -> Entry | None:
        """Parses a name that matches `pattern`; None if it is not of the corpus."""
        raise NotImplementedError

    def parse(self, path: Path) -> Entry | None:
        """Parses the name; None if it is not of the corpus."""
        match = self.pattern.fullmatch(path.stem)
        return None if match is None else self.read(path, match)

    def files(self, root: Path) -> list[Path]:
        """The sound files of the corpus, sorted."""
        return sound_files(root)

    def fits(self, root: Path) -> bool:
        """Whether every sound file below *root* is named as in this corpus."""
        if not root.is_dir():
            return False
        files = self.files(root)
        return bool(files) and all(self.parse(path) is not None for path in files)

    def entries(self, root: Path) -> Iterator[Entry]:
        """See `Corpus.entries`."""
        for path in self.files(root):
            entry = self.parse(path)
            if entry is None:
                raise CorpusError(
                    f"not a file name of the corpus {self.name}",
                    path=path,
                    remedy=f"Names look like {self.example}; move other files away.",
                )
            yield entry


def sound_files(root: Path) -> list[Path]:
    """Every sound file below *root*, sorted.

    Raises:
        CorpusError: if the folder does not exist
    """
    if not root.is_dir():
        raise CorpusError("the folder does not exist", path=root, remedy="Check the path.")
    return sorted(path for path in root.rglob("*") if path.suffix.lower() in AUDIO_SUFFIXES)
