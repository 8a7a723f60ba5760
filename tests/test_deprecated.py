from __future__ import annotations

from pathlib import Path

import pytest

import subemo
from subemo.tagging import vocabulary
from subemo.tagging.vocabulary import vocabulary_of


def test_old_keywords_do_what_the_new_objects_do(trailer: tuple[Path, Path]) -> None:
    film, subtitles = trailer
    with pytest.warns(DeprecationWarning, match="AnalysisOptions"):
        old = subemo.annotate(film, subtitles, adaptation="none", language="de", threads=1)
    new = subemo.annotate(
        film,
        subtitles,
        options=subemo.AnalysisOptions(adaptation=subemo.Adaptation.NONE, threads=1),
        wording=subemo.Wording(language="de"),
    )
    assert old == new
    assert (new.adaptation, new.language) == ("none", "de")


def test_an_encoding_and_a_track_are_for_what_is_opened(trailer: tuple[Path, Path]) -> None:
    film, subtitles = trailer
    with pytest.warns(DeprecationWarning, match="open_film"):
        old = subemo.annotate(film, subtitles, audio_stream=0, encoding="utf-8")
    new = subemo.annotate(
        subemo.open_film(film, audio_stream=0),
        subemo.read_subtitles(subtitles, encoding="utf-8"),
    )
    assert old == new


def test_a_keyword_that_there_never_was(trailer: tuple[Path, Path]) -> None:
    with pytest.raises(TypeError, match="unexpected keyword argument 'colour'"):
        subemo.annotate(*trailer, colour=True)


def test_the_steps_are_the_whole(trailer: tuple[Path, Path], tmp_path: Path) -> None:
    film, track = subemo.open_film(trailer[0]), subemo.read_subtitles(trailer[1])
    found = subemo.analyse(film, track, model=subemo.load_model())
    policy = subemo.TagPolicy(policy=subemo.PolicyKind.EVERY)
    steps = subemo.tag(track, found, policy=policy)
    assert steps == subemo.annotate(*trailer, policy=policy)
    subemo.write(steps, tmp_path / "a.srt")
    assert (tmp_path / "a.srt").read_bytes() == steps.proven().data


def test_what_a_cue_was_found_to_hold_has_its_old_names(trailer: tuple[Path, Path]) -> None:
    annotation = subemo.annotate(*trailer, wording=subemo.Wording(words=vocabulary_of("de")))
    cue = annotation.cues[1]
    assert cue.voice_prediction is not None
    assert cue.text_prediction is not None
    with pytest.warns(DeprecationWarning, match="use voice_prediction") as told:
        assert cue.voice is cue.voice_prediction
    assert told[0].filename == __file__
    with pytest.warns(DeprecationWarning, match="use text_prediction"):
        assert cue.words is cue.text_prediction
    with pytest.warns(DeprecationWarning, match="use vocabulary"):
        assert annotation.words is annotation.vocabulary is vocabulary_of("de")


@pytest.mark.parametrize(
    ("old", "new"),
    [("Words", "Vocabulary"), ("read_words", "read_vocabulary"), ("words_of", "vocabulary_of")],
)
def test_vocabularies_have_their_old_names(old: str, new: str) -> None:
    with pytest.warns(DeprecationWarning, match=f"{old} is deprecated: use {new}"):
        assert getattr(vocabulary, old) is getattr(vocabulary, new)
    with pytest.raises(AttributeError, match="no attribute 'Word'"):
        _ = vocabulary.Word  # type: ignore[attr-defined]
