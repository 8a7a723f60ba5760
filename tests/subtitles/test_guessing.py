"""Guessed encodings: right for a clear file, and in doubt where other words may be meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from subemo.captions import parse_document
from subemo.core.errors import SubtitleError
from subemo.proof import prove
from subemo.subtitles.encoding import ARROW, Encoding, detect, refuse_doubt
from subemo.tagging.policy import TagPolicy

from ..formats.build import annotation

#: What people say in films, by the code page in which their files are.
SAID = {
    "cp1250 cs": "Nevím, co ti mám říct. Přišel jsem pozdě, protože nejel vlak. To přece není možné!",
    "cp1250 hu": "Nem tudom, mit mondjak. Későn jöttem, mert nem járt a vonat. Ez így nem lehetséges!",
    "cp1250 pl": "Nie wiem, co powiedzieć. Spóźniłem się, bo pociąg nie jechał. To przecież niemożliwe!",
    "cp1250 ro": "Nu ştiu ce să spun. Am întârziat pentru că nu mergea trenul. Aşa ceva nu se poate!",
    "cp1250 hr": "Ne znam što da kažem. Kasnim jer vlak nije vozio. To doista nije moguće, čovječe!",
    "cp1251 ru": "Не знаю, что сказать. Я опоздал, потому что поезд не пришёл. Так не бывает!",
    "cp1251 bg": "Не знам какво да кажа. Закъснях, защото влакът не дойде. Това е невъзможно!",
    "koi8-r ru": "Не знаю, что сказать. Я опоздал, потому что поезд не пришёл. Так не бывает!",
    "cp1252 fr": "Je ne sais pas quoi répondre. Je suis arrivé très tard, à cause du train. C'est ça!",
    "cp1252 de": "Ich weiß nicht, was ich sagen soll. Der Zug fuhr nicht, also kam ich zu spät. Unmöglich!",
    "cp1252 es": "No sé qué decir. Llegué tarde porque el tren no salió. ¡Eso no puede ser, señor!",
    "cp1252 pt": "Não sei o que dizer. Cheguei tarde porque o comboio não saiu. Isto não é possível!",
    "cp1252 sv": "Jag vet inte vad jag ska säga. Jag kom för sent, för tåget gick inte. Det är omöjligt!",
    "cp1252 da": "Jeg ved ikke, hvad jeg skal sige. Toget kørte ikke, så jeg kom for sent. Ærligt talt, nå!",
    "cp1252 fi": "En tiedä, mitä sanoa. Myöhästyin, koska juna ei lähtenyt. Tämä ei ole mahdollista!",
    "cp1252 is": "Ég veit ekki hvað ég á að segja. Ég kom of seint því lestin fór ekki. Það er ómögulegt!",
    "cp1253 el": "Δεν ξέρω τι να πω. Άργησα γιατί δεν ήρθε το τρένο. Αυτό δεν γίνεται!",
    "cp1254 tr": "Ne diyeceğimi bilmiyorum. Tren gelmediği için geç kaldım. Bu mümkün değil, şaşırdım!",
    "cp1255 he": "אני לא יודע מה להגיד. איחרתי כי הרכבת לא הגיעה. זה לא ייתכן!",
    "cp1256 ar": "لا أعرف ماذا أقول. تأخرت لأن القطار لم يأت. هذا غير ممكن!",
    "cp1257 et": "Ma ei tea, mida öelda. Jäin hiljaks, sest rong ei sõitnud. See pole võimalik, tõesti!",
    "cp874 th": "ฉันไม่รู้จะพูดอะไร ฉันมาสายเพราะรถไฟไม่มา มันเป็นไปไม่ได้",
    "cp932 ja": "何と言えばいいのか分からない。電車が来なくて遅れたんだ。そんなはずはない。",
    "cp949 ko": "뭐라고 해야 할지 모르겠어. 기차가 안 와서 늦었어. 그럴 리가 없어.",
    "gb18030 zh": "我不知道该说什么。火车没有来，所以我迟到了。这不可能。",
    "big5 zh": "我不知道該說什麼。火車沒有來，所以我遲到了。這不可能。",
}
_SRT = "1\n00:00:01,000 --> 00:00:02,000\n{}\n"


def _file(text: str, encoding: str) -> bytes:
    parts = text.replace("!", "!|").replace(". ", ".|").split("|")
    cues = (
        f"{i}\n00:00:{i:02},000 --> 00:00:{i:02},900\n{part.strip()}\n\n"
        for i, part in enumerate(parts, 1)
    )
    return "".join(cues).encode(encoding)


@pytest.mark.parametrize("key", SAID)
def test_a_clear_file_is_read_right(key: str) -> None:
    encoding = key.split()[0]
    found = detect(_file(SAID[key], encoding))
    assert found.is_guess
    # Three lines are few: for some it is in doubt. What is not is right.
    if not found.doubt:
        data = _file(SAID[key], encoding)
        assert found.decode(data) == data.decode(encoding)


@pytest.mark.parametrize(
    "key", [key for key in SAID if key[-2:] not in ("et", "is", "ja", "ko", "th", "zh", "nl", "ro")]
)
def test_a_long_file_is_not_in_doubt(key: str, corpora: Path) -> None:
    encoding, language = key.split()
    rows = (corpora / "text/xed" / f"{language}.tsv").read_text(encoding="utf-8").splitlines()
    lines = (row.split("\t")[1] for row in rows[:300])
    data = "".join(map(_SRT.format, lines)).encode(encoding, "ignore")
    found = detect(data)
    assert (found.doubt, found.decode(data)) == ("", data.decode(encoding))


@pytest.mark.parametrize(("name", "encoding"), [("Dvořák", "cp1250"), ("Ağa", "cp1254")])
def test_a_foreign_name_is_in_doubt_however_often_it_is_said(name: str, encoding: str) -> None:
    lines = (f"What did {name} tell you on day {i}?" for i in range(180))
    assert detect("".join(map(_SRT.format, lines)).encode(encoding)).doubt


def test_one_line_said_often_is_not_many_lines() -> None:
    for key, text in SAID.items():
        encoding = key.split()[0]
        data = _file(text, encoding) * 30
        found = detect(data)
        assert found.doubt or found.decode(data) == data.decode(encoding)


def test_few_words_that_others_read_otherwise_are_in_doubt() -> None:
    data = _SRT.format("Elle amène à").encode("cp1252")
    found = detect(data)
    assert "'amène' in cp1252" in found.doubt
    assert "'amčne' in" in found.doubt
    made = annotation(data)
    with pytest.raises(SubtitleError, match=r"`encoding`") as refused:
        prove(made, "vtt")
    assert "amène" in str(refused.value)
    # Where the bytes stay, it is only a guess.
    assert b"am\xe8ne" in prove(made, "srt").data
    named = parse_document(data, path=Path("a.srt"), encoding="cp1252")
    assert "amène à".encode() in prove(annotation(named), "vtt").data


@pytest.mark.parametrize("text", ["It’s “fine” – really…", "£5 for it?", "♪ Tra la la"])
def test_signs_that_are_no_letters_are_not_in_doubt(text: str) -> None:
    english = "".join(
        _SRT.format(f"I told you not to go there again, number {i}.") for i in range(60)
    )
    data = (english + _SRT.format(text)).encode("cp1252", "ignore")
    assert detect(data).doubt == ""


def test_unicode_is_never_in_doubt() -> None:
    for name in ("utf-8", "utf-16-le"):
        assert detect(_SRT.format("amène à").encode(name)).doubt == ""
    refuse_doubt(Encoding("cp1252", is_guess=True), None)


@pytest.mark.parametrize(("encoding", "key"), [("mac_greek", "cp1253 el"), ("cp737", "cp1253 el")])
def test_rare_encodings_are_read_right_or_in_doubt(encoding: str, key: str) -> None:
    data = _file(SAID[key], encoding)
    found = detect(data)
    assert found.doubt or found.decode(data) == data.decode(encoding)


def test_predictions_are_written_where_words_are_clear() -> None:
    made = annotation(_file(SAID["cp1251 ru"], "cp1251"), policy=TagPolicy(min_confidence=1))
    assert "Не знаю" in prove(made, "vtt").data.decode()


def test_a_name_that_loses_the_arrows_is_no_guess() -> None:
    data = _SRT.format("é").encode("cp1252")
    assert ARROW.search(detect(data).decode(data))
