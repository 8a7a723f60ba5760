"""Corpora of labelled clips, by name."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ..errors import CorpusError
from .base import Clip, Corpus
from .ravdess import Ravdess
from .savee import Savee

CORPORA: dict[str, Corpus] = {corpus.name: corpus for corpus in (Ravdess(), Savee())}


def read_clips(roots: Mapping[str, Path]) -> list[Clip]:
    """Every clip of several corpora.

    Args:
        roots: the folder of each corpus, by the corpus's name in `CORPORA`

    Raises:
        CorpusError: at a clip that is there twice, an unknown file name, or a
            folder without clips
    """
    clips: dict[str, Clip] = {}
    for name, root in roots.items():
        found = list(CORPORA[name].clips(root))
        if not found:
            raise CorpusError(f"no clips of {name} in this folder", path=root)
        for clip in found:
            if clip.key in clips:
                raise CorpusError(
                    f"the same clip as {clips[clip.key].path}",
                    path=clip.path,
                    remedy="Some releases hold every clip twice; name one of the two folders.",
                )
            clips[clip.key] = clip
    return list(clips.values())


__all__ = ["CORPORA", "Clip", "Corpus", "read_clips"]
