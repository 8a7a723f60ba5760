from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from subemo.corpora import CORPORA, read_clips
from subemo.emotions import Emotion
from subemo.errors import CorpusError


def touch(root: Path, *names: str) -> Path:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()
    return root


class TestRavdess:
    def test_a_clip(self, tmp_path: Path) -> None:
        touch(tmp_path, "Actor_08/03-01-06-02-01-02-08.wav")
        (clip,) = CORPORA["ravdess"].clips(tmp_path)
        assert clip.emotion is Emotion.FEAR
        assert (clip.speaker, clip.sex) == ("ravdess-08", "female")
        assert (clip.statement, clip.intensity) == ("01", "strong")

    def test_songs_and_other_files_are_left_out(self, tmp_path: Path) -> None:
        touch(tmp_path, "Actor_08/03-02-06-02-01-02-08.wav", "README.txt")
        assert list(CORPORA["ravdess"].clips(tmp_path)) == []

    def test_an_unknown_name_stops(self, tmp_path: Path) -> None:
        touch(tmp_path, "Actor_08/hello.wav")
        with pytest.raises(CorpusError, match=r"hello\.wav: not a RAVDESS file name"):
            list(CORPORA["ravdess"].clips(tmp_path))

    def test_a_release_that_holds_every_clip_twice_stops(self, tmp_path: Path) -> None:
        name = "Actor_08/03-01-06-02-01-02-08.wav"
        touch(tmp_path, name, f"audio_speech_actors_01-24/{name}")
        with pytest.raises(CorpusError, match="the same clip as"):
            read_clips({"ravdess": tmp_path})


class TestSavee:
    @pytest.mark.parametrize("name", ["AudioData/DC/sa03.wav", "ALL/DC_sa03.wav"])
    def test_both_layouts(self, tmp_path: Path, name: str) -> None:
        touch(tmp_path, name)
        (clip,) = CORPORA["savee"].clips(tmp_path)
        assert clip.emotion is Emotion.SAD
        assert (clip.speaker, clip.sex, clip.statement) == ("savee-DC", "male", "sa03")
        assert clip.key == "savee-DC/sa03"

    def test_an_unknown_speaker_stops(self, tmp_path: Path) -> None:
        touch(tmp_path, "XX/a01.wav")
        with pytest.raises(CorpusError, match="not a SAVEE file name"):
            list(CORPORA["savee"].clips(tmp_path))


def test_no_folder_and_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="no such folder"):
        read_clips({"ravdess": tmp_path / "none"})
    with pytest.raises(CorpusError, match="no clips of savee"):
        read_clips({"savee": tmp_path})


def test_the_reports_counts(corpora: Path) -> None:
    clips = read_clips({name: corpora / name for name in ("ravdess", "savee")})
    assert len(clips) == 1_920
    assert len({clip.speaker for clip in clips}) == 28
    counts = Counter(clip.emotion for clip in clips)
    assert counts.pop(Emotion.NEUTRAL) == 216
    assert counts.pop(Emotion.CALM) == 192
    assert set(counts.values()) == {252}
