"""Clips in a layout of the user's own, described by a pattern of their paths."""

from __future__ import annotations

from pathlib import Path

import pytest

from subemo.core.emotions import Emotion
from subemo.core.errors import CorpusError
from subemo.research.corpora import read_corpus
from subemo.research.corpora.layouts import PatternFiles, is_pattern


def touch(root: Path, *names: str) -> Path:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()
    return root


def test_folders_of_speakers_hold_folders_of_emotions(tmp_path: Path) -> None:
    touch(tmp_path, "anna/happy/1.wav", "anna/sad/1.wav", "ben/happy/1.wav")
    with pytest.raises(CorpusError, match=r'duplicate of .*`layout="\{speaker\}/'):
        read_corpus(tmp_path)
    clips = read_corpus(tmp_path, corpus="{speaker}/{emotion}/*").clips
    assert [(clip.speaker, clip.emotion, clip.key) for clip in clips] == [
        ("clips-anna", Emotion.HAPPY, "clips/anna/happy/1"),
        ("clips-anna", Emotion.SAD, "clips/anna/sad/1"),
        ("clips-ben", Emotion.HAPPY, "clips/ben/happy/1"),
    ]


def test_names_of_files_say_all(tmp_path: Path) -> None:
    touch(tmp_path, "fear-ben.b-07.wav")
    with pytest.raises(CorpusError, match=r'no layout matches.*`layout="\{speaker\}/.*CSV'):
        read_corpus(tmp_path)
    (clip,) = read_corpus(tmp_path, corpus="{emotion}-{speaker}-{statement}").clips
    assert (clip.emotion, clip.speaker, clip.statement) == (Emotion.FEAR, "clips-ben.b", "07")


def test_nobody_is_named(tmp_path: Path) -> None:
    touch(tmp_path, "2020/happy/1.wav", "2021/happy/1.wav")
    clips = read_corpus(tmp_path, corpus="*/{emotion}/*").clips
    assert [(clip.speaker, clip.key) for clip in clips] == [
        (None, "clips/2020/happy/1"),
        (None, "clips/2021/happy/1"),
    ]


def test_a_path_of_another_pattern_stops(tmp_path: Path) -> None:
    touch(tmp_path, "happy/a/1.wav")
    assert not PatternFiles("{emotion}/*").fits(tmp_path)
    with pytest.raises(CorpusError, match=r"1\.wav: 'happy/a/1' does not match the pattern"):
        read_corpus(tmp_path, corpus="{emotion}/*")


def test_what_is_no_wildcard_is_itself() -> None:
    assert PatternFiles("a.b+{emotion}").parse("a.b+sad") == {"emotion": "sad"}
    assert PatternFiles("a.b+{emotion}").parse("aXbbsad") is None


@pytest.mark.parametrize(
    ("pattern", "problem"),
    [
        ("*-{speaker}", "must contain"),
        ("{emotion}{emotion}", "at most once"),
        ("{emotion}/{mood}", "the unknown field {mood}; use emotion, speaker"),
        ("{}{emotion}", "the unknown field {}"),
    ],
)
def test_patterns_that_cannot_be(pattern: str, problem: str) -> None:
    assert is_pattern(pattern)
    with pytest.raises(CorpusError, match=problem):
        PatternFiles(pattern)


def test_names_of_layouts_are_no_patterns(tmp_path: Path) -> None:
    assert not is_pattern("crema-d")
    with pytest.raises(CorpusError, match="unknown layout 'mine'"):
        read_corpus(touch(tmp_path, "happy/1.wav"), corpus="mine")
