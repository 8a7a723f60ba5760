"""Words of a film's cues that would be lost in another format."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import reduce
from itertools import groupby
from operator import and_, itemgetter
from typing import TYPE_CHECKING

from ..core.errors import OutputError
from ..core.times import clock
from ..formats.registry import form_of, styled_text
from ..subtitles.document import Document, lines
from ..subtitles.markup import to_ass
from .readback import Seen, Views, words_in

#: How far a format may round a time, in hundredths of a second.
_NEAR_CS = 11

_TIMES = itemgetter(0, 1)

#: What some reader treats as markup.
_MARKUP = re.compile(r"\{[^{}]*\}|<[^<>]*>")

if TYPE_CHECKING:
    from ..tagging.annotation import AnnotatedCue, AnnotatedFilm


def refuse_unread(annotation: AnnotatedFilm, form: str) -> None:
    """Refuses another format if the times of a cue cannot be read.

    Args:
        annotation: the film
        form: the name of the output format

    Raises:
        OutputError: if such a cue has words
    """
    document = annotation.document
    for cue in () if document is None else document.unread:
        if words_in(styled_text(cue.text, document.form if document else None).plain):
            raise lost(
                annotation, form, f", in the cue of line {cue.line}, whose times cannot be read"
            )


def refuse_missing(
    annotation: AnnotatedFilm, form: str, before: Views, after: Counter[str]
) -> None:
    """Refuses captions that lack words.

    Args:
        annotation: the film
        form: the name of the captions' format
        before: what players show of the film's subtitles
        after: the words of the captions, except those of tags

    Raises:
        OutputError: if words are missing
    """
    missing = _spoken(annotation, before) - after
    if missing:
        raise lost(annotation, form, _where(annotation, missing))


def refuse_moved(annotation: AnnotatedFilm, form: str, after: Iterable[Seen]) -> None:
    """Refuses captions in which a cue is shown at another time.

    Args:
        annotation: the film
        form: the name of the captions' format
        after: what a player shows of the captions

    Raises:
        OutputError: if a player shows no cue with some cue's words at its time
    """
    # What was found leaves, so that of many at one time each is looked at once.
    shown: dict[int, dict[int, Seen]] = {}
    for number, seen in enumerate(after):
        shown.setdefault(seen.start_cs // _NEAR_CS, {})[number] = seen
    found = set[Seen]()
    for cue in annotation.written:
        one = _expected(cue)
        if one.start_cs >= one.end_cs or one in found or not one.words:
            continue
        place = one.start_cs // _NEAR_CS
        at = next(
            (at for near in (place - 1, place, place + 1) for at, seen in shown.get(near, {}).items()
             if abs(seen.start_cs - one.start_cs) <= _NEAR_CS
             and cue.end_ms // 10 - _NEAR_CS <= seen.end_cs <= one.end_cs + _NEAR_CS
             and (one.text == seen.text or Counter(one.words) <= Counter(seen.words))), None,
        )  # fmt: skip
        if at is not None:
            found.add(one)
            for near in (place - 1, place, place + 1):
                shown.get(near, {}).pop(at, None)
        else:
            kept = form_of(annotation.document)
            raise OutputError(
                f"{form} cannot show the cue of line {cue.cue.line} at its time, "
                f"{clock(cue.start_ms)} to {clock(cue.shown_end_ms)}",
                path=annotation.subtitles,
                remedy=f'Correct its times, or write {kept} (`form="{kept}"`).',
            )


def lost(annotation: AnnotatedFilm, form: str, where: str) -> OutputError:
    """The error for captions that lack words."""
    kept = form_of(annotation.document)
    return OutputError(
        f"words would be lost in {form}{where}",
        path=annotation.subtitles,
        remedy=f"Correct that part of the subtitles, or write {kept} "
        f'(`form="{kept}"`), which preserves every byte.',
    )


def _spoken(annotation: AnnotatedFilm, before: Views) -> Counter[str]:
    """The words of the film's cues, counted.

    Includes the words of subemo's cues and what every player shows besides.
    A word that only one player shows counts if no cue has it, not even as markup,
    and if it has a letter: where times are damaged, players show the cue's number
    and times as text.
    """
    views = [count_words(view) for view in before if view is not None]
    ours = count_words(_expected(cue) for cue in annotation.cues)
    agreed = reduce(and_, views) if views else Counter()
    unknown = {word for word in set().union(*views) - ours.keys() if any(map(str.isalpha, word))}
    return ours | agreed | Counter(_of_no_cue(unknown, annotation) if unknown else ())


def _expected(cue: AnnotatedCue) -> Seen:
    """A cue without its tag, as a player shows it."""
    return Seen(cue.start_ms // 10, cue.shown_end_ms // 10, to_ass(cue.styled_text))


def _of_no_cue(words: set[str], annotation: AnnotatedFilm) -> set[str]:
    """The words that are in no cue, not even in markup or the line of times."""
    if annotation.document is not None:
        words = words - _words_of_times(annotation.document)
    text = _letters(annotation)
    return {word for word in words if word not in text}


def _letters(annotation: AnnotatedFilm) -> str:
    """The text of all cues, with and without markup, which may divide or join words."""
    raw = "\n".join(cue.cue.text for cue in annotation.cues).lower()
    return raw + "\n" + _MARKUP.sub("", raw)


def _words_of_times(document: Document) -> set[str]:
    """Word-like parts of the lines of times, such as settings."""
    times = {cue.line for cue in document.cues}
    found = lines(document.data, document.encoding)
    return {word for line in found if line.number in times for word in words_in(line.text)}


def count_words(view: Iterable[Seen]) -> Counter[str]:
    """The words of a file's cues; duplicates count once, since some readers drop them."""
    found = Counter[str]()
    for _, same in groupby(sorted(view, key=_TIMES), key=_TIMES):
        for words in dict.fromkeys(seen.words for seen in same):
            found.update(words)
    return found


def _where(annotation: AnnotatedFilm, missing: Counter[str]) -> str:
    """The first cue with one of those words, or the words if no cue has them."""
    for cue in annotation.cues:
        if missing.keys() & set(words_in(cue.styled_text.plain)):
            return f", in the cue of line {cue.cue.line}"
    return f": {' '.join(list(missing)[:8])}"
