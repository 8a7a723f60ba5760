"""The interface of a corpus of labelled clips."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from ...core.emotions import Emotion
from ...core.errors import CorpusError
from ...core.sounds import Sound

#: Corpora are redistributed in many codecs, so any of these extensions is accepted.
AUDIO_SUFFIXES = frozenset({".wav", ".flac", ".ogg", ".mp3"})


@dataclass(frozen=True)
class CorpusEntry:
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
    """A labelled clip; fields not described here are those of `CorpusEntry`.

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


@dataclass(frozen=True)
class SoundClip:
    """A clip of one vocal sound.

    Attributes:
        path: the file
        sound: the vocal sound
        speaker: the speaker, or the recording if unknown
        corpus: the corpus's name
    """

    path: Path
    sound: Sound
    speaker: str
    corpus: str


class Split(StrEnum):
    """What a part of the data is for: voices, dialogues and backgrounds of films."""

    #: Training data.
    TRAINING = "training"
    #: Validation data, for choosing temperatures, priors, thresholds and recipes.
    CHOOSING = "choosing"
    #: Test data, for reported figures.
    REPORTING = "reporting"


@dataclass(frozen=True)
class ClipProtocol:
    """A way to hold clips of a corpus out of training, for its figures on clips.

    Attributes:
        name: its name as a value of `--protocol`
        title: its name in figures
        corpus: the tested corpus
        folds: the test speakers of each fold, given the corpus's speakers; None tests the whole
            corpus, without training on it
        reported: whether its figures are reported; the others are for choosing
    """

    name: str
    title: str
    corpus: str
    folds: Callable[[Sequence[str]], list[list[str]]] | None
    reported: bool = True


class Corpus:
    """A corpus's layout on disk, its labels, and what it is used for.

    To add one: write a module beside this one whose ``CORPUS`` is an instance of a subclass
    (of `NamedFiles`, where the file names have the labels), and name the module in ``_MODULES`` of
    `subemo.research.corpora`.

    Attributes:
        name: the corpus's name, in lower case
        language: of its speech, BCP 47; empty if it is in no split
        splits: what it is for. A corpus of `Split.TRAINING` trains the default model and the
            detector of sounds; one of `Split.REPORTING` alone is never trained or chosen on.
            None for clips that are only evaluated on request
        protocols: how its clips are held out of the default model's training
    """

    name: str
    language: str = ""
    splits: tuple[Split, ...] = ()
    protocols: tuple[ClipProtocol, ...] = ()

    @property
    def nothing(self) -> str:
        """What is wrong where there are no clips."""
        return f"no clips of the layout {self.name!r} found (links to folders are not followed)"

    def fits(self, root: Path) -> bool:
        """Whether *root* has this layout."""
        raise NotImplementedError

    def entries(self, root: Path) -> Iterator[CorpusEntry]:
        """Every clip of *root*, in a fixed order.

        Raises:
            CorpusError: if a clip does not match this layout
        """
        raise NotImplementedError


class NamedFiles(Corpus):
    """A corpus whose file names contain all labels.

    Attributes:
        example: an example of a file name, for messages
        pattern: the regular expression of a file's whole name without its extension, whose named
            groups are fields of `CorpusEntry`
        codes: what the name's codes mean, by field; a code that is not in it means itself
    """

    example: str
    pattern: re.Pattern[str]
    codes: Mapping[str, Mapping[str, str | None]] = MappingProxyType({})

    def parse(self, path: Path) -> CorpusEntry | None:
        """Parses the name; None if it is not of the corpus."""
        match = self.pattern.fullmatch(path.stem)
        if match is None:
            return None
        none: Mapping[str, str | None] = {}
        found = {
            name: self.codes.get(name, none).get(code, code)
            for name, code in match.groupdict().items()
        }
        return CorpusEntry(path, **found)  # type: ignore[arg-type]  # every pattern has a label

    def files(self, root: Path) -> list[Path]:
        """The sound files of the corpus, sorted."""
        return sound_files(root)

    def fits(self, root: Path) -> bool:
        """Whether every sound file below *root* is named as in this corpus."""
        if not root.is_dir():
            return False
        files = self.files(root)
        return bool(files) and all(self.parse(path) is not None for path in files)

    def entries(self, root: Path) -> Iterator[CorpusEntry]:
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
