"""Captions proven before they are written: nothing is lost, and every tag can be taken out again.

Two things are asked of the finished bytes, and a cue that fails either goes
without its tag:

* *The inverse.* What `untag` makes of them is what they were made of, byte for byte.
* *The read-back.* A player (`subemo.captions.readback`) sees the same cues in
  them as in the input, with the same times and words, and the tags.

Where words are lost all the same, nothing is written.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from hashlib import sha256
from operator import and_
from typing import TYPE_CHECKING

from ..errors import OutputError, SubtitleError
from . import READERS, RECORDED, untag_recorded
from .base import CaptionReader
from .colours import Palette
from .document import Document, Untagged
from .encoding import Encoding
from .markup import PARSERS, Rich
from .policy import Decision, Reason
from .readback import LATEST_CS, Seen, Views, read_back, read_data, words_in
from .record import Change, Record, cue_digest
from .splicing import Mark, before_tag

if TYPE_CHECKING:
    from ..annotation import AnnotatedCue, Annotation

#: After so many attempts all tags that are left are given up.
_ATTEMPTS = 12
#: What is of use without any cue, too.
_DATA_FORMATS = frozenset({"json", "tsv"})
_READERS: Mapping[str, CaptionReader] = {reader.name: reader for reader in READERS}


@dataclass(frozen=True)
class Captions:
    """Captions that may be written.

    Attributes:
        annotation: the film, with the tags that are in them
        form: the name of their format
        data: the whole file
        record: what was put into it, where the format has a record
    """

    annotation: Annotation
    form: str
    data: bytes
    record: Record | None = None


def prove(annotation: Annotation, form: str, *, colours: Palette | None = None) -> Captions:
    """The captions of a film, without the tags that would do harm.

    Args:
        annotation: the film and what is to be shown
        form: a name in `subemo.captions.FORMATS`
        colours: of the tags, where the format has colours

    Raises:
        OutputError: if words would be lost in that format, tags or no tags
    """
    if not annotation.written and form not in _DATA_FORMATS:
        raise OutputError(
            f"there is nothing to write as {form}: no cue has words or a tag",
            path=annotation.video,
            remedy="Show more tags (--all), or write what was found with --format json.",
        )
    before = _views_of_input(annotation)
    for attempt in range(_ATTEMPTS + 1):
        if attempt == _ATTEMPTS:
            tagged = (cue.index for cue in annotation.tagged)
            annotation = _without(annotation, dict.fromkeys(tagged, Reason.NOT_REVERSIBLE))
        captions = _captions(annotation, form, colours)
        refused = _irreversible(captions) or _misread(captions, before, colours)
        if not refused:
            break
        annotation = _without(annotation, refused)
    _refuse_lost_words(captions, before)
    return captions


def _views_of_input(annotation: Annotation) -> Views:
    document = annotation.document
    if document is None:
        return ()
    text = _text(document)
    views = read_back(text, document.form)
    if all(view is not None and len(view) >= len(document.cues) for view in views):
        return views
    return read_back(text, document.form, thorough=True)


def _text(document: Document) -> str:
    encoding = document.encoding
    body = document.data[len(encoding.bom) :]
    return encoding.decode(body[: encoding.whole(len(body))])


def _without(annotation: Annotation, refused: Mapping[int, Reason]) -> Annotation:
    """The same film where some cues show no tag."""

    def bare(cue: AnnotatedCue) -> AnnotatedCue:
        if cue.index not in refused:
            return cue
        return replace(cue, decision=Decision(None, refused[cue.index], cue.decision.detail))

    return replace(annotation, cues=tuple(map(bare, annotation.cues)))


def _captions(annotation: Annotation, form: str, colours: Palette | None) -> Captions:
    data = annotation.render(form, colours=colours)
    record = None
    if form in RECORDED:
        record = _record(annotation, data, form)
    return Captions(annotation, form, data, record)


def _is_spliced(annotation: Annotation, form: str) -> bool:
    """Whether a file of that format is the input's bytes with tags in them."""
    return annotation.document is not None and annotation.document.form == form


