"""Finding a film's subtitles: a file beside it or a track in it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..captions import parse_document, read_document
from ..captions.naming import is_ours
from ..core.errors import SubtitleError
from ..formats.registry import READ_SUFFIXES, TRACK_CODECS
from ..media import SubtitleStream, extract_subtitles, probe
from ..media.probing import listed
from ..subtitles.document import Document
from ..tagging.languages import language_of, language_of_code
from ..tagging.vocabulary import Vocabulary

#: What a file's name may contain after the film's name besides a language.
_FLAGS = frozenset({"sdh", "cc", "hi", "forced", "full", "default"})


@dataclass(frozen=True)
class SubtitleTrack:
    """A film's subtitles.

    Attributes:
        document: the parsed subtitles
        path: the file, or None for a track of the film
        language: from the file's name or the track, or None
        description: a description for people

    Example:
        >>> import subemo
        >>> subemo.read_subtitles("samples/trailer.srt").description
        'samples/trailer.srt'
    """

    document: Document
    path: Path | None
    language: str | None
    description: str


class Listing:
    """Listings of folders, each read once, for looking up many films."""

    def __init__(self) -> None:
        self._names: dict[Path, list[str]] = {}

    def beginning(self, folder: Path, start: str) -> list[Path]:
        """The paths in *folder* whose names start with *start*, sorted.

        Empty if the folder cannot be read.
        """
        if folder not in self._names:
            try:
                self._names[folder] = sorted(path.name for path in folder.iterdir())
            except OSError:
                self._names[folder] = []
        names = self._names[folder]
        found = []
        for place in range(bisect_left(names, start), len(names)):
            if not names[place].startswith(start):
                break
            found.append(folder / names[place])
        return found


def read_subtitles(
    path: str | Path, *, encoding: str | None = None, words: Vocabulary | None = None
) -> SubtitleTrack:
    """Reads a subtitle file and removes tags that subemo added before.

    Args:
        path: the file
        encoding: its encoding; None to detect it
        words: custom tag words that earlier tags may use

    Raises:
        SubtitleError: if it cannot be read

    Example:
        >>> import subemo
        >>> track = subemo.read_subtitles("samples/trailer.srt")
        >>> len(track.document.cues), track.document.form
        (4, 'srt')
    """
    path = Path(path)
    document = read_document(path, encoding=encoding, words=words)
    return SubtitleTrack(document, path, language_of(path), str(path))


def beside(
    video: Path, *, language: str | None = None, listing: Listing | None = None
) -> Path | None:
    """The subtitle file beside a film: ``film.srt``, ``film.en.srt``, never subemo's output.

    Of several, the one in *language* is chosen, else one without a language,
    else the first by name.

    Args:
        video: the film
        language: the preferred language, a BCP 47 code
        listing: listings of folders; None to read the folder now
    """
    named = (listing or Listing()).beginning(video.parent, video.stem)
    found = [path for path in named if _belongs(path, video)]
    if not found:
        return None

    def rank(path: Path) -> tuple[bool, bool, int, str]:
        named = language_of(path)
        return (
            not _is_same(named, language),
            named is not None,
            READ_SUFFIXES.index(path.suffix.lower()),
            path.name,
        )

    return min(found, key=rank)


def _is_same(named: str | None, wanted: str | None) -> bool:
    """Whether two BCP 47 codes are of one language, whatever their regions."""
    if named is None or wanted is None:
        return False
    return named.partition("-")[0] == wanted.lower().partition("-")[0]


def _belongs(path: Path, video: Path) -> bool:
    suffix = path.suffix.lower()
    if suffix not in READ_SUFFIXES or is_ours(path):
        return False
    first, *parts = path.name[len(video.stem) : -len(suffix)].lower().split(".")
    if first:
        return False  # another film whose name starts in the same way
    is_told = all(part in _FLAGS or language_of_code(part) is not None for part in parts)
    return is_told and path.is_file()


def embedded(
    video: Path, number: int | None = None, *, language: str | None = None
) -> SubtitleTrack:
    """Reads a text track of the film.

    Args:
        video: the film
        number: the subtitle track, from 0; None for the first text
            track, in *language* if there is one
        language: a BCP 47 code

    Raises:
        SubtitleError: if it does not exist
    """
    tracks = probe(video).subtitles
    remedy = f"Choose from {listed(tracks)}" if tracks else "Give a subtitle file."
    if number is not None and number >= len(tracks):
        raise SubtitleError(f"this film has no subtitle track {number}", path=video, remedy=remedy)
    texts = [
        track for track in tracks if track.codec in TRACK_CODECS and number in (None, track.number)
    ]
    if not texts:
        raise SubtitleError(
            "this film has no subtitle track of text" if number is None
            else f"subtitle track {number} has pictures, not text",
            path=video,
            remedy=remedy,
        )  # fmt: skip
    named = {one.number: _language_of(one) for one in texts}
    track = min(texts, key=lambda one: (not _is_same(named[one.number], language), one.number))
    reader, codec = TRACK_CODECS[track.codec]
    data = extract_subtitles(video, track, muxer=reader.muxer, codec=codec.as_file)
    document = parse_document(data, path=video)
    described = f"track {track.number} of the film ({track.codec})"
    return SubtitleTrack(document, None, named[track.number], described)


def _language_of(track: SubtitleStream) -> str | None:
    """A track's language; of ``eng,fre`` or ``English (UK)`` the first."""
    told = track.language or ""
    return language_of_code(told) or language_of_code(re.split(r"[\W_]+", told.strip())[0])


def read(
    video: Path,
    path: Path | None,
    *,
    language: str | None = None,
    encoding: str | None = None,
    words: Vocabulary | None = None,
) -> SubtitleTrack | None:
    """A film's subtitles: those in *path*, else those in the film, else None.

    Args:
        video: the film
        path: the result of `beside`
        language: the preferred language in the film, a BCP 47 code
        encoding: the encoding of the file; None to detect it
        words: custom tag words that earlier tags may use

    Raises:
        SubtitleError: if the subtitles found cannot be read
        MediaError: if the film cannot be read
    """
    if path is not None:
        return read_subtitles(path, encoding=encoding, words=words)
    if any(track.codec in TRACK_CODECS for track in probe(video).subtitles):
        return embedded(video, language=language)
    return None


def document_warnings(path: str, document: Document) -> Iterator[str]:
    """Warnings about problems in a subtitle file."""
    if document.encoding.is_guess:
        yield (
            f"{path}: not UTF-8; the encoding is guessed as {document.encoding.name} "
            "(set `encoding` to override)"
        )
    for problem in document.problems:
        place = f"{path}:{problem.line}" if problem.line else path
        yield f"{place}: {problem.message}"
