from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subemo.core.emotions import Emotion
from subemo.core.errors import CorpusError
from subemo.research.corpora import (
    CORPORA,
    EVALUATION_ONLY,
    Clip,
    find_corpus,
    read_clips,
    read_corpus,
    refuse_evaluation_only,
)
from subemo.research.corpora.layouts import read_interval, read_table


def touch(root: Path, *names: str) -> Path:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()
    return root


def one(root: Path) -> Clip:
    (clip,) = read_corpus(root).clips
    return clip


@pytest.mark.parametrize(
    ("name", "corpus", "emotion", "speaker", "sex", "statement", "intensity"),
    [
        ("Actor_08/03-01-06-02-01-02-08.wav", "ravdess", "fear", "08", "female", "01", "strong"),
        ("AudioData/DC/sa03.wav", "savee", "sad", "DC", "male", "sa03", None),
        ("ALL/DC_sa03.wav", "savee", "sad", "DC", "male", "sa03", None),
        ("OAF_Fear/OAF_back_fear.wav", "tess", "fear", "OAF", "female", "back", None),
        ("YAF_ps/YAF_bite_ps.wav", "tess", "surprise", "YAF", "female", "bite", None),
        ("OAF_neutral/OA_bite_neutral.wav", "tess", "neutral", "OAF", "female", "bite", None),
        ("EMOVO/f1/gio-f1-b1.wav", "emovo", "happy", "f1", "female", "b1", None),
        ("samples/WR0_surprised_64.wav", "nemo", "surprise", "WR0", None, "64", None),
        ("02Fearful/f2-03-01-02-39.ogg", "ased", "fear", "39", "male", "f03", None),
        ("04Sad/s4-01-02-01-08.wav", "ased", "sad", "08", "female", "s01", None),
        ("201-fear-wangzhe.ogg", "casia", "fear", "wangzhe", "male", "201", None),
        ("x/9-sad-liuchanhg.wav", "casia", "sad", "liuchanhg", "female", "9", None),
        ("AudioWAV/1001_DFA_ANG_HI.wav", "crema-d", "angry", "1001", None, "DFA", "high"),
        ("AudioWAV/1001_IEO_NEU_XX.wav", "crema-d", "neutral", "1001", None, "IEO", None),
        ("clips/joy_happy1.wav", "named", "happy", "joy", None, "1", None),
        ("clips/dad_angry2.wav", "named", "angry", "dad", None, "2", None),
        ("set/Disgusted/x.wav", "folders", "disgust", None, None, None, None),
    ],
)
def test_a_clip_of_each_layout_is_found_and_read(
    tmp_path: Path,
    name: str,
    corpus: str,
    emotion: str,
    speaker: str | None,
    sex: str | None,
    statement: str | None,
    intensity: str | None,
) -> None:
    clip = one(touch(tmp_path, name))
    assert clip.path == tmp_path / name
    assert (clip.corpus, clip.emotion) == (corpus, emotion)
    assert clip.speaker == (speaker and f"{corpus}-{speaker}")
    assert (clip.sex, clip.statement, clip.intensity) == (sex, statement, intensity)


def test_keys_do_not_depend_on_the_packing(tmp_path: Path) -> None:
    nested = one(touch(tmp_path / "a", "AudioData/DC/sa03.wav"))
    flat = one(touch(tmp_path / "b", "DC_sa03.flac"))
    assert nested.key == flat.key == "savee-DC/sa03"


class TestFindCorpus:
    def test_two_layouts_that_fit_are_named(self, tmp_path: Path) -> None:
        touch(tmp_path, "fear/OAF_back_fear.wav")
        with pytest.raises(CorpusError, match=r"more than one.*`layout`: tess, folders"):
            find_corpus(tmp_path)
        assert len(read_corpus(tmp_path, corpus="folders").clips) == 1

    def test_none_that_fits(self, tmp_path: Path) -> None:
        with pytest.raises(CorpusError, match="no layout matches"):
            find_corpus(touch(tmp_path, "stuff/a.wav"))

    def test_no_such_folder(self, tmp_path: Path) -> None:
        with pytest.raises(CorpusError, match="does not exist"):
            find_corpus(tmp_path / "none")


def test_ravdess_songs_and_other_files_are_left_out(tmp_path: Path) -> None:
    touch(tmp_path, "Actor_08/03-02-06-02-01-02-08.wav", "README.txt")
    assert list(CORPORA["ravdess"].entries(tmp_path)) == []
    with pytest.raises(CorpusError, match="no clips of the layout 'ravdess'"):
        read_clips({"ravdess": tmp_path})


@pytest.mark.parametrize(
    "corpus", ["ravdess", "savee", "tess", "emovo", "nemo", "ased", "casia", "crema-d"]
)
def test_an_unknown_name_stops(tmp_path: Path, corpus: str) -> None:
    touch(tmp_path, "hello.wav")
    with pytest.raises(CorpusError, match=rf"hello\.wav: not a file name of the corpus {corpus}"):
        read_clips({corpus: tmp_path})


def test_a_release_that_holds_every_clip_twice_stops(tmp_path: Path) -> None:
    name = "Actor_08/03-01-06-02-01-02-08.wav"
    touch(tmp_path, name, f"audio_speech_actors_01-24/{name}")
    with pytest.raises(CorpusError, match="duplicate of"):
        read_corpus(tmp_path)


