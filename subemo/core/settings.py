"""Settings: the fields of `TagPolicy` define Python, command line and subemo.toml alike."""

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
from .files import read_plain

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

FILE_NAME = "subemo.toml"

#: The folder of a batch's state, in its output folder.
BATCH_STATE = ".subemo-batch"

#: The largest number of a setting; infinity and NaN are refused.
LARGEST_NUMBER = 10**12

#: The largest settings file, in bytes.
_LARGEST_FILE = 1_000_000

#: The most dots in a line of one.
_MOST_DOTS = 20


@dataclass(frozen=True)
class Setting:
    """One setting.

    Attributes:
        field: its name in Python and in ``subemo.toml``
        option: its name on the command line, without dashes in front
        kind: what its value is
        default: its default
        help: what it does
        choices: its values, if they are a fixed set
        low: its minimum, if it is a number
        high: its maximum
        metavar: the placeholder of its value in the help
        none: the description of None in the help, if None is allowed
        group: the title above it in the help, if another than the others have
        hidden: whether the help leaves it out
        deprecated: what to use instead, if it is not to be used any more
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
    group: str | None = None
    hidden: bool = False
    deprecated: str | None = None

    def check(self, value: Any) -> Any:
        """Checks *value* and returns it as this setting's type.

        Raises:
            SettingsError: if it is invalid, with the allowed values
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
    """Checks that *value* is a number in range and returns it.

    Args:
        name: its name in errors
        value: anything
        low: the minimum
        high: the maximum; never more than `LARGEST_NUMBER`
        is_whole: whether it must be a whole number

    Raises:
        SettingsError: if it is not, with the allowed values
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
    """Checks that *value* is one of *choices*.

    Args:
        name: its name in errors
        value: anything
        choices: the allowed values

    Raises:
        SettingsError: if it is not
    """
    if value not in choices:
        raise _refused(name, value, f"one of {', '.join(choices)}")


def check_kind(name: str, value: Any, *kinds: type, what: str) -> None:
    """Checks that *value* is None or an instance of *kinds*.

    Args:
        name: its name in errors
        value: anything
        kinds: the allowed types
        what: a description of *kinds* for errors

    Raises:
        SettingsError: if it is not
    """
    if value is not None and not isinstance(value, kinds):
        raise _refused(name, value, what)


def bounded(
    default: Any, *, low: float | None = None, high: float | None = None, none: str | None = None
) -> Any:
    """A dataclass field whose bounds `check_fields` checks.

    Args:
        default: its default
        low: the minimum
        high: the maximum
        none: the description of None, if None is allowed
    """
    return dataclasses.field(
        default=default, metadata={"help": "", "low": low, "high": high, "none": none}
    )


def _refused(name: str, value: Any, wanted: str) -> SettingsError:
    return SettingsError(f"{name} cannot be {shown(value)}", remedy=f"It must be {wanted}.")


def shown(value: object) -> str:
    """The value as errors show it, shortened if it is long or deeply nested."""
    try:
        return reprlib.repr(value)
    except ValueError:  # Python does not print integers of more than 4,300 digits
        return "a number with too many digits"


@cache
def settings_of(kind: type[DataclassInstance]) -> tuple[Setting, ...]:
    """The settings defined by the fields of a dataclass."""
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
    """Checks the values of a dataclass against its settings.

    Raises:
        SettingsError: for the first invalid value
    """
    for setting in settings_of(type(instance)):
        value = setting.check(getattr(instance, setting.field))
        object.__setattr__(instance, setting.field, value)


def find_settings() -> Path | None:
    """The user's ``subemo.toml``: in the working folder, else in ``$XDG_CONFIG_HOME/subemo``."""
    home = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    for path in (Path(FILE_NAME), Path(home) / "subemo" / FILE_NAME):
        if path.is_file():
            return path
    return None


def read_settings(path: Path, kind: type[DataclassInstance]) -> Mapping[str, Any]:
    """Reads the values in a settings file.

    Args:
        path: a TOML file with one key for each setting that differs from its default
        kind: the dataclass whose fields are the keys

    Raises:
        SettingsError: if it cannot be read, or a key or value is invalid
    """
    content = read_toml(path, what="settings", example='preset = "dcmp"')
    known = {setting.field: setting for setting in settings_of(kind)}
    values = {}
    for key, value in content.items():
        if key not in known:
            raise SettingsError(
                f"unknown setting {key!r}", path=path, remedy=f"Choose from: {', '.join(known)}."
            )
        try:
            values[key] = known[key].check(value)
        except SettingsError as error:
            raise SettingsError(error.problem, path=path, remedy=error.remedy) from error
    return values


def read_by_emotion(path: Path, *, what: str, example: str) -> dict[Emotion, tuple[str, Any]]:
    """Reads a TOML file whose keys are emotions.

    Args:
        path: the file
        what: what it should contain, for errors
        example: an example of a line, for errors

    Returns:
        for each emotion, the key as written and its value

    Raises:
        SettingsError: if it cannot be read or a key is not an emotion
    """
    found = {}
    for name, value in read_toml(path, what=what, example=example).items():
        emotion = parse_emotion(name)
        if emotion is None:
            raise SettingsError(
                f"{name!r} is not an emotion",
                path=path,
                remedy=f"Choose from: {', '.join(emotion.value for emotion in EMOTIONS)}.",
            )
        found[emotion] = (name, value)
    return found


def read_toml(path: Path, *, what: str, example: str) -> dict[str, Any]:
    """Reads a user's TOML file.

    Raises:
        SettingsError: if it cannot be read
    """
    try:
        data = read_plain(path, largest=_LARGEST_FILE)
        # Universal newlines, as for a file opened in text mode.
        text = data.decode().replace("\r\n", "\n").replace("\r", "\n")
        # Parsing time grows with the square of the number of parts of a key.
        lines = (line for line in text.split("\n") if not line.startswith("#"))
        if any(line.count(".") > _MOST_DOTS for line in lines):
            raise ValueError(f"more than {_MOST_DOTS} dots in one line")
        return tomllib.loads(text)
    except OSError as error:
        raise SettingsError(f"cannot be read ({error.strerror})", path=path) from error
    except RecursionError as error:
        raise SettingsError(
            f"not a table of {what} (too deeply nested)",
            path=path,
            remedy=f"Write lines such as {example}.",
        ) from error
    except ValueError as error:  # not TOML, not UTF-8, or a number with too many digits
        raise SettingsError(
            f"not a table of {what} ({error})", path=path, remedy=f"Write lines such as {example}."
        ) from error
