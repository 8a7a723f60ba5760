from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subemo.core.errors import SubtitleError
from subemo.subtitles.encoding import Encoding, detect

TEXT = "1\n00:00:01,000 --> 00:00:02,000\nÇa va, Zoë? ♪\n"


@pytest.mark.parametrize(
    ("bom", "name"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
@pytest.mark.parametrize("named", [None, "same"])
def test_byte_order_mark(bom: bytes, name: str, named: str | None) -> None:
    found = detect(bom + TEXT.encode(name), named=named and name)
    assert found == Encoding(name, bom)


def test_utf8_without_mark() -> None:
    assert detect(TEXT.encode()) == Encoding("utf-8")


@pytest.mark.parametrize("name", ["utf-16-le", "utf-16-be"])
def test_utf16_without_mark(name: str) -> None:
    assert detect(TEXT.encode(name)) == Encoding(name)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("cp1252", "Là-bas, où l'été est passé, ça se fête à la française. Déjà vu, garçon?"),
        ("cp1251", "Привет, как дела сегодня? Что ты здесь делаешь так поздно ночью?"),
    ],
)
def test_eight_bit_is_guessed_and_said_so(name: str, text: str) -> None:
    data = TEXT.replace("Ça va, Zoë? ♪", "\n".join([text] * 3)).encode(name)
    found = detect(data)
    assert found.is_guess
    assert "-->" in found.decode(data)
    assert found.encode(found.decode(data)) == data


def test_named_wins_over_the_guess() -> None:
    assert detect("é".encode("latin-1"), named="latin-1") == Encoding("iso8859-1")


def test_named_but_unknown_or_wrong() -> None:
    with pytest.raises(SubtitleError, match="unknown encoding 'klingon'"):
        detect(b"a", named="klingon")
    with pytest.raises(SubtitleError, match="unknown encoding 'base64'"):
        detect(b"a", named="base64")
    with pytest.raises(SubtitleError, match="this is not utf-8"):
        detect(b"\xff-->", named="utf-8")


def test_binary_is_refused() -> None:
    with pytest.raises(SubtitleError, match="not a text file"):
        detect(b"\x00\x01\x02 --> \x00")


@given(st.binary(), st.sampled_from(["utf-8", "cp1252", "iso8859-1"]))
def test_any_bytes_survive(data: bytes, name: str) -> None:
    encoding = Encoding(name)
    assert encoding.encode(encoding.decode(data)) == data