def _record(annotation: Annotation, data: bytes, form: str) -> Record:
    """What was put into a file that was just made."""
    digest = sha256(data).hexdigest()
    spliced = annotation.document if _is_spliced(annotation, form) else None
    # A byte order mark tells more than a name, and UTF-8 tells itself.
    known = spliced is None or spliced.encoding.bom or spliced.encoding.name == "utf-8"
    encoding = None if known or spliced is None else spliced.encoding.name
    try:
        made = _READERS[form].read(data, encoding=encoding)
    except SubtitleError:  # there are no cues in it
        return Record(digest, (), encoding)
    newline = "\n" if spliced is None else spliced.newline
    # The file that the film came with has its cues where they were; a new one has only some.
    places = range(len(made.cues)) if spliced else _places_in_new(annotation)
    changes = []
    for cue in annotation.tagged:
        place = places[cue.index] if cue.index < len(places) else len(made.cues)
        if place >= len(made.cues):
            continue  # the proof finds it missing
        decision = cue.decision
        separator = newline if decision.is_above else " "
        # A cue that has no words holds the tag alone.
        written = decision.text + (separator if cue.rich.has_words else "")
        old_end = None if decision.end_ms is None else _old_end(cue, spliced)
        changes.append(Change(cue_digest(made, place) or "", written, old_end))
    return Record(digest, tuple(changes), encoding)


def _places_in_new(annotation: Annotation) -> Sequence[int]:
    """The position of each cue in a file that is made of `Annotation.written`."""
    written = {cue.index: place for place, cue in enumerate(annotation.written)}
    return [written.get(cue.index, len(written)) for cue in annotation.cues]


def _old_end(cue: AnnotatedCue, spliced: Document | None) -> str:
    span = None if spliced is None else spliced.sites[cue.index].end_time
    if spliced is not None and span is not None:
        return spliced.encoding.decode(spliced.data[slice(*span)])
    from .pysrt_adapter import format_time

    return format_time(cue.cue.end_ms)


def _encodings(annotation: Annotation, form: str) -> tuple[str | None, ...]:
    """What `strip` may be told of the file's encoding: nothing, or what the user told `annotate`."""
    document = annotation.document
    if document is None or not _is_spliced(annotation, form):
        return (None,)
    encoding = document.encoding
    return (None,) if encoding.bom or encoding.is_guess else (None, encoding.name)


# The inverse


def _irreversible(captions: Captions) -> dict[int, Reason]:
    """The cues whose tags could not be taken out again, as they were put in."""
    annotation, form = captions.annotation, captions.form
    if form not in _READERS or not annotation.tagged:
        return {}
    found: list[int] = []
    for encoding in _encodings(annotation, form):
        found = list(_irreversible_in(captions, encoding))
        if not found:
            break
    return dict.fromkeys(found, Reason.NOT_REVERSIBLE)


def _irreversible_in(captions: Captions, encoding: str | None) -> Iterable[int]:
    annotation, form = captions.annotation, captions.form
    try:
        if captions.record is None:
            bare = _READERS[form].untag(captions.data, encoding=encoding, words=annotation.words)
        else:
            bare = untag_recorded(
                captions.data, captions.record, encoding=encoding, words=annotation.words
            )
    except SubtitleError:
        return [cue.index for cue in annotation.tagged]
    document = annotation.document
    if document is None or not _is_spliced(annotation, form):
        return _differing_cues(captions, bare)
    if bare.data == document.data and bare.removed == len(annotation.tagged):
        return []
    return _first_difference(annotation, document, bare.data)