def test_an_unknown_label_stops_unless_it_is_to_be_ignored(tmp_path: Path) -> None:
    touch(tmp_path, "joy_happy1.wav", "joy_bored1.wav", "dad_bored2.wav")
    with pytest.raises(CorpusError, match=r"bored.*`ignore='bored'`"):
        read_corpus(tmp_path)
    reading = read_corpus(tmp_path, ignore=["Bored"])
    assert len(reading.clips) == 1
    assert reading.ignored == {"bored": 2}


class TestManifest:
    @pytest.fixture(autouse=True)
    def _clips(self, tmp_path: Path) -> None:
        touch(tmp_path, "a.wav", "b.wav")
        self.path = tmp_path / "clips.csv"

    def write(self, text: str) -> Path:
        self.path.write_text(text, encoding="utf-8-sig")
        return self.path

    def test_all_columns(self) -> None:
        text = "path,emotion,speaker,start,end\na.wav,Fearful,joy,1.5,2\nb.wav,sad,,,\n"
        first, second = read_corpus(self.write(text)).clips
        assert (first.emotion, first.speaker) == ("fear", "manifest-joy")
        assert (first.start_ms, first.end_ms) == (1_500, 2_000)
        assert (second.speaker, second.start_ms) == (None, None)

    def test_one_file_can_hold_several_clips(self) -> None:
        text = "path,emotion,start,end\na.wav,sad,1,2\na.wav,happy,2,3\n"
        assert len(read_corpus(self.write(text)).clips) == 2

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("file,label\na.wav,sad\n", "line 1: the header"),
            ("", "line 1: the header"),
            ("path,emotion\na.wav\n", "line 2: the number of fields"),
            ("path,emotion\na.wav,sad,x\n", "line 2: the number of fields"),
            ("path,emotion\na.wav,sad\nnone.wav,sad\n", "line 3: no such file"),
            ("path,emotion\na.wav,bored\n", "line 2: unknown label 'bored'"),
            ("path,emotion\na.wav,sad\na.wav,happy\n", "line 3: duplicate of"),
            ("path,emotion,start,end\na.wav,sad,2,2\n", "line 2: the interval 2 to 2 is empty"),
            ("path,emotion,start,end\na.wav,sad,x,2\n", "line 2: 'x' and '2' are not times"),
            ("path,emotion,start,end\na.wav,sad,nan,2\n", "are not times"),
            ("path,emotion,start,end\na.wav,sad,,2\n", "are not times"),
        ],
    )
    def test_what_is_wrong_and_where(self, text: str, message: str) -> None:
        with pytest.raises(CorpusError, match=message) as caught:
            read_corpus(self.write(text))
        assert caught.value.path == self.path

    def test_not_text(self) -> None:
        self.path.write_bytes(b"\xff\xfe\x00")
        with pytest.raises(CorpusError, match="cannot be read as CSV"):
            read_corpus(self.path)


def test_the_reports_counts(corpora: Path) -> None:
    clips = read_clips({name: corpora / name for name in ("ravdess", "savee")})
    assert len(clips) == 1_920
    assert len({clip.speaker for clip in clips}) == 28
    counts = Counter(clip.emotion for clip in clips)
    assert counts.pop(Emotion.NEUTRAL) == 216
    assert counts.pop(Emotion.CALM) == 192
    assert set(counts.values()) == {252}


@pytest.mark.parametrize(
    ("name", "clips", "speakers", "missing"),
    [
        ("tess", 1_400, 2, ["calm"]),
        ("emovo", 588, 6, ["calm"]),
        ("nemo", 2_246, 9, ["calm", "disgust"]),
        ("ased", 805, 65, ["calm", "disgust", "surprise"]),
        ("casia", 1_200, 4, ["calm", "disgust"]),
    ],
)
def test_other_corpora(
    corpora: Path, name: str, clips: int, speakers: int, missing: list[str]
) -> None:
    found = read_corpus(corpora / name).clips
    assert len(found) == clips
    assert len({clip.speaker for clip in found}) == speakers
    assert [one for one in Emotion if one not in {clip.emotion for clip in found}] == missing
    assert {clip.sex for clip in found} <= {"male", "female"}


def test_a_speaker_has_one_sex_though_a_name_is_mistaken(tmp_path: Path) -> None:
    names = [f"01Neutral/n1-0{sentence}-01-01-23.wav" for sentence in (1, 2)]
    touch(tmp_path, *names, "01Neutral/n1-03-01-02-23.wav")
    assert {clip.sex for clip in read_corpus(tmp_path).clips} == {"female"}


def test_evaluation_corpora_train_nothing() -> None:
    assert EVALUATION_ONLY == ("ased", "casia")
    refuse_evaluation_only(["ravdess", "savee"], "training")
    with pytest.raises(CorpusError, match="ased and casia are for evaluation only: not for x"):
        refuse_evaluation_only(["casia", "ravdess", "ased"], "x")


@given(st.binary(max_size=200))
def test_any_table_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, rest: bytes
) -> None:
    path = tmp_path_factory.mktemp("table") / "clips.csv"
    path.write_bytes(b"path,start,end\n" + rest)
    columns = {"path", "start", "end"}
    try:
        for line, row in read_table(path, required=columns, known=columns):
            read_interval(path, line, row)
    except CorpusError as error:
        assert str(path) in str(error)
