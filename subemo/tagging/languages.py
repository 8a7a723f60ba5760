"""Converts language codes of file names and containers to BCP 47."""

from __future__ import annotations

from pathlib import Path

#: ISO 639-1 with the three-letter codes of ISO 639-2, both sets: all that is a language in a file's
#: name, so that ``hd`` or ``v2`` is none.
_ISO_639 = """
aa:aar ab:abk ae:ave af:afr ak:aka am:amh an:arg ar:ara as:asm av:ava ay:aym az:aze ba:bak be:bel
bg:bul bi:bis bm:bam bn:ben bo:bod,tib br:bre bs:bos ca:cat ce:che ch:cha co:cos cr:cre cs:ces,cze
cu:chu cv:chv cy:cym,wel da:dan de:deu,ger dv:div dz:dzo ee:ewe el:ell,gre en:eng eo:epo es:spa
et:est eu:eus,baq fa:fas,per ff:ful fi:fin fj:fij fo:fao fr:fra,fre fy:fry ga:gle gd:gla gl:glg
gn:grn gu:guj gv:glv ha:hau he:heb hi:hin ho:hmo hr:hrv ht:hat hu:hun hy:hye,arm hz:her ia:ina
id:ind ie:ile ig:ibo ii:iii ik:ipk io:ido is:isl,ice it:ita iu:iku ja:jpn jv:jav ka:kat,geo kg:kon
ki:kik kj:kua kk:kaz kl:kal km:khm kn:kan ko:kor kr:kau ks:kas ku:kur kv:kom kw:cor ky:kir la:lat
lb:ltz lg:lug li:lim ln:lin lo:lao lt:lit lu:lub lv:lav mg:mlg mh:mah mi:mri,mao mk:mkd,mac ml:mal
mn:mon mr:mar ms:msa,may mt:mlt my:mya,bur na:nau nb:nob nd:nde ne:nep ng:ndo nl:nld,dut nn:nno
no:nor nr:nbl nv:nav ny:nya oc:oci oj:oji om:orm or:ori os:oss pa:pan pi:pli pl:pol ps:pus pt:por
qu:que rm:roh rn:run ro:ron,rum ru:rus rw:kin sa:san sc:srd sd:snd se:sme sg:sag si:sin sk:slk,slo
sl:slv sm:smo sn:sna so:som sq:sqi,alb sr:srp ss:ssw st:sot su:sun sv:swe sw:swa ta:tam te:tel
tg:tgk th:tha ti:tir tk:tuk tl:tgl tn:tsn to:ton tr:tur ts:tso tt:tat tw:twi ty:tah ug:uig uk:ukr
ur:urd uz:uzb ve:ven vi:vie vo:vol wa:wln wo:wol xh:xho yi:yid yo:yor za:zha zh:zho,chi zu:zul
"""
_THREE_LETTERS = {
    two: threes.split(",") for two, _, threes in (one.partition(":") for one in _ISO_639.split())
}
#: Names of older files, and scripts that are written differently.
_NAMES = {
    "en": "english", "de": "german", "fr": "french", "es": "spanish", "it": "italian", "nl": "dutch",
    "pt": "portuguese pb", "pl": "polish", "ru": "russian", "uk": "ukrainian", "tr": "turkish",
    "ja": "japanese", "zh": "chinese chs zh-hans", "zh-hant": "zh-tw zh-hk cht", "ko": "korean",
    "ar": "arabic",
}  # fmt: skip
_CODES = {
    code: language
    for language in (*_THREE_LETTERS, "zh-hant")
    for code in (*_THREE_LETTERS.get(language, ()), *_NAMES.get(language, "").split())
}


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
    return code if code.partition("-")[0] in _THREE_LETTERS else None


def three_letters(language: str) -> str:
    """The ISO 639-2 code of a language, for containers; ``und`` if unknown.

    >>> three_letters("pt-br")
    'por'
    """
    return next(iter(_THREE_LETTERS.get(two_letters(language).partition("-")[0], ())), "und")
