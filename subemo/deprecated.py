"""The keywords of subemo 0.1, accepted until 1.0 with a deprecation warning."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from .analysis.analyse import AnalysisOptions
from .analysis.film import Film, open_film
from .sources.lookup import SubtitleTrack, read_subtitles
from .tagging.vocabulary import Wording

_ANALYSIS = frozenset({"adaptation", "cache", "on_note", "split", "threads", "transcriber"})
_WORDING = frozenset({"language", "words"})
_OPENING = frozenset({"audio_stream", "encoding"})

Modern = tuple[str | Path | Film, str | Path | SubtitleTrack | None, AnalysisOptions, Wording]


def modern(
    video: str | Path | Film,
    subtitles: str | Path | SubtitleTrack | None,
    options: AnalysisOptions | None,
    wording: Wording | None,
    old: Mapping[str, Any],
) -> Modern:
    """Converts keywords of 0.1 to the current arguments of `subemo.annotate`.

    Args:
        video: see `subemo.annotate`
        subtitles: see `subemo.annotate`
        options: see `subemo.annotate`
        wording: see `subemo.annotate`
        old: the old keywords and their values

    Raises:
        TypeError: for an unknown keyword
    """
    unknown = old.keys() - _ANALYSIS - _WORDING - _OPENING
    if unknown:
        raise TypeError(f"annotate() got an unexpected keyword argument {min(unknown)!r}")
    warnings.warn(
        f"annotate({'=, '.join(sorted(old))}=) is deprecated: use AnalysisOptions, Wording, "
        "open_film(audio_stream=) and read_subtitles(encoding=)",
        DeprecationWarning,
        stacklevel=3,
    )
    analysed = {name: value for name, value in old.items() if name in _ANALYSIS}
    options = replace(options or AnalysisOptions(), **analysed)
    wording = replace(wording or Wording(), **{name: old[name] for name in _WORDING & old.keys()})
    if old.get("audio_stream") is not None and not isinstance(video, Film):
        video = open_film(video, audio_stream=old["audio_stream"])
    if old.get("encoding") is not None and isinstance(subtitles, str | Path):
        subtitles = read_subtitles(subtitles, encoding=old["encoding"], words=wording.words)
    return video, subtitles, options, wording
