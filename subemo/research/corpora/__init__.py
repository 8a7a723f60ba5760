"""Corpora of labelled clips, by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path

from ...core.emotions import Emotion, parse_emotion
from ...core.errors import CorpusError
from .base import Clip, Corpus, Entry
from .pattern import PatternFiles, is_pattern

#: Where the corpora are, in the order in which messages name them; see `Corpus`.
_MODULES = (
    "ravdess",
    "savee",
    "tess",
    "emovo",
    "nemo",
    "ased",
    "casia",
    "crema_d",
    "named",
    "folders",
    "manifest",
)


def _corpus(module: str) -> Corpus:
    corpus: Corpus = import_module(f"{__package__}.{module}").CORPUS
    return corpus


CORPORA: dict[str, Corpus] = {corpus.name: corpus for corpus in map(_corpus, _MODULES)}


@dataclass
class Reading:
    """Labelled clips of one or several corpora.

    Attributes:
        clips: in the order in which they were read
        ignored: how many clips were left out, by the label that was to be ignored
    """

    clips: list[Clip] = field(default_factory=list)
    ignored: Counter[str] = field(default_factory=Counter)


def find_corpus(root: Path) -> Corpus:
    """The layout that *root* has.

    Raises:
        CorpusError: if none fits, or more than one does
    """
    if not root.exists():
        raise CorpusError("no such file or folder", path=root, remedy="Check the path.")
    fitting = [corpus for corpus in CORPORA.values() if corpus.fits(root)]
    if len(fitting) == 1:
        return fitting[0]
    names = ", ".join(corpus.name for corpus in fitting or CORPORA.values())
    problem = "more than one layout fits" if fitting else "no layout fits"
    raise CorpusError(
        problem,
        path=root,
        remedy=f"Say which one with --corpus: {names}; or describe the clips' paths, for example "
        "--corpus '{speaker}/{emotion}/*'; or list them in a CSV file: path,emotion[,speaker].",
    )


def _layout(root: Path, corpus: str | None) -> Corpus:
    """The layout that a user names, or describes, or that *root* has.

    Raises:
        CorpusError: if there is none
    """
    if corpus is None:
        return find_corpus(root)
    if is_pattern(corpus):
        return PatternFiles(corpus)
    if corpus not in CORPORA:
        raise CorpusError(
            f"no layout is called {corpus!r}",
            remedy=f"There are: {', '.join(CORPORA)}; or a pattern such as '{{speaker}}/{{emotion}}/*'.",
        )
    return CORPORA[corpus]


def read_corpus(
    root: Path,
    *,
    corpus: str | None = None,
    ignore: Collection[str] = (),
    into: Reading | None = None,
) -> Reading:
    """Every clip of one corpus.

    Args:
        root: its folder, or a manifest
        corpus: its name in `CORPORA`, or a pattern of its clips' paths (`PatternFiles`); None
            finds it out
        ignore: labels, in the corpus's own words, whose clips are left out
        into: what was read before, which this is added to

    Raises:
        CorpusError: at an unknown label or file name, a missing file, a clip
            that is there twice, or where there are no clips
    """
    layout = _layout(root, corpus)
    reading = into or Reading()
    known = {clip.key: clip for clip in reading.clips}
    found = 0
    for entry in layout.entries(root):
        found += 1
        if entry.label.lower() in {label.lower() for label in ignore}:
            reading.ignored[entry.label.lower()] += 1
            continue
        clip = _clip(root, layout, entry)
        if clip.key in known:
            raise CorpusError(
                f"{_line(entry)}the same clip as {known[clip.key].path}",
                path=root if entry.line else clip.path,
                remedy="Some releases hold every clip twice; name one of the two folders. Where the "
                "clips differ, tell them apart by their paths, for example with "
                "--corpus '{speaker}/{emotion}/*'.",
            )
        known[clip.key] = clip
        reading.clips.append(clip)
    if not found:
        raise CorpusError(f"no clips of {layout.name} in here", path=root)
    return reading


def read_corpora(
    roots: Iterable[Path], *, corpus: str | None = None, ignore: Collection[str] = ()
) -> Reading:
    """Every clip of several folders or manifests; the arguments and errors are `read_corpus`'s."""
    reading = Reading()
    for root in roots:
        read_corpus(root, corpus=corpus, ignore=ignore, into=reading)
    return reading


def read_clips(roots: Mapping[str, Path]) -> list[Clip]:
    """Every clip of several corpora.

    Args:
        roots: the folder of each corpus, by the corpus's name in `CORPORA`

    Raises:
        CorpusError: see `read_corpus`
    """
    reading = Reading()
    for name, root in roots.items():
        read_corpus(root, corpus=name, into=reading)
    return reading.clips


def missing_emotions(clips: Iterable[Clip]) -> list[Emotion]:
    """The emotions that no clip has."""
    present = {clip.emotion for clip in clips}
    return [emotion for emotion in Emotion if emotion not in present]


def count_by_corpus(clips: Sequence[Clip]) -> dict[str, dict[str, int]]:
    """How many ``clips`` of how many ``speakers`` each corpus has, in order of appearance."""
    return {
        corpus: {
            "clips": sum(clip.corpus == corpus for clip in clips),
            "speakers": len({clip.speaker for clip in clips if clip.corpus == corpus}),
        }
        for corpus in dict.fromkeys(clip.corpus for clip in clips)
    }


def _clip(root: Path, layout: Corpus, entry: Entry) -> Clip:
    emotion = parse_emotion(entry.label)
    if emotion is None:
        raise CorpusError(
            f"{_line(entry)}unknown label {entry.label!r}",
            path=root if entry.line else entry.path,
            remedy=f"Leave it out with --ignore {entry.label}, or name an emotion.",
        )
    return Clip(
        path=entry.path,
        emotion=emotion,
        speaker=None if entry.speaker is None else f"{layout.name}-{entry.speaker}",
        sex=entry.sex,
        corpus=layout.name,
        statement=entry.statement,
        intensity=entry.intensity,
        start_ms=entry.start_ms,
        end_ms=entry.end_ms,
        name=entry.name,
    )


def _line(entry: Entry) -> str:
    return f"line {entry.line}: " if entry.line else ""


__all__ = [
    "CORPORA",
    "Clip",
    "Corpus",
    "Reading",
    "count_by_corpus",
    "find_corpus",
    "missing_emotions",
    "read_clips",
    "read_corpora",
    "read_corpus",
]
