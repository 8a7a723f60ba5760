"""The words of a film's cues that captions in another format would be without."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import reduce
from operator import and_
from typing import TYPE_CHECKING

from ..core.errors import OutputError
from ..subtitles.document import Document, lines
from ..subtitles.markup import to_ass
from .readback import LATEST_CS, Seen, Views, words_in
from .registry import form_of, styled_text

#: What some reader takes for markup.
_MARKUP = re.compile(r"\{[^{}]*\}|<[^<>]*>")

if TYPE_CHECKING:
    from ..tagging.annotation import AnnotatedFilm


def refuse_unread(annotation: AnnotatedFilm, form: str) -> None:
    """Refuses another format for subtitles with a cue whose times cannot be read.

    Args:
        annotation: the film
        form: the name of the format that is to be written

    Raises:
        OutputError: if such a cue has words
    """
    document = annotation.document
    for cue in () if document is None else document.unread:
        if words_in(styled_text(cue.text, document.form if document else None).plain):
            raise lost(
                annotation, form, f", of the cue in line {cue.line}, whose times cannot be read"
            )


def refuse_missing(
    annotation: AnnotatedFilm, form: str, before: Views, after: Counter[str]
) -> None:
    """Refuses captions in which words are missing.

    Args:
        annotation: the film
        form: the name of the captions' format
        before: what players see of the film's subtitles
        after: the words of the captions, those of tags aside

    Raises:
        OutputError: if words are missing
    """
    missing = _spoken(annotation, before) - after
    if missing:
        raise lost(annotation, form, _where(annotation, missing))


def lost(annotation: AnnotatedFilm, form: str, where: str) -> OutputError:
    """The error of captions without some of the words."""
    kept = form_of(annotation.document)
    return OutputError(
        f"words would be missing in {form}{where}",
        path=annotation.subtitles,
        remedy=f"Correct that place in the subtitles, or write {kept} "
        f"(--format {kept}), which keeps every byte.",
    )


def _spoken(annotation: AnnotatedFilm, before: Views) -> Counter[str]:
    """The words of the film's cues, each as often as it stands there.

    Those of the cues as subemo has them, and what every player shows besides.
    A word that one player alone shows counts if no cue has it, not even as markup,
    and if it has a letter: where a cue's times are damaged, players show its number
    and its times as text.
    """
    views = [count_words(view) for view in before if view is not None]
    ours = count_words(
        Seen(
            min(cue.start_ms // 10, LATEST_CS),
            min(cue.end_ms // 10, LATEST_CS),
            to_ass(cue.styled_text),
        )
        for cue in annotation.cues
    )
    agreed = reduce(and_, views) if views else Counter()
    unknown = {word for word in set().union(*views) - ours.keys() if any(map(str.isalpha, word))}
    return ours | agreed | Counter(_of_no_cue(unknown, annotation) if unknown else ())


def _of_no_cue(words: set[str], annotation: AnnotatedFilm) -> set[str]:
    """Those of some words that no cue has, not even as markup or within its line of times."""
    if annotation.document is not None:
        words = words - _words_of_times(annotation.document)
    text = _letters(annotation)
    return {word for word in words if word not in text}


def _letters(annotation: AnnotatedFilm) -> str:
    """The text of all cues, with its markup and without: players part and join words by it."""
    raw = "\n".join(cue.cue.text for cue in annotation.cues).lower()
    return raw + "\n" + _MARKUP.sub("", raw)


def _words_of_times(document: Document) -> set[str]:
    """What looks like words in the lines of cues' times, settings among it."""
    times = {cue.line for cue in document.cues}
    found = lines(document.data, document.encoding)
    return {word for line in found if line.number in times for word in words_in(line.text)}


def count_words(view: Iterable[Seen]) -> Counter[str]:
    """The words of a file's cues; of cues that are equal one, since some readers drop the others."""
    distinct = dict.fromkeys((seen.start_cs, seen.end_cs, seen.words) for seen in view)
    return Counter(word for _, _, words in distinct for word in words)


def _where(annotation: AnnotatedFilm, missing: Counter[str]) -> str:
    """The first cue with one of those words, or, where no cue has them, the words."""
    for cue in annotation.cues:
        if missing.keys() & set(words_in(cue.styled_text.plain)):
            return f", of the cue in line {cue.cue.line}"
    return f": {' '.join(list(missing)[:8])}"
