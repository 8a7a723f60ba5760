"""Settings: one table, the fields of `TagPolicy`, for Python, the command line and subemo.toml."""

from __future__ import annotations

import dataclasses
import os
import tomllib
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .emotions import EMOTIONS, Emotion, parse_emotion
from .errors import SettingsError

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

FILE_NAME = "subemo.toml"


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
            if value in self.choices:
                return value
            raise self._refused(value, f"one of {', '.join(self.choices)}")
        if self.kind is bool:
            if isinstance(value, bool):
                return value
            raise self._refused(value, "true or false")
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or (self.kind is int and value != int(value)):
            raise self._refused(value, "a whole number" if self.kind is int else "a number")
        if (self.low is not None and value < self.low) or (
            self.high is not None and value > self.high
        ):
            low = "" if self.low is None else f"from {self.low:g}"
            high = "" if self.high is None else f" to {self.high:g}"
            raise self._refused(value, f"{low}{high}".strip())
        return self.kind(value)

    def _refused(self, value: Any, wanted: str) -> SettingsError:
        return SettingsError(f"{self.field} cannot be {value!r}", remedy=f"It must be {wanted}.")


@cache
def settings_of(kind: type[DataclassInstance]) -> tuple[Setting, ...]:
    """The settings that the fields of a dataclass are."""
    return tuple(_settings(kind))


def _settings(kind: type[DataclassInstance]) -> Iterator[Setting]:
    hints = typing.get_type_hints(kind)
    for field in dataclasses.fields(kind):
        metadata = dict(field.metadata)
        types = [one for one in typing.get_args(hints[field.name]) if one is not type(None)]
        option = metadata.pop("option", field.name.replace("_", "-"))
        yield Setting(
            field=field.name,
            option=option,
            kind=types[0] if types else hints[field.name],
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
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"cannot be read ({error.strerror})", path=path) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"no table of {what} ({error})", path=path, remedy=f"Write lines like {example}."
        ) from error
