"""Settings: one table, the fields of `TagPolicy`, for Python, the command line and subemo.toml."""

from __future__ import annotations

import dataclasses
import os
import reprlib
import tomllib
import typing
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .emotions import EMOTIONS, Emotion, parse_emotion
from .errors import SettingsError
from .reading import read_plain

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

FILE_NAME = "subemo.toml"

#: No setting is a larger number, nor is infinity or what is no number at all one.
LARGEST_NUMBER = 10**12

#: No file of settings is larger, in bytes.
_LARGEST_FILE = 1_000_000

#: Nor has any of its lines more dots.
_MOST_DOTS = 20


@dataclass(frozen=True)
class Setting:
    """One setting.

    Attributes:
        field: its name in Python and in ``subemo.toml``
        option: its name on the command line, without dashes in front
        kind: what its value is
        default: its value where nobody says another
        help: what it does
        choices: what it can be, if it is one of few words
        low: its least value, if it is a number
        high: its greatest
        metavar: what stands for its value in a help text
        none: what stands for None in a help text, where it may be None
    """

    field: str
    option: str
    kind: type
    default: Any
    help: str
    choices: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    metavar: str | None = None
    none: str | None = None

    def check(self, value: Any) -> Any:
        """*value*, if it can be this setting's.

        Raises:
            SettingsError: if not, with what it may be
        """
        if value is None and self.none is not None:
            return None
        if self.choices:
            check_one_of(self.field, value, self.choices)
            return self.kind(value)
        if self.kind is bool:
            if isinstance(value, bool):
                return value
            raise self._refused(value, "true or false")
        return self.kind(
            check_number(self.field, value, low=self.low, high=self.high, is_whole=self.kind is int)
        )

    def _refused(self, value: Any, wanted: str) -> SettingsError:
        return _refused(self.field, value, wanted)


def check_number(
    name: str,
    value: Any,
    *,
    low: float | None = None,
    high: float | None = None,
    is_whole: bool = True,
) -> Any:
    """*value*, if it is a number that can be.

    Args:
        name: what it is, for an error
        value: anything
        low: the least
        high: the greatest; never more than `LARGEST_NUMBER`
        is_whole: whether it must have no fraction

    Raises:
        SettingsError: if not, with what it may be
    """
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    is_finite = is_number and -LARGEST_NUMBER <= value <= LARGEST_NUMBER
    if not is_finite or (is_whole and value != int(value)):
        raise _refused(name, value, "a whole number" if is_whole else "a number")
    if (low is not None and value < low) or (high is not None and value > high):
        at_least = "" if low is None else f"from {low:,}"
        at_most = "" if high is None else f" to {high:,}"
        raise _refused(name, value, f"{at_least}{at_most}".strip())
    return value


def check_one_of(name: str, value: Any, choices: Collection[str]) -> None:
    """Refuses what is none of a few words.

    Args:
        name: what it is, for an error
        value: anything
        choices: what it may be

    Raises:
        SettingsError: if it is none of them
    """
    if value not in choices:
        raise _refused(name, value, f"one of {', '.join(choices)}")


def check_kind(name: str, value: Any, *kinds: type, what: str) -> None:
    """Refuses what is neither None nor of one of some kinds.

    Args:
        name: what it is, for an error
        value: anything
        kinds: what it may be besides None
        what: what may be given, for an error

    Raises:
        SettingsError: if it is of another kind
    """
    if value is not None and not isinstance(value, kinds):
        raise _refused(name, value, what)


def bounded(
    default: Any, *, low: float | None = None, high: float | None = None, none: str | None = None
) -> Any:
    """A field of a dataclass whose `check_fields` keeps it within bounds.

    Args:
        default: its value where nobody says another
        low: the least
        high: the greatest
        none: what None stands for, where it may be None
    """
    return dataclasses.field(
        default=default, metadata={"help": "", "low": low, "high": high, "none": none}
    )


def _refused(name: str, value: Any, wanted: str) -> SettingsError:
    return SettingsError(f"{name} cannot be {shown(value)}", remedy=f"It must be {wanted}.")


def shown(value: object) -> str:
    """A value as an error shows it: not all of a megabyte, nor of a thousand lists in lists."""
    try:
        return reprlib.repr(value)
    except ValueError:  # Python writes no number of more than 4,300 digits
        return "a number of so many digits"


