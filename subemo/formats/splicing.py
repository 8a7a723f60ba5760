"""Inserts tags: into a file's bytes, or into the cues of a new file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..core.errors import OutputError
from ..core.sounds import Tag
from ..subtitles.dialogue import before_words, read_speech
from ..subtitles.document import CueOffsets, Document, Edit, Line
from ..subtitles.encoding import Encoding
from ..subtitles.markup import StyledRun, StyledText
from ..tagging.colours import Palette
from ..tagging.decisions import Decision

if TYPE_CHECKING:
    from ..tagging.annotation import AnnotatedCue, AnnotatedFilm

_ENDING = re.compile(r"\r\n|\n|\r")
_ENDINGS = re.compile(r"(?:\r\n|\n|\r)*\Z")


@dataclass(frozen=True)
class InsertionPoint:
    """Where a cue of subemo's own goes in a file.

    Attributes:
        number: that it bears, where the format has numbers
        document: the file
        times: the line of times of the cue before which it goes, or of the file's last
        is_last: whether it goes behind all cues of the file
        is_first_at_end: whether no other of subemo's does before it
    """

    number: int
    document: Document
    times: Line
    is_last: bool
    is_first_at_end: bool

    @property
    def missing_endings(self) -> int:
        """How many line endings a block behind all others needs before it, where blocks are parted."""
        if not self.is_last:
            return 0
        if not self.is_first_at_end:
            return 1
        ends = _ENDINGS.search(self.document.text)
        return max(0, 2 - len(_ENDING.findall(ends[0] if ends else "")))

    @property
    def is_behind_open_line(self) -> bool:
        """Whether it goes behind the file's last line, and that has no ending."""
        line, encoding = self.times, self.document.encoding
        return self.is_last and line.start + line.size == line.byte_at(len(line.text), encoding)


@dataclass(frozen=True)
class Mark:
    """A tag to write.

    Attributes:
        text: the displayed text
        emotion: its content: an emotion, a sound or a vocal effort
        is_above: whether it is on its own line
        old_end: the cue's end time in the file, if it is changed
        before: the text before the tag in the cue
        is_intense: whether its emotion is strong
    """

    text: str
    emotion: Tag
    is_above: bool = False
    old_end: str | None = None
    before: str = ""
    is_intense: bool = False

    @classmethod
    def of(cls, decision: Decision, *, before: str, old_end: str | None = None) -> Mark:
        """The mark for a decision to show a tag.

        Args:
            decision: the decision
            before: the text before the tag in the cue
            old_end: the cue's end time in the file, if it is changed
        """
        assert decision.tag is not None
        return cls(
            decision.text, decision.tag, decision.is_above, old_end, before, decision.is_intense
        )


#: How a format writes a tag, from its mark and colours.
Wrap = Callable[[Mark, Palette | None], str]
#: How a format colours the words of a tagged cue: text put before and after it.
WrapWords = Callable[[Mark], tuple[str, str]]


@dataclass(frozen=True)
class Splicing:
    """How files of a format are edited.

    Attributes:
        wrap: writes a tag
        format_time: writes a changed end time
        newline: the line break within a cue
        wrap_words: colours a whole text, if tags cannot: returns what to put before and
            after it
    """

    wrap: Wrap
    format_time: Callable[[int], str]
    newline: str
    wrap_words: WrapWords | None = None


def colours_in(cue: AnnotatedCue, colours: Palette | None) -> Palette | None:
    """The colours in a cue; none for two speakers, since only one was classified."""
    if colours is None or not colours.of_words:
        return colours
    has_one = len(read_speech(cue.styled_text, cue.speaker).speakers) == 1
    return colours if has_one else replace(colours, of_words=False)


def spliced(
    annotation: AnnotatedFilm,
    document: Document,
    splicing: Splicing,
    *,
    colours: Palette | None = None,
    note: str = "",
) -> bytes:
    """Inserts the tags into the file that *annotation* was made from.

    Args:
        annotation: the annotated film
        document: its file
        splicing: how files of its format are edited
        colours: colours of the tags
        note: a note for the beginning of the file

    Raises:
        OutputError: if the file's encoding cannot represent a tag
    """
    edits = [edit for _, edit in tag_edits(annotation, document, splicing, colours=colours)]
    if edits and note and document.head is not None:
        edits.append(Edit(document.head, document.head, note))
    try:
        return document.edited(edits)
    except UnicodeEncodeError as error:
        raise OutputError(
            f"the tag {error.object.strip()!r} cannot be written in {document.encoding.name}",
            path=annotation.subtitles,
            remedy=_remedy(document),
        ) from error


def _remedy(document: Document) -> str:
    guess = f"{document.encoding.name} is a guess: name the encoding with `encoding`. Or convert"
    begin = guess if document.encoding.is_guess else "Convert"
    return f"{begin} the subtitles to UTF-8 first, or choose another `language` or `preset`."


