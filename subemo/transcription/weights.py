"""Whisper weights from installed packages: found, joined and checked; no code is run."""

from __future__ import annotations

import hashlib
import io
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from ..core.errors import BundleError

#: The largest of a model's files, in CTranslate2 format.
WEIGHTS_FILE = "model.bin"


@dataclass(frozen=True)
class PackagedFile:
    """A file in one or more packages, whole or in parts.

    Attributes:
        parts: package and path in it, in the order in which they are joined
        sha256: of the whole file
    """

    parts: tuple[tuple[str, str], ...]
    sha256: str

    def read(self, remedy: str) -> bytes:
        """Reads and checks its content.

        Args:
            remedy: what the user can do if the check fails

        Raises:
            BundleError: if it is missing or altered
        """
        places = [_folder(package, remedy) / name for package, name in self.parts]
        joined = io.BytesIO()  # which grows in place, so that no part is held twice
        try:
            for place in places:
                with place.open("rb") as part:
                    shutil.copyfileobj(part, joined)
        except OSError as error:
            raise BundleError(
                f"the weights of Whisper cannot be read ({error.strerror})",
                path=error.filename,
                remedy=remedy,
            ) from error
        content = joined.getvalue()
        if hashlib.sha256(content).hexdigest() != self.sha256:
            raise BundleError(
                "the weights of Whisper have an unexpected SHA-256",
                path=places[0],
                remedy=remedy,
            )
        return content


class _OnDemand:
    """A file for CTranslate2, read on demand so that no second copy is held."""

    def __init__(self, file: PackagedFile, remedy: str) -> None:
        self._file, self._remedy = file, remedy

    def read(self) -> bytes:
        return self._file.read(self._remedy)


@dataclass(frozen=True)
class WhisperWeights:
    """A packaged Whisper model in CTranslate2 format.

    Attributes:
        name: its name in summaries and files
        files: its files, by the names that CTranslate2 and faster-whisper expect
        languages: supported languages, by Whisper's codes
        extra: the extra of subemo that installs it; None if always installed
    """

    name: str
    files: Mapping[str, PackagedFile]
    languages: frozenset[str]
    extra: str | None = None

    @property
    def sha256(self) -> str:
        """The SHA-256 of all its files."""
        return hashlib.sha256(
            "".join(f"{name} {self.files[name].sha256}\n" for name in sorted(self.files)).encode()
        ).hexdigest()

    @property
    def remedy(self) -> str:
        """How to install it, as a sentence."""
        wanted = "subemo" if self.extra is None else f"subemo[{self.extra}]"
        return f"Install it with: pip install --force-reinstall '{wanted}'"

    @property
    def is_installed(self) -> bool:
        """Whether its packages are installed, without importing them."""
        packages = {package for file in self.files.values() for package, _ in file.parts}
        return all(find_spec(package) is not None for package in packages)

    def knows(self, language: str | None) -> bool:
        """Whether it supports a language, by Whisper's code; None for any language."""
        return language is None or language in self.languages

    def contents(self) -> dict[str, bytes | _OnDemand]:
        """Its files in the form that faster-whisper takes.

        Raises:
            BundleError: if one is missing or altered; for `WEIGHTS_FILE` only
                when it is read
        """
        return {
            name: _OnDemand(file, self.remedy) if name == WEIGHTS_FILE else file.read(self.remedy)
            for name, file in self.files.items()
        }


def _folder(package: str, remedy: str) -> Path:
    """The folder of a package."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise BundleError(f"the package {package} is not installed", remedy=remedy)
    return Path(spec.origin).parent