@cache
def settings_of(kind: type[DataclassInstance]) -> tuple[Setting, ...]:
    """The settings that the fields of a dataclass are."""
    return tuple(_settings(kind))


def _settings(owner: type[DataclassInstance]) -> Iterator[Setting]:
    hints = typing.get_type_hints(owner)
    for field in dataclasses.fields(owner):
        metadata = dict(field.metadata)
        types = [one for one in typing.get_args(hints[field.name]) if one is not type(None)]
        kind = types[0] if types else hints[field.name]
        if issubclass(kind, StrEnum):
            metadata["choices"] = tuple(one.value for one in kind)
        yield Setting(
            field=field.name,
            option=metadata.pop("option", field.name.replace("_", "-")),
            kind=kind,
            default=field.default,
            **metadata,
        )


def check_fields(instance: DataclassInstance) -> None:
    """Checks a dataclass's values against its own table.

    Raises:
        SettingsError: at the first that cannot be
    """
    for setting in settings_of(type(instance)):
        value = setting.check(getattr(instance, setting.field))
        object.__setattr__(instance, setting.field, value)


def find_settings() -> Path | None:
    """The user's ``subemo.toml``: in the working folder, else in the folder for settings."""
    home = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    for path in (Path(FILE_NAME), Path(home) / "subemo" / FILE_NAME):
        if path.is_file():
            return path
    return None


def read_settings(path: Path, kind: type[DataclassInstance]) -> Mapping[str, Any]:
    """The values that a settings file gives.

    Args:
        path: a TOML file with one key for each setting that is not as it comes
        kind: the dataclass that the keys are fields of

    Raises:
        SettingsError: if it cannot be read, or a key or value cannot be
    """
    content = read_toml(path, what="settings", example='preset = "dcmp"')
    known = {setting.field: setting for setting in settings_of(kind)}
    values = {}
    for key, value in content.items():
        if key not in known:
            raise SettingsError(
                f"there is no setting {key!r}", path=path, remedy=f"There are: {', '.join(known)}."
            )
        try:
            values[key] = known[key].check(value)
        except SettingsError as error:
            raise SettingsError(error.problem, path=path, remedy=error.remedy) from error
    return values


def read_by_emotion(path: Path, *, what: str, example: str) -> dict[Emotion, tuple[str, Any]]:
    """A TOML file with a key for each emotion.

    Args:
        path: the file
        what: what it should hold, for an error
        example: a line of such a file

    Returns:
        the key as it is written, and its value

    Raises:
        SettingsError: if it cannot be read, or names no emotion
    """
    found = {}
    for name, value in read_toml(path, what=what, example=example).items():
        emotion = parse_emotion(name)
        if emotion is None:
            raise SettingsError(
                f"{name!r} is no emotion",
                path=path,
                remedy=f"These are: {', '.join(emotion.value for emotion in EMOTIONS)}.",
            )
        found[emotion] = (name, value)
    return found


def read_toml(path: Path, *, what: str, example: str) -> dict[str, Any]:
    """A user's TOML file.

    Raises:
        SettingsError: if it cannot be read
    """
    try:
        data = read_plain(path, largest=_LARGEST_FILE)
        # As a file that is opened as text, whose lines may end in any way.
        text = data.decode().replace("\r\n", "\n").replace("\r", "\n")
        # The time that a key of many parts takes grows with their square.
        lines = (line for line in text.split("\n") if not line.startswith("#"))
        if any(line.count(".") > _MOST_DOTS for line in lines):
            raise ValueError(f"more than {_MOST_DOTS} dots in a line")
        return tomllib.loads(text)
    except OSError as error:
        raise SettingsError(f"cannot be read ({error.strerror})", path=path) from error
    except RecursionError as error:
        raise SettingsError(
            f"no table of {what} (lists in lists without end)",
            path=path,
            remedy=f"Write lines like {example}.",
        ) from error
    except ValueError as error:  # no TOML, no UTF-8, or a number of too many digits
        raise SettingsError(
            f"no table of {what} ({error})", path=path, remedy=f"Write lines like {example}."
        ) from error
