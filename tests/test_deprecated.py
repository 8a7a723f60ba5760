from __future__ import annotations

from pathlib import Path

import pytest

import subemo


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
