"""Where a film's subtitles come from: a file beside it, a track in it, or nowhere."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from pathlib import Path

from ..core.errors import SubtitleError
from ..formats import parse_document, read_document
from ..formats.naming import is_ours
from ..formats.registry import READ_SUFFIXES, TRACK_CODECS
from ..media import extract_subtitles, probe
from ..subtitles.document import Document
from ..tagging.languages import language_of, language_of_code
from ..tagging.vocabulary import Vocabulary

#: What a file's name may hold between the film's and the end, beside a language.
_FLAGS = frozenset({"sdh", "cc", "hi", "forced", "full", "default"})


@dataclass(frozen=True)
class SubtitleTrack:
    """A film's subtitles.

    Attributes:
        document: what they are
        path: the file, or None where they are a track of the film
        language: as the name or the track says, or None
        description: what they are, for people

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
    """The names in folders, each folder read once: for those who ask about many films."""

    def __init__(self) -> None:
        self._names: dict[Path, list[str]] = {}

    def beginning(self, folder: Path, start: str) -> list[Path]:
        """The paths in *folder* whose names begin with *start*, by name.

        What cannot be read has none.
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
    """Subtitles of a file, without the tags that subemo put there before.

    Args:
        path: the file
        encoding: the user's word for how it is encoded
        words: the user's own words for the emotions, if those tags are in them

    Raises:
        SubtitleError: if it cannot be understood

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
    """The subtitle file beside a film: ``film.srt``, ``film.en.srt``, never our own.

    Of several the one in *language* is taken, else the one that names none,
    else the first by name.

    Args:
        video: the film
        language: preferred, a BCP 47 code
        listing: what lies in the film's folder; None to look now
    """
    named = (listing or Listing()).beginning(video.parent, video.stem)
    found = [path for path in named if _belongs(path, video)]
    if not found:
        return None
    wanted = language and language.lower().partition("-")[0]

    def rank(path: Path) -> tuple[bool, bool, int, str]:
        told = language_of(path)
        return (
            wanted is None or (told or "").partition("-")[0] != wanted,
            told is not None,
            READ_SUFFIXES.index(path.suffix.lower()),
            path.name,
        )

    return min(found, key=rank)


def _belongs(path: Path, video: Path) -> bool:
    suffix = path.suffix.lower()
    if suffix not in READ_SUFFIXES or is_ours(path):
        return False
    first, *parts = path.name[len(video.stem) : -len(suffix)].lower().split(".")
    if first:
        return False  # another film, whose name begins in the same way
    is_told = all(part in _FLAGS or language_of_code(part) is not None for part in parts)
    return is_told and path.is_file()


def embedded(
    video: Path, number: int | None = None, *, language: str | None = None
) -> SubtitleTrack:
    """A text track of the film.

    Args:
        video: the film
        number: which of its subtitle tracks, from 0; None for the first text
            track, in *language* if there is one
        language: a BCP 47 code

    Raises:
        SubtitleError: if there is none
    """
    tracks = probe(video).subtitles
    listed = "; ".join(f"{t.number}: {t.language or 'language unknown'}, {t.codec}" for t in tracks)
    remedy = f"There are these: {listed}" if tracks else "Give a subtitle file."
    if number is not None and number >= len(tracks):
        raise SubtitleError(f"no subtitle track {number} in this film", path=video, remedy=remedy)
    texts = [
        track for track in tracks if track.codec in TRACK_CODECS and number in (None, track.number)
    ]
    if not texts:
        raise SubtitleError(
            "no subtitle track of text in this film" if number is None
            else f"subtitle track {number} holds pictures, not text",
            path=video,
            remedy=remedy,
        )  # fmt: skip

    def tells(code: str | None) -> str | None:
        return None if code is None else language_of_code(code)

    wanted = language and language.lower().partition("-")[0]
    track = min(texts, key=lambda t: (wanted is None or tells(t.language) != wanted, t.number))
    reader, codec = TRACK_CODECS[track.codec]
    data = extract_subtitles(video, track, muxer=reader.muxer, codec=codec.as_file)
    document = parse_document(data, path=video)
    return SubtitleTrack(
        document, None, tells(track.language), f"track {track.number} of the film ({track.codec})"
    )


def find(
    video: Path,
    *,
    language: str | None = None,
    encoding: str | None = None,
    words: Vocabulary | None = None,
) -> SubtitleTrack | None:
    """A film's subtitles: those beside it, else those in it, else None.

    Args:
        video: the film
        language: preferred, a BCP 47 code
        encoding: the user's word for how a file is encoded
        words: the user's own words for the emotions, if earlier tags are in them

    Raises:
        SubtitleError: if those that were found cannot be understood
        MediaError: if the film cannot be read
    """
    path = beside(video, language=language)
    return read(video, path, language=language, encoding=encoding, words=words)


def read(
    video: Path,
    path: Path | None,
    *,
    language: str | None = None,
    encoding: str | None = None,
    words: Vocabulary | None = None,
) -> SubtitleTrack | None:
    """A film's subtitles: those of *path*, else those in the film, else None.

    Args:
        video: the film
        path: what `beside` found
        language: preferred in the film, a BCP 47 code
        encoding: the user's word for how the file is encoded
        words: the user's own words for the emotions, if earlier tags are in them

    Raises:
        SubtitleError: if those that were found cannot be understood
        MediaError: if the film cannot be read
    """
    if path is not None:
        return read_subtitles(path, encoding=encoding, words=words)
    if any(track.codec in TRACK_CODECS for track in probe(video).subtitles):
        return embedded(video, language=language)
    return None
