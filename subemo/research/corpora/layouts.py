"""Clips in a layout of one's own: folders of labels, named files, a pattern of paths, a table."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence, Set
from pathlib import Path

from ...core.emotions import parse_emotion
from ...core.errors import CorpusError
from ...core.tables import cell_text, csv_table
from .base import Clip, Corpus, CorpusEntry, NamedFiles, sound_files


class NamedClips(NamedFiles):
    """``joy_happy1.wav``, ``dad_angry2.wav``, as in the 2024 report (Davies and Chen): speaker, emotion, number."""

    name = "named"
    example = "joy_happy1.wav"
    # At least three letters, so that SAVEE's "DC_a01" does not match.
    pattern = re.compile(r"(?P<speaker>.+)_(?P<label>[^\W\d_]{3,})(?P<statement>\d+)")


class LabelFolders(NamedFiles):
    """``happy/anything.wav``, ``sad/anything.wav``; the speakers are unknown."""

    name = "folders"
    example = "happy/anything.wav"

    def fits(self, root: Path) -> bool:
        """Whether a folder in *root* is named after an emotion."""
        return super().fits(root) and any(
            parse_emotion(path.parent.name) for path in self.files(root)
        )

    def parse(self, path: Path) -> CorpusEntry | None:
        """See `NamedFiles.parse`."""
        return CorpusEntry(path, path.parent.name)


#: The fields of a pattern, besides ``*``.
FIELDS = ("emotion", "speaker", "statement")

_PART = re.compile(r"\{(\w*)\}|\*")

_REMEDY = (
    "Describe each clip's path below the folder, without its extension, "
    "for example '{speaker}/{emotion}/*' or '{emotion}-{speaker}-*'."
)


class PatternFiles(Corpus):
    """Clips whose paths contain the emotion and possibly the speaker.

    Args:
        pattern: the path of a clip below its folder, without its extension: ``{emotion}``,
            ``{speaker}`` and ``{statement}`` are fields, ``*`` matches anything,
            and none of them matches a slash

    Raises:
        CorpusError: if the pattern lacks the emotion, or has an unknown or repeated field

    Example:
        >>> PatternFiles("{speaker}/{emotion}/*").parse("anna/happy/take 1")
        {'speaker': 'anna', 'emotion': 'happy'}
    """

    name = "clips"

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        fields = [match[1] for match in _PART.finditer(pattern) if match[1] is not None]
        unknown = [field for field in fields if field not in FIELDS]
        if unknown:
            raise self._refused(f"has the unknown field {{{unknown[0]}}}; use {', '.join(FIELDS)}")
        if "emotion" not in fields or len(set(fields)) < len(fields):
            raise self._refused("must contain {emotion}, and each field at most once")
        self._path = re.compile(_expression(pattern))

    def _refused(self, problem: str) -> CorpusError:
        return CorpusError(f"the pattern {self.pattern!r} {problem}", remedy=_REMEDY)

    def fits(self, root: Path) -> bool:
        """Whether the path of every sound file below *root* matches."""
        files = sound_files(root)
        return bool(files) and all(self.parse(_below(root, path)) is not None for path in files)

    def parse(self, path: str) -> dict[str, str] | None:
        """The fields of a path, or None if it does not match.

        Args:
            path: path relative to the corpus's folder, with slashes, without extension
        """
        match = self._path.fullmatch(path)
        return None if match is None else match.groupdict()

    def entries(self, root: Path) -> Iterator[CorpusEntry]:
        """See `Corpus.entries`."""
        for path in sound_files(root):
            below = _below(root, path)
            found = self.parse(below)
            if found is None:
                raise CorpusError(
                    f"{below!r} does not match the pattern {self.pattern!r}",
                    path=path,
                    remedy=_REMEDY,
                )
            yield CorpusEntry(
                path,
                found["emotion"],
                speaker=found.get("speaker"),
                statement=found.get("statement"),
                name=below,
            )


def is_pattern(text: str) -> bool:
    """Whether *text* is a pattern, not the name of a layout."""
    return _PART.search(text) is not None


def _expression(pattern: str) -> str:
    """The regular expression of a pattern."""
    expression, end = "", 0
    for match in _PART.finditer(pattern):
        expression += re.escape(pattern[end : match.start()])
        expression += "[^/]*" if match[1] is None else f"(?P<{match[1]}>[^/]+?)"
        end = match.end()
    return expression + re.escape(pattern[end:])


def _below(root: Path, path: Path) -> str:
    return path.relative_to(root).with_suffix("").as_posix()


_COLUMNS = (
    "emotion", "path", "corpus", "speaker", "sex", "statement", "intensity", "start", "end"
)  # fmt: skip


class Manifest(Corpus):
    """A CSV file; paths are relative to its folder, times are in seconds."""

    name = "manifest"
    required, known = frozenset({"path", "emotion"}), frozenset(_COLUMNS)

    def fits(self, root: Path) -> bool:
        """Whether *root* is a CSV file."""
        return root.is_file() and root.suffix.lower() == ".csv"

    def entries(self, root: Path) -> Iterator[CorpusEntry]:
        """See `Corpus.entries`."""
        for line, row in read_table(root, required=self.required, known=self.known):
            start_ms, end_ms = read_interval(root, line, row)
            texts = {
                name: row.get(name) or None for name in ("speaker", "sex", "statement", "intensity")
            }
            yield CorpusEntry(
                self.file(root, line, row),
                row["emotion"],
                **texts,
                start_ms=start_ms,
                end_ms=end_ms,
                line=line,
            )

    def file(self, root: Path, line: int, row: Mapping[str, str]) -> Path:
        """The file of a row.

        Raises:
            CorpusError: if there is none
        """
        path = root.parent / row["path"]
        if not path.is_file():
            raise CorpusError(f"line {line}: no such file: {row['path']}", path=root)
        return path


class FilmLabels(Manifest):
    """A CSV file of the labelled segments of a film; times are in seconds."""

    name = "film"
    nothing = "no labelled segments in this table"
    required = frozenset({"start", "end", "emotion"})
    known = required | {"speaker"}

    def __init__(self, video: Path) -> None:
        self.video = video

    def file(self, root: Path, line: int, row: Mapping[str, str]) -> Path:
        """The film; see `Manifest.file`."""
        if not row["start"]:
            raise CorpusError(f"line {line}: start and end are empty", path=root)
        return self.video


def read_table(
    path: Path, *, required: Set[str], known: Set[str]
) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a CSV file with a header, each with its line number.

    An apostrophe that protects a cell in spreadsheets is removed.

    Raises:
        CorpusError: if the header is not as expected, or the file is not text
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, skipinitialspace=True)
            columns = {name.strip() for name in reader.fieldnames or ()}
            if not required <= columns <= known:
                raise CorpusError(
                    f"line 1: the header is {','.join(reader.fieldnames or ()) or 'empty'!r}",
                    path=path,
                    remedy=f"The header needs {', '.join(sorted(required))} and may have "
                    f"{', '.join(sorted(known - required))}.",
                )
            for row in reader:
                if None in row or None in row.values():
                    raise CorpusError(
                        f"line {reader.line_num}: the number of fields differs from the header",
                        path=path,
                    )
                yield reader.line_num, {key.strip(): cell_text(row[key].strip()) for key in row}
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CorpusError(f"cannot be read as CSV ({error})", path=path) from error


def read_interval(
    path: Path, line: int, row: dict[str, str]
) -> tuple[int, int] | tuple[None, None]:
    """Reads the columns ``start`` and ``end`` of a row (seconds) in milliseconds.

    Raises:
        CorpusError: if they are not times, or the interval is empty
    """
    start, end = row.get("start", ""), row.get("end", "")
    if not start and not end:
        return None, None
    try:
        start_ms, end_ms = (round(float(text) * 1000) for text in (start, end))
    except (ValueError, OverflowError) as error:
        raise CorpusError(
            f"line {line}: {start!r} and {end!r} are not times",
            path=path,
            remedy="Give both in seconds, for example 12.5.",
        ) from error
    if not 0 <= start_ms < end_ms:
        raise CorpusError(f"line {line}: the interval {start} to {end} is empty", path=path)
    return start_ms, end_ms


def combined_table(clips: Sequence[Clip]) -> str:
    """One row per clip, as CSV, which can be read as a manifest."""
    rows = [
        (
            clip.emotion.value,
            str(clip.path),
            clip.corpus,
            clip.speaker or "",
            clip.sex or "",
            clip.statement or "",
            clip.intensity or "",
            "" if clip.start_ms is None else clip.start_ms / 1000,
            "" if clip.end_ms is None else clip.end_ms / 1000,
        )
        for clip in clips
    ]
    return csv_table([_COLUMNS, *rows])
