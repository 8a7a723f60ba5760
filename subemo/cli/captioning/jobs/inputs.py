"""The subtitles and vocabulary that a command's options select."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from ....sources import lookup
from ....sources.lookup import SubtitleTrack
from ....tagging.presets import PRESETS
from ....tagging.vocabulary import Vocabulary, read_vocabulary, vocabulary_of
from ...options import complain
from ..option_groups import Coloured, InputOptions, WordingOptions


def named(*files: Path | None) -> list[Path]:
    """The given files that are not None, each once; inputs must never become outputs."""
    return list(dict.fromkeys(file for file in files if file is not None))


def subtitles_of(
    film: InputOptions, *, language: str | None, words: Vocabulary | None = None
) -> SubtitleTrack | None:
    """The film's subtitles: as given, else as found.

    Args:
        film: the film and its subtitles
        language: the preferred language of the subtitles
        words: custom tag words that may already be in them

    Raises:
        SubtitleError: if they cannot be read
        MediaError: if the film cannot be read or lacks the track
    """
    if film.subs is not None:
        return lookup.read_subtitles(film.subs, encoding=film.encoding, words=words)
    if film.wish is None:
        source = lookup.find(film.video, language=language, encoding=film.encoding, words=words)
        if source is not None:
            complain("note", f"subtitles: {source.description}")
        return source
    if film.wish == "none":
        return None
    return lookup.embedded(film.video, film.track, language=language)


def refuse_coloured_words(colour: str | None, preset: str) -> None:
    """Refuses coloured words with a preset that uses colour for speakers.

    Raises:
        click.UsageError: if the two exclude each other
    """
    if colour == Coloured.WORDS and not PRESETS[preset].colours_words:
        raise click.UsageError(
            f"--preset {preset} uses the colour of words for speakers; use --colour tags."
        )


def own_vocabulary(wording: WordingOptions, source: SubtitleTrack | None) -> Vocabulary | None:
    """The vocabulary of custom tag words, or None.

    Raises:
        SettingsError: if the file is invalid
    """
    if wording.words is None:
        return None
    language = wording.language or (source and source.language) or "en"
    return read_vocabulary(wording.words, language=language)


def vocabulary_with_own(wording: WordingOptions, judged: Path | None) -> Vocabulary | None:
    """The vocabulary of earlier tags, including a reviewer's own tags.

    Args:
        wording: the wording of the tags
        judged: a file of judgements, which may be missing, or None

    Returns:
        None if there are no custom words

    Raises:
        SettingsError: if words or judgements are invalid
    """
    language = wording.language or "en"
    said = None if wording.words is None else read_vocabulary(wording.words, language=language)
    if judged is None or not judged.exists():
        return said
    # Most runs do not need it.
    from ....review.judged_file import read_judged
    from ....review.judgements import own_tags

    own = own_tags(read_judged(judged).judgements.values())
    base = said or vocabulary_of(language) or vocabulary_of("en")
    assert base is not None
    return replace(base, own=own) if own else said
