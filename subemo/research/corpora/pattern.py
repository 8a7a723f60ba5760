"""Clips in a custom layout, described by a pattern: ``{speaker}/{emotion}/*``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from ...core.errors import CorpusError
from .base import Corpus, Entry, sound_files

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

    def entries(self, root: Path) -> Iterator[Entry]:
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
            yield Entry(
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
