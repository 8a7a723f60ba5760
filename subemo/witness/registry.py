"""The languages that have a text model."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from ..core.errors import BundleError
from ..core.model_folder import SHIPPED
from ..core.native import loaded_once
from .weights import DESCRIPTION_FILE, read_weights
from .words import WordsWitness

#: The folder of each language's weights, by its BCP 47 primary subtag.
WITNESSES: Mapping[str, str] = MappingProxyType({"en": "words-en"})


def find_witness(language: str | None) -> WordsWitness | None:
    """The text model of a language, or None.

    Args:
        language: a BCP 47 tag such as ``en`` or ``en-GB``; None if unknown

    Raises:
        BundleError: if its weights are missing, altered or of another version

    >>> find_witness("xx") is None
    True
    """
    name = WITNESSES.get((language or "").replace("_", "-").partition("-")[0].lower())
    return None if name is None else _read(name)


@loaded_once(8)
def _read(name: str) -> WordsWitness:
    for shipped in SHIPPED:
        if (shipped / name / DESCRIPTION_FILE).is_file():
            return WordsWitness(read_weights(shipped / name), name)
    raise BundleError(f"the text model {name!r} is missing", remedy="Reinstall subemo.")
