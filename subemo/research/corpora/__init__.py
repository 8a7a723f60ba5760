"""Corpora of labelled clips, by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path

from ...core.emotions import parse_emotion
from ...core.errors import CorpusError
from .base import Clip, ClipProtocol, Corpus, CorpusEntry, Split
from .layouts import LabelFolders, Manifest, NamedClips, PatternFiles, is_pattern

#: The modules of the corpora, in the order of messages; see `Corpus`.
_MODULES = (
    "ravdess",
    "savee",
    "tess",
    "emovo",
    "nemo",
    "ased",
    "casia",
    "crema_d",
)


def _corpus(module: str) -> Corpus:
    corpus: Corpus = import_module(f"{__package__}.{module}").CORPUS
    return corpus


CORPORA: dict[str, Corpus] = {
    corpus.name: corpus
    for corpus in (*map(_corpus, _MODULES), NamedClips(), LabelFolders(), Manifest())
}


#: The corpora that are in any split, by their use.
CORPORA_OF: dict[Split, tuple[str, ...]] = {
    split: tuple(name for name, corpus in CORPORA.items() if split in corpus.splits)
    for split in Split
}

#: No model is trained on these and nothing is chosen on them: no recipe, temperature, threshold or
#: number of epochs. As long as that holds, they are a fair test of a shipped model.
EVALUATION_ONLY = tuple(
    name for name, corpus in CORPORA.items() if corpus.splits == (Split.REPORTING,)
)


def refuse_evaluation_only(corpora: Iterable[str], purpose: str) -> None:
    """Refuses corpora that are for evaluation only.

    Args:
        corpora: names in `CORPORA`
        purpose: the intended use, as a noun: ``training``

    Raises:
        CorpusError: if one of them is in `EVALUATION_ONLY`

    >>> refuse_evaluation_only(["ravdess", "casia"], "training")
    Traceback (most recent call last):
    subemo.core.errors.CorpusError: casia is for evaluation only: not for training. Leave it out.
    """
    refused = sorted(set(EVALUATION_ONLY).intersection(corpora))
    if refused:
        names, them = " and ".join(refused), "it" if len(refused) == 1 else "them"
        verb = "is" if len(refused) == 1 else "are"
        raise CorpusError(
            f"{names} {verb} for evaluation only: not for {purpose}",
            remedy=f"Leave {them} out.",
        )


@dataclass
class CorpusReading:
    """Labelled clips of one or more corpora.

    Attributes:
        clips: the clips, in reading order
        ignored: number of clips left out, by ignored label
    """

    clips: list[Clip] = field(default_factory=list)
    ignored: Counter[str] = field(default_factory=Counter)


def find_corpus(root: Path) -> Corpus:
    """Detects the layout of *root*.

    Raises:
        CorpusError: if no layout or more than one matches
    """
    if not root.exists():
        raise CorpusError("the file or folder does not exist", path=root, remedy="Check the path.")
    fitting = [corpus for corpus in CORPORA.values() if corpus.fits(root)]
    if len(fitting) == 1:
        return fitting[0]
    names = ", ".join(corpus.name for corpus in fitting or CORPORA.values())
    problem = "more than one layout matches" if fitting else "no layout matches"
    raise CorpusError(
        problem,
        path=root,
        remedy=f"Choose one with `layout`: {names}; or describe the paths of the clips, for example "
        '`layout="{speaker}/{emotion}/*"`; or list them in a CSV file: path,emotion[,speaker].',
    )


def _layout(root: Path, corpus: str | Corpus | None) -> Corpus:
    """The layout that a user gives, names or describes, or the detected layout of *root*.

    Raises:
        CorpusError: for an unknown layout, or if none is detected
    """
    if corpus is None:
        return find_corpus(root)
    if isinstance(corpus, Corpus):
        return corpus
    if is_pattern(corpus):
        return PatternFiles(corpus)
    if corpus not in CORPORA:
        raise CorpusError(
            f"unknown layout {corpus!r}",
            remedy=f"Choose from: {', '.join(CORPORA)}; or a pattern such as '{{speaker}}/{{emotion}}/*'.",
        )
    return CORPORA[corpus]


def read_corpus(
    root: Path, *, corpus: str | Corpus | None = None, ignore: Collection[str] = ()
) -> CorpusReading:
    """Reads the clips of a corpus.

    Args:
        root: its folder, or a manifest
        corpus: it, its name in `CORPORA`, or a pattern of the clips' paths (`PatternFiles`);
            None detects it
        ignore: labels of the corpus whose clips are left out

    Raises:
        CorpusError: for an unknown label or file name, a missing file, a duplicate
            clip, or if there are no clips
    """
    return _read([(corpus, root)], ignore)


def read_corpora(
    roots: Iterable[Path], *, corpus: str | None = None, ignore: Collection[str] = ()
) -> CorpusReading:
    """Reads the clips of several folders or manifests; see `read_corpus`."""
    return _read([(corpus, root) for root in roots], ignore)


def read_clips(roots: Mapping[str, Path]) -> list[Clip]:
    """Reads the clips of several corpora.

    Args:
        roots: the folder of each corpus, by the corpus's name in `CORPORA`

    Raises:
        CorpusError: see `read_corpus`
    """
    return _read(roots.items(), ()).clips


def _read(
    corpora: Iterable[tuple[str | Corpus | None, Path]], ignore: Collection[str]
) -> CorpusReading:
    reading, left_out = CorpusReading(), {label.lower() for label in ignore}
    known: dict[str, CorpusEntry] = {}
    for corpus, root in corpora:
        layout, entry = _layout(root, corpus), None
        for entry in layout.entries(root):
            if entry.label.lower() in left_out:
                reading.ignored[entry.label.lower()] += 1
                continue
            clip = _clip(root, layout, entry)
            if other := known.get(clip.key):
                raise CorpusError(
                    f"{_line(entry)}duplicate of {f'line {other.line}' if other.line else other.path}",
                    path=root if entry.line else clip.path,
                    remedy=None
                    if entry.line
                    else "Some releases contain every clip twice; give one of the two folders. If the "
                    "clips differ, distinguish them by their paths, for example with "
                    '`layout="{speaker}/{emotion}/*"`.',
                )
            known[clip.key] = entry
            reading.clips.append(clip)
        if entry is None:
            raise CorpusError(layout.nothing, path=root)
    return reading


def count_by_corpus(clips: Sequence[Clip]) -> dict[str, dict[str, int]]:
    """The numbers of ``clips`` and ``speakers`` of each corpus, in order of appearance."""
    return {
        corpus: {
            "clips": sum(clip.corpus == corpus for clip in clips),
            "speakers": len({clip.speaker for clip in clips if clip.corpus == corpus}),
        }
        for corpus in dict.fromkeys(clip.corpus for clip in clips)
    }


def _clip(root: Path, layout: Corpus, entry: CorpusEntry) -> Clip:
    emotion = parse_emotion(entry.label)
    if emotion is None:
        raise CorpusError(
            f"{_line(entry)}unknown label {entry.label!r}",
            path=root if entry.line else entry.path,
            remedy=f"Leave it out with `ignore={entry.label or 'LABEL'!r}`, or correct it.",
        )
    about = {name: one for name, one in vars(entry).items() if name not in ("label", "line")}
    if entry.speaker is not None:
        about["speaker"] = f"{layout.name}-{entry.speaker}"
    return Clip(**about, emotion=emotion, corpus=layout.name)


def _line(entry: CorpusEntry) -> str:
    return f"line {entry.line}: " if entry.line else ""


__all__ = [
    "CORPORA",
    "CORPORA_OF",
    "EVALUATION_ONLY",
    "Clip",
    "ClipProtocol",
    "Corpus",
    "CorpusReading",
    "Split",
    "count_by_corpus",
    "find_corpus",
    "read_clips",
    "read_corpora",
    "read_corpus",
    "refuse_evaluation_only",
]