def _first_difference(annotation: Annotation, document: Document, bare: bytes) -> list[int]:
    """The tagged cue before which *bare* begins to be another file than the input."""
    length = min(len(bare), len(document.data))
    at = next((i for i in range(length) if bare[i] != document.data[i]), length)
    places = {cue.index: _first_byte(document, cue) for cue in annotation.tagged}
    before = [index for index, place in places.items() if place <= at]
    return [max(before, key=places.__getitem__, default=min(places, key=places.__getitem__))]


def _first_byte(document: Document, cue: AnnotatedCue) -> int:
    site = document.sites[cue.index]
    decided = cue.decision
    places = [site.above if decided.is_above else site.inline]
    if decided.end_ms is not None and site.end_time is not None:
        places.append(site.end_time[0])
    return min(place for place in places if place is not None)


def _differing_cues(captions: Captions, bare: Untagged) -> list[int]:
    """The tagged cues of a new file that are not what they would be without a tag."""
    annotation, form = captions.annotation, captions.form
    tagged = [cue.index for cue in annotation.tagged]
    worded = [cue for cue in annotation.written if cue.rich.has_words]
    expected = _parsed(_untagged(annotation).render(form), form)
    found = [cue for cue in _parsed(bare.data, form) if cue[2].has_words]
    if not len(expected) == len(found) == len(worded):
        return tagged
    differing = [
        cue.index
        for cue, old, new in zip(worded, expected, found, strict=True)
        if old != new and cue.decision.tag is not None
    ]
    return differing if differing or bare.removed == len(tagged) else tagged


def _untagged(annotation: Annotation) -> Annotation:
    """The cues with words, none of them tagged."""
    bare = Decision(None, Reason.TAGGED)
    cues = tuple(replace(cue, decision=bare) for cue in annotation.cues if cue.rich.has_words)
    return replace(annotation, cues=cues)


def _parsed(data: bytes, form: str) -> list[tuple[int, int, Rich]]:
    """Times and words of each cue; where a style is parted by a tag it is one style again."""
    try:
        document = _READERS[form].read(data, encoding="utf-8")
    except SubtitleError:
        return []
    parsed = ((cue, PARSERS[form](cue.text)) for cue in document.cues)
    return [(cue.start_ms, cue.end_ms, rich.joined()) for cue, rich in parsed]


# The read-back


def _misread(captions: Captions, before: Views, colours: Palette | None) -> dict[int, Reason]:
    """The cues that a player does not show as they were, with their tag."""
    annotation, form = captions.annotation, captions.form
    if form not in _READERS or not annotation.tagged:
        return {}
    after = _views(captions, thorough=_is_spliced(annotation, form) and len(before) > 2)
    if not _is_spliced(annotation, form):
        plain = _untagged(annotation)
        before = tuple(map(_plain, _views(Captions(plain, form, plain.render(form)))))
        after = tuple(map(_plain, after))
    wanted = _wanted(captions, colours)
    alone = {i: tag for i, tag in wanted.items() if not annotation.cues[i].rich.has_words}
    found: set[int] = set()
    for old, new in zip(before, after, strict=True):
        if old is None and not alone:
            continue
        worded, shown = _apart(new or (), alone)
        found |= alone.keys() - shown
        rest = {i: tag for i, tag in wanted.items() if i not in alone}
        found |= set(_differences(old or (), worded, rest, annotation.cues))
    return dict.fromkeys(found, Reason.LOST_IN_PLAYERS)


def _plain(view: tuple[Seen, ...] | None) -> tuple[Seen, ...] | None:
    """The same cues without markup: in a new file a tag parts the styles that it stands in."""
    return None if view is None else tuple(seen.plain for seen in view)


