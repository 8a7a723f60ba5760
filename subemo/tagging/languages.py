"""Converts language codes of file names and containers to BCP 47."""

from __future__ import annotations

from pathlib import Path

#: The three-letter codes (ISO 639-2, both sets) and names of older files.
_CODES = {
    code: language
    for language, codes in {
        "en": "eng english", "de": "deu ger german", "fr": "fra fre french",
        "es": "spa spanish", "it": "ita italian", "nl": "nld dut dutch",
        "pt": "por portuguese pb", "pl": "pol polish", "ru": "rus russian", "uk": "ukr ukrainian",
        "tr": "tur turkish", "ja": "jpn japanese", "zh": "zho chi chinese chs zh-hans",
        "zh-hant": "zh-tw zh-hk cht", "ko": "kor korean", "ar": "ara arabic",
    }.items()
    for code in codes.split()
}  # fmt: skip
#: The two-letter codes (ISO 639-1), so that a part such as ``hd`` or ``v2`` of a file name is
_LETTERS = """
aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de
dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia
id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo
lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl
ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk
tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
"""
#: not mistaken for a language.
_ISO_639_1 = frozenset(_LETTERS.split())


def two_letters(language: str) -> str:
    """A language's BCP 47 code in lower case, with two letters if ISO 639-1 has a code.

    >>> two_letters("ger"), two_letters("pt_BR")
    ('de', 'pt-br')
    """
    code = language.lower().replace("_", "-")
    return _CODES.get(code, code)


def language_of(path: Path) -> str | None:
    """The language in a subtitle file's name: ``film.pt-BR.sdh.srt`` → ``pt-br``.

    >>> language_of(Path("film.de.srt"))
    'de'
    """
    codes = map(language_of_code, reversed(path.name.split(".")[1:-1]))
    return next((code for code in codes if code is not None), None)


def language_of_code(code: str) -> str | None:
    """A language's BCP 47 code in lower case, or None for an unknown code.

    Args:
        code: a BCP 47 code, or a name or code of ISO 639, in any case

    >>> language_of_code("pt_BR"), language_of_code("ger"), language_of_code("sdh")
    ('pt-br', 'de', None)
    """
    code = code.lower().replace("_", "-")
    if code in _CODES:
        return _CODES[code]
    return code if code.partition("-")[0] in _ISO_639_1 else None


def three_letters(language: str) -> str:
    """The ISO 639-2 code of a language, for containers; ``und`` if unknown.

    >>> three_letters("pt-br")
    'por'
    """
    code = language.lower()
    base = code.partition("-")[0]
    for wanted in (code, base):
        for three, two in _CODES.items():
            if two == wanted and len(three) == 3:
                return three
    return "und"
