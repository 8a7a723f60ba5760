from __future__ import annotations

import hashlib
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from subemo.core.errors import BundleError, MissingExtraError
from subemo.transcription.weights import (
    BASE,
    TINY_EN,
    WEIGHTS_FILE,
    WHISPERS,
    PackagedFile,
    WhisperWeights,
    choose,
)

CONTENT = b"first half, second half"


@pytest.fixture
def carried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> WhisperWeights:
    """Weights in two parts, in packages that must not be executed."""
    for name, part in (("carrier_one", CONTENT[:10]), ("carrier_two", CONTENT[10:])):
        (tmp_path / name / "data").mkdir(parents=True)
        (tmp_path / name / "__init__.py").write_text("raise SystemExit('executed')")
        (tmp_path / name / "data" / "part").write_bytes(part)
    monkeypatch.syspath_prepend(str(tmp_path))
    file = PackagedFile(
        (("carrier_one", "data/part"), ("carrier_two", "data/part")),
        hashlib.sha256(CONTENT).hexdigest(),
    )
    return WhisperWeights("Whisper odd", {WEIGHTS_FILE: file}, frozenset({"tlh"}), "odd")


def read(weights: WhisperWeights) -> bytes:
    file = weights.contents()[WEIGHTS_FILE]
    assert not isinstance(file, bytes)
    return file.read()


def test_parts_are_joined_and_their_package_is_not_executed(carried: WhisperWeights) -> None:
    assert carried.is_installed
    assert read(carried) == CONTENT
    assert "carrier_one" not in sys.modules


@pytest.mark.parametrize("content", [b"Second half", b"", b"second half and more"])
def test_altered_weights_are_refused(
    carried: WhisperWeights, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "carrier_two" / "data" / "part").write_bytes(content)
    with pytest.raises(BundleError, match=r"unexpected SHA-256.*subemo\[odd\]"):
        read(carried)


def test_a_part_that_is_missing(carried: WhisperWeights, tmp_path: Path) -> None:
    (tmp_path / "carrier_two" / "data" / "part").unlink()
    with pytest.raises(BundleError, match="cannot be read"):
        read(carried)


def test_small_files_are_checked_at_once(carried: WhisperWeights, tmp_path: Path) -> None:
    file = replace(carried.files[WEIGHTS_FILE], sha256="0" * 64)
    with pytest.raises(BundleError, match="unexpected SHA-256"):
        replace(carried, files={"config.json": file}).contents()


def test_other_weights_have_another_name(carried: WhisperWeights) -> None:
    names = {one.sha256 for one in (*WHISPERS, carried)}
    assert len(names) == len(WHISPERS) + 1


def test_the_first_that_is_installed_and_knows_the_language(carried: WhisperWeights) -> None:
    missing = replace(BASE, files={WEIGHTS_FILE: PackagedFile((("no_such_package", "x"),), "")})
    whispers = (missing, TINY_EN, carried)
    assert choose(None, whispers) is TINY_EN
    assert choose("en", whispers) is TINY_EN
    assert choose("tlh", whispers) is carried
    with pytest.raises(MissingExtraError, match=r"'pl', but Whisper base does.*'subemo\[multi"):
        choose("pl", whispers)
    with pytest.raises(BundleError, match="no available Whisper model supports the language 'xx'"):
        choose("xx", whispers)
    with pytest.raises(BundleError, match="Whisper base is not installed"):
        choose("pl", (missing,))


def test_languages_of_base() -> None:
    assert len(BASE.languages) == 99
    assert {"en", "it", "pl", "zh", "am"} <= BASE.languages