def tag_edits(
    annotation: AnnotatedFilm,
    document: Document,
    splicing: Splicing,
    *,
    colours: Palette | None = None,
) -> Iterator[tuple[int, Edit]]:
    """The edits for tags and end times, with the index of the cue."""
    for cue in annotation.tagged:
        offsets = document.offsets[cue.index]
        decision = cue.decision
        at = offsets.above if decision.is_above else offsets.inline
        if at is None or decision.tag is None:
            continue
        old_end = None
        if decision.end_ms is not None and offsets.end_time is not None:
            first, last = offsets.end_time
            old_end = document.encoding.decode(document.data[first:last])
            yield cue.index, Edit(first, last, splicing.format_time(decision.end_ms))
        mark = Mark.of(decision, before=before_tag(document, cue), old_end=old_end)
        separator = splicing.newline if decision.is_above else " "
        own = colours_in(cue, colours)
        tag = splicing.wrap(mark, own) + separator
        if own is None or not own.of_words or splicing.wrap_words is None:
            yield cue.index, Edit(at, at, tag)
        else:
            yield from _with_words(cue.index, at, tag, splicing.wrap_words(mark), offsets)


def _with_words(
    index: int, at: int, tag: str, words: tuple[str, str], offsets: CueOffsets
) -> Iterator[tuple[int, Edit]]:
    """The edits that insert a tag and the words' colours into a cue."""
    if offsets.text is None:
        yield index, Edit(at, at, tag)
        return
    (first, last), (opening, closing) = offsets.text, words
    if first == at:
        yield index, Edit(at, at, opening + tag)
    else:
        yield index, Edit(first, first, opening)
        yield index, Edit(at, at, tag)
    yield index, Edit(last, last, closing)


def before_tag(document: Document, cue: AnnotatedCue) -> str:
    """The text before a cue's tag, if it matters to the format."""
    offsets = document.offsets[cue.index]
    at = offsets.above if cue.decision.is_above else offsets.inline
    if at is None or offsets.start is None:
        return ""
    return document.encoding.decode(document.data[offsets.start : at])


def tagged_text(
    cue: AnnotatedCue,
    serialise: Callable[[StyledText], str],
    wrap: Wrap,
    *,
    newline: str = "\n",
    colours: Palette | None = None,
    wrap_words: WrapWords | None = None,
) -> str:
    """A cue's text with its tag, for a new file.

    Args:
        cue: the cue
        serialise: writes text in the format
        wrap: writes a tag
        newline: the line break within a cue
        colours: colours of the tags
        wrap_words: colours the words, if tags cannot
    """
    decision, styled_text = cue.decision, cue.styled_text
    if decision.tag is None:
        return serialise(styled_text)
    plain = styled_text.plain
    if not plain.strip():  # no text to put it above
        return wrap(Mark(decision.text, decision.tag), colours)
    colours = colours_in(cue, colours)
    before = _before_in_new(cue)
    mark = Mark.of(decision, before=before)
    separator = newline if decision.is_above else " "
    text = serialise(_inserted(styled_text, len(before), wrap(mark, colours) + separator))
    if colours is None or not colours.of_words or wrap_words is None:
        return text
    opening, closing = wrap_words(mark)
    return opening + text + closing


def _before_in_new(cue: AnnotatedCue) -> str:
    """The text before a cue's tag, in a new file."""
    line = cue.styled_text.plain.partition("\n")[0]
    return "" if cue.decision.is_above else line[: before_words(line)]


def written_tag(cue: AnnotatedCue, document: Document | None, splicing: Splicing) -> str:
    """A cue's tag as written in a file, with its separator, without colours.

    Args:
        cue: the cue
        document: the file that the tag was inserted into; None for a new file
        splicing: how files of the format are edited
    """
    decision = cue.decision
    assert decision.tag is not None
    before = _before_in_new(cue) if document is None else before_tag(document, cue)
    mark = Mark.of(decision, before=before)
    separator = splicing.newline if decision.is_above else " "
    # A cue without words contains only the tag.
    return splicing.wrap(mark, None) + (separator if cue.styled_text.has_words else "")


def _inserted(styled_text: StyledText, at: int, raw: str) -> StyledText:
    """Inserts *raw*, unescaped, into *styled_text* after *at* characters."""
    runs: list[StyledRun] = []
    for run in styled_text.runs:
        if 0 <= at < len(run.text):
            runs += [replace(run, text=run.text[:at])] if at else []
            runs += [StyledRun(raw, is_raw=True), replace(run, text=run.text[at:])]
        else:
            runs.append(run)
        at -= len(run.text)
    return replace(styled_text, runs=tuple(runs))


def rewritten(
    data: bytes, encoding: Encoding, change: Callable[[str, Callable[[str], str]], str]
) -> bytes:
    """Applies *change* to the text of *data*.

    Files of single-byte characters are processed byte by byte, since decoding
    and encoding is not lossless in every encoding: *change* gets one
    character per byte, and a function that decodes
    parts of it.
    """
    head, body = data[: len(encoding.bom)], data[len(encoding.bom) :]
    if not encoding.is_wide:
        text = change(body.decode("latin-1"), lambda part: encoding.decode(part.encode("latin-1")))
        return head + text.encode("latin-1")
    whole = encoding.whole(len(body))
    text = change(encoding.decode(body[:whole]), lambda part: part)
    return head + encoding.encode(text) + body[whole:]
