"""The weights of Whispers that packages carry: found, joined and checked, and never executed."""

from __future__ import annotations

import hashlib
import io
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from ..core.errors import BundleError

#: The largest of a model's files, in CTranslate2's form.
WEIGHTS_FILE = "model.bin"


@dataclass(frozen=True)
class PackagedFile:
    """A file, whole or in parts, in one package or several.

    Attributes:
        parts: package and path in it, in the order in which they are joined
        sha256: of the whole
    """

    parts: tuple[tuple[str, str], ...]
    sha256: str

    def read(self, remedy: str) -> bytes:
        """Its content, checked.

        Args:
            remedy: what the user can do if it is not as it must be

        Raises:
            BundleError: if it is missing, or not the one that is known
        """
        places = [_folder(package, remedy) / name for package, name in self.parts]
        joined = io.BytesIO()  # which grows in place: no part is held twice
        try:
            for place in places:
                with place.open("rb") as part:
                    shutil.copyfileobj(part, joined)
        except OSError as error:
            raise BundleError(
                f"a Whisper's weights cannot be read ({error.strerror})",
                path=error.filename,
                remedy=remedy,
            ) from error
        content = joined.getvalue()
        if hashlib.sha256(content).hexdigest() != self.sha256:
            raise BundleError(
                "the weights of Whisper are not those that subemo is made for",
                path=places[0],
                remedy=remedy,
            )
        return content


class _OnDemand:
    """A file as CTranslate2 takes one: read when asked for, so that no second copy stays."""

    def __init__(self, file: PackagedFile, remedy: str) -> None:
        self._file, self._remedy = file, remedy

    def read(self) -> bytes:
        return self._file.read(self._remedy)


@dataclass(frozen=True)
class WhisperWeights:
    """A Whisper that packages carry, in CTranslate2's form.

    Attributes:
        name: as summaries and files call it
        files: by the names that CTranslate2 and faster-whisper look for
        languages: those that it knows, by Whisper's codes
        extra: that of subemo which installs it; None where it always is
    """

    name: str
    files: Mapping[str, PackagedFile]
    languages: frozenset[str]
    extra: str | None = None

    @property
    def sha256(self) -> str:
        """Of all its files."""
        return hashlib.sha256(
            "".join(f"{name} {self.files[name].sha256}\n" for name in sorted(self.files)).encode()
        ).hexdigest()

    @property
    def remedy(self) -> str:
        """How it is installed, as a sentence."""
        wanted = "subemo" if self.extra is None else f"subemo[{self.extra}]"
        return f"Install it with: pip install --force-reinstall '{wanted}'"

    @property
    def is_installed(self) -> bool:
        """Whether its packages are there; none of them is executed."""
        packages = {package for file in self.files.values() for package, _ in file.parts}
        return all(find_spec(package) is not None for package in packages)

    def knows(self, language: str | None) -> bool:
        """Whether it can transcribe a language, by Whisper's code; None for any that is spoken."""
        return language is None or language in self.languages

    def contents(self) -> dict[str, bytes | _OnDemand]:
        """Its files as faster-whisper takes them.

        Raises:
            BundleError: if one is missing, or not the one that is known; of `WEIGHTS_FILE`
                when it is read
        """
        return {
            name: _OnDemand(file, self.remedy) if name == WEIGHTS_FILE else file.read(self.remedy)
            for name, file in self.files.items()
        }


def _folder(package: str, remedy: str) -> Path:
    """Where a package lies."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise BundleError(f"the package {package} is not installed", remedy=remedy)
    return Path(spec.origin).parent
