"""What every corpus of labelled clips is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ...core.emotions import Emotion
from ...core.errors import CorpusError

#: Corpora are re-packed in many forms; the extension says no more than the codec.
AUDIO_SUFFIXES = frozenset({".wav", ".flac", ".ogg", ".mp3"})


@dataclass(frozen=True)
class Entry:
    """One labelled clip, as the corpus itself says it.

    Attributes:
        path: the sound file
        label: the emotion in the corpus's own words
        speaker: the corpus's own name for who speaks, or None
        sex: ``male`` or ``female``, or None where the corpus does not say
        statement: which sentence is said, in the corpus's own code
        intensity: how strong, in the corpus's own words, or None
        start_ms: where in the file the clip starts; None for the whole file
        end_ms: where it ends
        line: of the manifest that lists it, from 1
        name: that tells it from all others of its corpus, where speaker and file name may not
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
    """One labelled clip; the fields that are not described here are `Entry`'s.

    Attributes:
        emotion: what the speaker was asked to sound like
        speaker: unique over all corpora, for example ``ravdess-07``, or None
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
        """A name that is the same wherever the corpus lies and however it is packed."""
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
            CorpusError: at a clip that is not as this layout has it
        """
        ...


class NamedFiles:
    """A corpus whose files' names say all: a subclass reads one name.

    Attributes:
        name: the corpus's name, in lower case
        example: a name of a file, for messages
        pattern: that all of a file's name without its extension has to match; not needed
            where a subclass has a `parse` of its own
    """

    name: str
    example: str
    pattern: re.Pattern[str]

    def read(self, path: Path, match: re.Match[str]) -> Entry | None:
        """What a name says that matches `pattern`, or None if it is not one of the corpus's."""
        raise NotImplementedError

    def parse(self, path: Path) -> Entry | None:
        """What the name says, or None if it is not one of the corpus's."""
        match = self.pattern.fullmatch(path.stem)
        return None if match is None else self.read(path, match)

    def files(self, root: Path) -> list[Path]:
        """The sound files that belong to the corpus, sorted."""
        return sound_files(root)

    def fits(self, root: Path) -> bool:
        """Whether every sound file below *root* has a name of this corpus's."""
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
                    f"not a file name of {self.name}",
                    path=path,
                    remedy=f"Names look like {self.example}; move other files away.",
                )
            yield entry


def sound_files(root: Path) -> list[Path]:
    """Every sound file below *root*, sorted.

    Raises:
        CorpusError: if there is no such folder
    """
    if not root.is_dir():
        raise CorpusError("no such folder", path=root, remedy="Check the path.")
    return sorted(path for path in root.rglob("*") if path.suffix.lower() in AUDIO_SUFFIXES)
