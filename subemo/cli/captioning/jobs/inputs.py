"""The subtitles and words that the options of a command ask for."""

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
    """Those of the files that the user named or that are found, each once: inputs, never outputs."""
    return list(dict.fromkeys(file for file in files if file is not None))


def subtitles_of(
    film: InputOptions, *, language: str | None, words: Vocabulary | None = None
) -> SubtitleTrack | None:
    """The film's subtitles: as the user says, else as they are found.

    Args:
        film: what the user says of it
        language: which are preferred
        words: the user's own, in which tags may be written there already

    Raises:
        SubtitleError: if they cannot be understood
        MediaError: if the film cannot be read, or has no such track
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
    """Refuses coloured words in a house style in which their colour tells who speaks.

    Raises:
        click.UsageError: if the two do not go together
    """
    if colour == Coloured.WORDS and not PRESETS[preset].colours_words:
        raise click.UsageError(
            f"--preset {preset} has the colour of words tell who speaks; --colour tags colours tags."
        )


def own_vocabulary(wording: WordingOptions, source: SubtitleTrack | None) -> Vocabulary | None:
    """The user's own words for the emotions, if there are any.

    Raises:
        SettingsError: if they cannot be understood
    """
    if wording.words is None:
        return None
    language = wording.language or (source and source.language) or "en"
    return read_vocabulary(wording.words, language=language)


def vocabulary_with_own(wording: WordingOptions, judged: Path | None) -> Vocabulary | None:
    """What earlier tags may be written in, those of a person's own among them.

    Args:
        wording: what the user says of the tags' words
        judged: a file of judgements, which need not be there; None for none

    Returns:
        None where there are no other words than subemo's own

    Raises:
        SettingsError: if words or judgements cannot be understood
    """
    language = wording.language or "en"
    said = None if wording.words is None else read_vocabulary(wording.words, language=language)
    if judged is None or not judged.exists():
        return said
    # What most runs do without.
    from ....review.judged_file import read_judged
    from ....review.judgements import own_tags

    own = own_tags(read_judged(judged).judgements.values())
    base = said or vocabulary_of(language) or vocabulary_of("en")
    assert base is not None
    return replace(base, own=own) if own else said
