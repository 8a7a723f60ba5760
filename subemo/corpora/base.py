"""What every corpus of labelled clips is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ..emotions import Emotion
from ..errors import CorpusError

#: Corpora are re-packed in many forms; the extension tells nothing but the codec.
AUDIO_SUFFIXES = frozenset({".wav", ".flac", ".ogg", ".mp3"})


@dataclass(frozen=True)
class Clip:
    """One labelled clip.

    Attributes:
        path: the sound file
        emotion: what the speaker was asked to sound like
        speaker: unique over all corpora, for example ``ravdess-07``
        sex: ``male`` or ``female``, or None where the corpus does not say
        corpus: the corpus's name in `subemo.corpora.CORPORA`
        statement: which sentence is said, in the corpus's own code
        intensity: ``normal`` or ``strong``, or None where the corpus does not say
    """

    path: Path
    emotion: Emotion
    speaker: str
    sex: str | None
    corpus: str
    statement: str
    intensity: str | None = None

    @property
    def key(self) -> str:
        """A name that is the same wherever the corpus lies and however it is packed."""
        return f"{self.speaker}/{self.path.stem.removeprefix(self.speaker.split('-')[1] + '_')}"


class Corpus(Protocol):
    """A corpus's layout on disk and its labels.

    To add one: write a module beside this one with a class that has these
    members, and name an instance of it in `subemo.corpora.CORPORA`.
    """

    @property
    def name(self) -> str:
        """The corpus's name, in lower case."""
        ...

    def clips(self, root: Path) -> Iterator[Clip]:
        """Every clip below *root*, sorted by path.

        Raises:
            CorpusError: at a sound file whose name is not one of the corpus's
        """
        ...


def sound_files(root: Path) -> list[Path]:
    """Every sound file below *root*, sorted.

    Raises:
        CorpusError: if there is no such folder
    """
    if not root.is_dir():
        raise CorpusError("no such folder", path=root, remedy="Check the path.")
    return sorted(path for path in root.rglob("*") if path.suffix.lower() in AUDIO_SUFFIXES)
