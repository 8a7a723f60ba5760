"""Checks captions before writing: no text is lost, and every tag can be removed.

The finished bytes must pass two checks, and a cue that fails either loses its
tag:

* *The inverse.* `untag` restores the original, byte for byte.
* *The read-back.* A player (`subemo.proof.readback`) shows the same cues as
  in the input, with the same times and words, and the tags.

If words would still be lost, nothing is written.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import replace
from functools import partial
from html import unescape
from typing import TYPE_CHECKING

from ..captions.writing import Captions
from ..core.errors import OutputError, SubemoError
from ..core.native import loaded_once
from ..formats.registry import DATA_FORMATS, FORMATS, READERS_BY_NAME, RECORDED, styled_text
from ..subtitles.document import Document
from ..subtitles.encoding import UTF_8, Encoding, refuse_doubt
from ..subtitles.markup import is_visible
from ..tagging.colours import Palette
from ..tagging.decisions import Decision, Reason
from .comparison import ExpectedTag, differences
from .lost_words import count_words, refuse_missing, refuse_moved, refuse_unread
from .readback import Seen, Views, read_back, read_data, reading_back, words_in
from .round_trip import irreversible, recorded
from .sound_cues import with_sound_cues

if TYPE_CHECKING:
    from ..tagging.annotation import AnnotatedCue, AnnotatedFilm

#: After this many attempts all remaining tags are dropped.
_ATTEMPTS = 12


def prove(annotation: AnnotatedFilm, form: str, *, colours: Palette | None = None) -> Captions:
    """Makes the captions of a film, without tags that fail the checks.

    Args:
        annotation: the annotated film
        form: a name in `subemo.formats.FORMATS`
        colours: colours of the tags, for formats that have them

    Raises:
        OutputError: if the format would lose words, even without tags
        SubtitleError: if another format would change words, because the subtitles'
            encoding is a doubtful guess
    """
    if not annotation.written and form not in DATA_FORMATS:
        raise OutputError(
            f"nothing to write as {form}: no cue has words or a tag",
            path=annotation.video,
            remedy='Show more tags (`policy="every"`), or write the predictions with `form="json"`.',
        )
    document = annotation.document
    if document is not None and document.form != form:
        refuse_doubt(document.encoding, annotation.subtitles)
    annotation = _without(annotation, _placeless(annotation, form))
    if document is not None:
        read_ahead(document)
    for attempt in range(_ATTEMPTS + 1):
        if attempt == _ATTEMPTS:
            tagged = (cue.index for cue in annotation.tagged)
            annotation = _without(annotation, dict.fromkeys(tagged, Reason.NOT_REVERSIBLE))
        captions = Captions(annotation, form, FORMATS[form].write(annotation, colours=colours))
        # Players read while the inverse is computed.
        with _reading(captions, captions.data) as after:
            if form in RECORDED:
                captions = recorded(captions)
            with _reading_bare(captions) as before:
                refused = irreversible(captions)
                if not refused:
                    refused = _misread(captions, before(), after(), colours)
            if not refused:
                _refuse_lost_words(captions, after)
                return with_sound_cues(captions)
        annotation = _without(annotation, refused)
    raise AssertionError("captions without tags are always reversible")


@loaded_once(4)
def _views_of_input(text: str, form: str, encoding: Encoding, cues: int) -> Views:
    """What players show of a subtitle file."""
    views = read_back(text, form, encoding=encoding)
    if all(view is not None and len(view) >= cues for view in views):
        return views
    return read_back(text, form, encoding=encoding, thorough=True)


def _views_of(document: Document | None) -> Views:
    if document is None:
        return ()
    cues = len(document.cues)
    return _views_of_input(document.text, document.form, document.encoding, cues)


def read_ahead(document: Document) -> None:
    """Starts reading a film's subtitles in the background, so that the check need not wait.

    Args:
        document: the subtitles
    """

    def read() -> None:
        with suppress(SubemoError, OSError):  # which the check meets again
            _views_of(document)

    threading.Thread(target=read, daemon=True).start()


def _placeless(annotation: AnnotatedFilm, form: str) -> dict[int, Reason]:
    """The cues of the input without words to put a tag at."""
    document = annotation.document
    if document is None or document.form != form:
        return {}
    return {
        cue.index: Reason.NO_TEXT
        for cue in annotation.tagged
        if document.offsets[cue.index].above is None
    }


def _without(annotation: AnnotatedFilm, refused: Mapping[int, Reason]) -> AnnotatedFilm:
    """The same film without the tags of some cues."""
    if not refused:
        return annotation

    def bare(cue: AnnotatedCue) -> AnnotatedCue:
        if cue.index not in refused:
            return cue
        return replace(cue, decision=Decision(None, refused[cue.index], cue.decision.detail))

    return replace(annotation, cues=tuple(map(bare, annotation.cues)))


# The read-back

#: Functions that wait for players.
_Reading = AbstractContextManager[Callable[[], Views]]


def _misread(
    captions: Captions, before: Views, after: Views, colours: Palette | None
) -> dict[int, Reason]:
    """The cues that a player does not show unchanged, apart from their tag.

    Args:
        captions: the captions
        before: what players show of the input, or of a new file without tags
        after: what they show of the captions
        colours: colours of the tags
    """
    annotation, form = captions.annotation, captions.form
    if form not in READERS_BY_NAME or not annotation.tagged:
        return {}
    if captions.source is None:
        before, after = tuple(map(_worded, before)), tuple(map(_worded, after))
    elif len(before) > len(after):
        with _reading(captions, captions.data, thorough=True) as views:
            after = views()
    expected = _expected(captions, colours)
    alone = {i: tag for i, tag in expected.items() if not annotation.cues[i].styled_text.has_words}
    found: set[int] = set()
    for old, new in zip(before, after, strict=True):
        if old is None and not alone:
            continue
        worded, shown = _apart(new or (), alone)
        found |= alone.keys() - shown
        rest = {i: tag for i, tag in expected.items() if i not in alone}
        found |= set(differences(old or (), worded, rest, annotation.cues))
    return dict.fromkeys(found, Reason.LOST_IN_PLAYERS)


def _worded(view: tuple[Seen, ...] | None) -> tuple[Seen, ...] | None:
    """The cues with words."""
    return view and tuple(
        seen for seen in view if is_visible(unescape(seen.plain.text.replace(r"\N", " ")))
    )


def _expected(captions: Captions, colours: Palette | None) -> dict[int, ExpectedTag]:
    """The tags that a player should show, by the index of the cue."""
    reader, source = READERS_BY_NAME[captions.form], captions.source
    expected = {}
    for cue in captions.annotation.tagged:
        tag = reader.tag(cue, source, colours=colours)
        assert tag is not None
        wraps = dict.fromkeys((cue.decision.text, tag.text))
        texts = tuple(f"{wrap}{end}" for wrap in wraps for end in (" ", "\\N", ""))
        start_ms = cue.start_ms if source else reader.rounded_ms(cue.start_ms)
        expected[cue.index] = ExpectedTag(start_ms // 10, texts, tag.old_end is not None)
    return expected


def _apart(
    seen: Sequence[Seen], alone: Mapping[int, ExpectedTag]
) -> tuple[tuple[Seen, ...], set[int]]:
    """The cues with more than a tag, and the tags that are alone in a cue."""
    worded, shown = [], set()
    for one in seen:
        found = next(
            (i for i, tag in alone.items() if i not in shown and tag.is_near(one.start_cs)
             and one.text in tag.texts), None,
        )  # fmt: skip
        if found is None:
            worded.append(one)
        else:
            shown.add(found)
    return tuple(worded), shown


def _reading(captions: Captions, data: bytes, *, thorough: bool = False) -> _Reading:
    """Starts players on captions, finished or without tags, if they read the format."""
    if captions.form not in READERS_BY_NAME:
        return nullcontext(tuple)
    source = captions.source
    if source is None:
        text, encoding = data.decode("utf-8", "replace"), UTF_8
    else:
        text, encoding = replace(source, data=data).text, source.encoding
    return reading_back(text, captions.form, encoding=encoding, thorough=thorough)


def _reading_bare(captions: Captions) -> _Reading:
    """What players show without the tags, if there are any."""
    if captions.source is None and captions.annotation.tagged:
        return _reading(captions, captions.bare)
    return nullcontext(lambda: _views_of(captions.source))


# Words lost without any tag


def _refuse_lost_words(captions: Captions, after: Callable[[], Views]) -> None:
    """Refuses captions that lack words of the film's cues."""
    annotation, form = captions.annotation, captions.form
    if captions.source is not None:
        return  # without a tag these are the input's bytes
    refuse_unread(annotation, form)
    seen = after()
    shown = (seen[0] if seen else _read_data(captions)) or ()
    there = count_words(shown)
    if form not in DATA_FORMATS:
        # A tag must not replace a missing word.
        there -= Counter(w for cue in annotation.tagged for w in words_in(cue.decision.text))
        if form not in READERS_BY_NAME:
            there -= Counter(w for cue in annotation.sound_cues for w in words_in(cue.text))
    refuse_missing(annotation, form, _views_of(annotation.document), there)
    refuse_moved(annotation, form, shown)


def _read_data(captions: Captions) -> tuple[Seen, ...]:
    """The cues of a data file, which no player reads and which keeps the subtitles' text."""
    if captions.form not in DATA_FORMATS:
        return read_data(captions.data, captions.form)
    document = captions.annotation.document
    of = partial(styled_text, form=None if document is None else document.form)
    return read_data(captions.data, captions.form, parse=of)