def _wanted(captions: Captions, colours: Palette | None) -> dict[int, _Wanted]:
    """The tags that a player should see, by the index of the cue."""
    reader = _READERS[captions.form]
    document = captions.annotation.document
    splicing = reader.splicing(document or Document(b"", Encoding("utf-8"), captions.form, (), ()))
    wanted = {}
    for cue in captions.annotation.tagged:
        decision = cue.decision
        assert decision.tag is not None
        old_end = None if decision.end_ms is None else _old_end(cue, document)
        before = ""
        if document is not None and _is_spliced(captions.annotation, captions.form):
            before = before_tag(document, cue)
        mark = Mark(decision.text, decision.tag, decision.is_above, old_end, before)
        wraps = (decision.text, splicing.wrap(mark, colours))
        texts = (f"{tag}{end}" for tag in dict.fromkeys(wraps) for end in (" ", "\\N", ""))
        start_cs = min(cue.start_ms // 10, LATEST_CS)
        wanted[cue.index] = _Wanted(start_cs, tuple(texts), is_longer=old_end is not None)
    return wanted


def _apart(seen: Sequence[Seen], alone: Mapping[int, _Wanted]) -> tuple[tuple[Seen, ...], set[int]]:
    """The cues that hold more than a tag, and which tags stand alone."""
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


def _views(captions: Captions, *, thorough: bool = False) -> Views:
    """What players see of finished captions, of a format that they read."""
    document = captions.annotation.document
    if document is not None and _is_spliced(captions.annotation, captions.form):
        text = _text(replace(document, data=captions.data))
    else:
        text = captions.data.decode("utf-8", "replace")
    return read_back(text, captions.form, thorough=thorough)


@dataclass(frozen=True)
class _Wanted:
    """A tag that a player should see.

    Attributes:
        start_cs: when its cue appears, in hundredths of a second, rounded down
        texts: the forms in which it may stand there
        is_longer: whether its cue goes later than before
    """

    start_cs: int
    texts: tuple[str, ...]
    is_longer: bool

    def is_near(self, start_cs: int) -> bool:
        """Whether a player's time, which is rounded, is that of the cue."""
        return 0 <= start_cs - self.start_cs <= 1

    def explains(self, old: Seen, new: Seen) -> bool:
        """Whether *new* is *old* with this tag in it."""
        if old.start_cs != new.start_cs or not self.is_near(old.start_cs):
            return False
        if old.end_cs != new.end_cs and not (self.is_longer and old.end_cs < new.end_cs):
            return False
        return any(_is_inserted(text, old.text, new.text) for text in self.texts)


#: Players show one space where there are several, and none where a line begins or ends.
_SPACES = re.compile(r"(?:[ \t\u00a0]|\\h)+")
_EDGES = re.compile(r" ?(\\N|^|$) ?")


def _one_space(text: str) -> str:
    return _SPACES.sub(" ", text)


def _as_shown(text: str) -> str:
    return _EDGES.sub(r"\1", _one_space(text))


def _is_inserted(part: str, old: str, new: str) -> bool:
    """Whether *new* is *old* with *part* put in somewhere, spaces aside (the inverse has those)."""
    part, old, new = _one_space(part), _as_shown(old), _as_shown(new)
    if len(new) != len(old) + len(part):
        return False
    at = new.find(part)
    while at >= 0:
        if new[:at] == old[:at] and new[at + len(part) :] == old[at:]:
            return True
        at = new.find(part, at + 1)
    return False


def _differences(
    old: Sequence[Seen],
    new: Sequence[Seen],
    wanted: Mapping[int, _Wanted],
    cues: Sequence[AnnotatedCue],
) -> Iterator[int]:
    """The cues whose tags make a player see something else than the tag."""
    by_start: dict[int, list[int]] = {}
    for index, tag in wanted.items():
        by_start.setdefault(tag.start_cs, []).append(index)

    def near(seen: Seen) -> list[int]:
        return [i for cs in (seen.start_cs, seen.start_cs - 1) for i in by_start.get(cs, ())]

    if len(old) != len(new):
        yield from _first_difference_of(old, new, wanted, near)
        return
    satisfied: set[int] = set()
    unchanged: Counter[int] = Counter()
    for one, other in zip(old, new, strict=True):
        if one == other:
            unchanged[one.start_cs] += 1
            continue
        waiting = [i for i in wanted if i not in satisfied]
        explained = next(
            (i for i in near(one) if i in waiting and wanted[i].explains(one, other)), None
        )
        if explained is not None:
            satisfied.add(explained)
            continue
        # Of a file with broken times a player may see several cues as one, or another time.
        several = _tags_between(one, other, {i: wanted[i] for i in waiting})
        if several is None:
            yield from near(one) or wanted
        else:
            satisfied |= several
    # A tag whose cue a player sees, and sees unchanged, is not shown.
    untagged = Counter(
        min(cue.start_ms // 10, LATEST_CS) for cue in cues if cue.index not in wanted
    )
    for index in wanted.keys() - satisfied:
        start = wanted[index].start_cs
        if unchanged[start] + unchanged[start + 1] > untagged[start] + untagged[start + 1]:
            yield index


def _tags_between(old: Seen, new: Seen, wanted: Mapping[int, _Wanted]) -> set[int] | None:
    """The tags without which *new* is *old*; None where it is not."""
    if (old.start_cs, old.end_cs) != (new.start_cs, new.end_cs):
        return None
    was, text = _as_shown(old.text), _as_shown(new.text)
    found: set[int] = set()
    for index, tag in wanted.items():
        part = next((one for one in map(_one_space, tag.texts) if one in text), None)
        if part is not None and len(text) - len(part) >= len(was):
            text = text.replace(part, "", 1)
            found.add(index)
    return found if text == was else None


def _first_difference_of(
    old: Sequence[Seen],
    new: Sequence[Seen],
    wanted: Mapping[int, _Wanted],
    near: Callable[[Seen], list[int]],
) -> Iterable[int]:
    """The tags at the first place where a player sees something else, or all of them."""
    last: list[int] = []
    for one, other in zip(old, new, strict=False):
        here = near(one)
        if one != other and not any(wanted[index].explains(one, other) for index in here):
            return here or last or wanted
        last = here or last
    return last or wanted


# What is lost without any tag


def _refuse_lost_words(captions: Captions, before: Views) -> None:
    """Refuses captions in which words of the film's cues are missing, tags or no tags."""
    annotation, form = captions.annotation, captions.form
    if _is_spliced(annotation, form):
        return  # without a tag these are the input's bytes
    after = _views(captions)[0] if form in _READERS else read_data(captions.data, form)
    there = _counted(after or ())
    if form in _READERS or form not in _DATA_FORMATS:
        # A tag must not stand in for a word that is missing.
        there -= Counter(w for cue in annotation.tagged for w in words_in(cue.decision.text))
    missing = _spoken(annotation, before) - there
    if missing:
        kept = "srt" if annotation.document is None else annotation.document.form
        raise OutputError(
            f"words would be missing in {form}{_where(annotation, missing)}",
            path=annotation.subtitles,
            remedy=f"Correct that place in the subtitles, or write {kept} "
            f"(--format {kept}), which keeps every byte.",
        )


def _spoken(annotation: Annotation, before: Views) -> Counter[str]:
    """The words of the film's cues, as players have them, each as often as it stands there.

    What one of the readers does not show is malformed, and was warned of.
    """
    counts = [_counted(view) for view in before if view is not None]
    if not counts:
        return Counter(word for cue in annotation.cues for word in words_in(cue.rich.plain))
    return reduce(and_, counts)


def _counted(view: Iterable[Seen]) -> Counter[str]:
    """The words of a file's cues; of cues that are equal one, since some readers drop the others."""
    distinct = dict.fromkeys((seen.start_cs, seen.end_cs, seen.words) for seen in view)
    return Counter(word for _, _, words in distinct for word in words)


def _where(annotation: Annotation, missing: Counter[str]) -> str:
    """The first cue with one of those words, or, where no cue has them, the words."""
    for cue in annotation.cues:
        if missing.keys() & set(words_in(cue.rich.plain)):
            return f", of the cue in line {cue.cue.line}"
    return f": {' '.join(list(missing)[:8])}"
