"""One exception tree; every message says what is wrong, where, and what to do."""

from __future__ import annotations

from pathlib import Path


class SubemoError(Exception):
    """Base class of subemo's errors.

    Args:
        problem: what is wrong, as a clause without a full stop
        path: the file or folder concerned
        remedy: what the user can do, as a sentence

    Example:
        >>> str(MediaError("no such file", path="film.mp4", remedy="Check the path."))
        'film.mp4: no such file. Check the path.'
        >>> issubclass(MediaError, SubemoError)
        True
    """

    def __init__(
        self, problem: str, *, path: str | Path | None = None, remedy: str | None = None
    ) -> None:
        self.problem = problem
        self.path = None if path is None else Path(path)
        self.remedy = remedy
        where = "" if path is None else f"{path}: "
        todo = "" if remedy is None else f". {remedy}"
        super().__init__(f"{where}{problem}{todo}")

    def __reduce__(self) -> tuple[object, ...]:
        # Keyword-only arguments do not survive the default pickling, and so
        # would hide an error that was raised in a worker process.
        return _rebuild, (type(self), self.problem, self.path, self.remedy)


def _rebuild(
    kind: type[SubemoError], problem: str, path: Path | None, remedy: str | None
) -> SubemoError:
    return kind(problem, path=path, remedy=remedy)


class MediaError(SubemoError):
    """A film or sound file that cannot be read, or has no sound."""


class SubtitleError(SubemoError):
    """A subtitle file that cannot be read."""


class RecordError(SubtitleError):
    """A record of tags that is missing or invalid."""


class OutputError(SubemoError):
    """An output that cannot or must not be written."""


class BundleError(SubemoError):
    """A model folder that is missing, altered, or made for another version."""


class CorpusError(SubemoError):
    """Labelled clips whose labels or files are not as expected."""


class MissingExtraError(SubemoError):
    """A function whose optional dependencies are not installed."""

    @classmethod
    def of(cls, library: str, extra: str) -> MissingExtraError:
        """The error for the missing *library*, a dependency of the extra *extra*."""
        return cls(
            f"this needs {library}, which is not installed",
            remedy=f"Install it with: pip install 'subemo[{extra}]'",
        )


class SettingsError(SubemoError):
    """An invalid setting or settings file."""
