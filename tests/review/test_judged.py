"""What is written where a person judged: the rules run again, and what a person wants is shown."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from subemo.analysis.features import weights_for
from subemo.annotation import tag
from subemo.api import load_model
from subemo.captions import untag
from subemo.captions.writing import write_captions
from subemo.core.emotions import EMOTIONS, Emotion
from subemo.core.sounds import SOUNDS, VocalProbabilities
from subemo.review.judged import AnalysedFilm
from subemo.review.judgements import Judgement, Shown
from subemo.review.views import check_priority
from subemo.tagging.decisions import Reason
from subemo.tagging.policy import PolicyKind, SoundsShown, TagPolicy

from .sitting import Line, heard_film

LINES = [
    Line("What brings you here?"),
    Line("I am looking for her.", Emotion.SAD, 0.5),
    Line("She is gone.", Emotion.SAD, 0.95),
    Line("You never told me.", Emotion.ANGRY, 0.95),
    Line("Nobody asked."),
    Line("- Yes.\n- No.", Emotion.ANGRY, 0.95),
]


@pytest.fixture
def film(trailer: tuple[Path, Path], tmp_path: Path) -> AnalysedFilm:
    return heard_film(tmp_path, trailer[0], LINES)


def tags(film: AnalysedFilm, judgements: dict[int, Judgement]) -> list[str]:
    return [cue.tag_text or "" for cue in film.annotation(judgements).cues]


def test_without_judgements_it_is_as_computed(film: AnalysedFilm) -> None:
    assert tags(film, {}) == ["", "", "[sadly]", "[angrily]", "", ""]


def test_what_is_heard_goes_through_the_rules(film: AnalysedFilm) -> None:
    found = film.annotation({1: Judgement(Emotion.SAD)})
    assert [cue.tag_text for cue in found.cues[:3]] == [None, "[sadly]", None]
    assert found.cues[2].decision.reason is Reason.SAME
    assert found.cues[1].prediction is not None and found.cues[1].prediction.confidence == 1


def test_never_three_in_a_row(film: AnalysedFilm) -> None:
    fear = Judgement(Emotion.FEAR)
    assert tags(film, {0: fear, 1: fear, 2: fear})[:3] == ["[fearfully]", "", ""]


def test_heard_neutral_shows_nothing(film: AnalysedFilm) -> None:
    assert tags(film, {2: Judgement(Emotion.NEUTRAL)})[2] == ""


def test_cleared_is_cleared(film: AnalysedFilm) -> None:
    found = film.annotation({2: Judgement(shown=Shown.NOTHING)})
    assert found.cues[2].tag_text is None
    assert found.cues[2].decision.reason is Reason.CLEARED
    every = TagPolicy(policy=PolicyKind.EVERY)
    loud = heard_film(film.found.film.path.parent, film.found.film.path, LINES, policy=every)
    assert tags(loud, {2: Judgement(shown=Shown.NOTHING)})[2] == ""


def test_shown_here_whatever_the_rules_say(film: AnalysedFilm) -> None:
    assert tags(film, {5: Judgement(Emotion.ANGRY)})[5] == ""
    shown = {5: Judgement(Emotion.ANGRY, Shown.TAG)}
    assert tags(film, shown)[5] == "[angrily]"
    both = {1: Judgement(Emotion.SAD, Shown.TAG), 2: Judgement(Emotion.SAD, Shown.TAG)}
    assert tags(film, both)[1:3] == ["[sadly]", "[sadly]"]


def test_a_tag_of_ones_own_is_written_and_taken_out_again(
    film: AnalysedFilm, tmp_path: Path
) -> None:
    judgements = {
        0: Judgement(shown=Shown.OWN, own="[whispers]"),
        3: Judgement(Emotion.ANGRY, Shown.OWN, "(hisses)"),
    }
    found = film.annotation(judgements)
    assert [found.cues[0].tag_text, found.cues[3].tag_text] == ["[whispers]", "(hisses)"]
    for form in ("srt", "vtt", "ass"):
        path = tmp_path / f"film.emo.{form}"
        captions = found.proven(form)
        assert b"[whispers] What brings" in captions.data or b"[whispers]" in captions.data
        write_captions(captions, path)
        bare = untag(path, path.read_bytes(), words=found.vocabulary)
        assert b"[whispers]" not in bare.data and b"(hisses)" not in bare.data
    assert untag(path.with_suffix(".srt"), path.with_suffix(".srt").read_bytes(),
                 words=found.vocabulary).data == (tmp_path / "film.srt").read_bytes()  # fmt: skip


def test_changed_text_and_times_are_written_and_told(film: AnalysedFilm) -> None:
    found = film.annotation({2: Judgement(text="She has gone.", start_ms=20_040)})
    data = found.proven("vtt").data.decode()
    assert "[sadly] She has gone." in data or "She has gone." in data
    assert "00:00:20.040" in data and "a person changed 1 text and 1 time" in data
    assert "a person changed" not in film.annotation({}).proven("vtt").data.decode()


def test_the_film_learns(trailer: tuple[Path, Path], tmp_path: Path) -> None:
    """What sounds sad to the model is fear in this film, twice out of two: so it is, rather, a third time."""
    kinds = [Emotion.SAD, Emotion.NEUTRAL] * 4
    film = heard_film(
        tmp_path, trailer[0], [Line(f"Line {i}.", e, 0.6) for i, e in enumerate(kinds)]
    )
    fear = EMOTIONS.index(Emotion.FEAR)

    def fear_in(cue: int, judgements: dict[int, Judgement]) -> float:
        found = film.annotation(judgements).cues[cue].prediction
        assert found is not None
        return found.probabilities[fear]

    judged = {0: Judgement(Emotion.FEAR), 2: Judgement(Emotion.FEAR)}
    sad, neutral = (fear_in(cue, judged) / fear_in(cue, {}) for cue in (6, 7))
    assert sad > 1.2 and sad > neutral


def test_priority(film: AnalysedFilm) -> None:
    cues = film.annotation({}).cues
    priority = [check_priority(cue) for cue in cues]
    assert priority[1] == max(priority), "the most doubtful one that could show a tag"
    assert priority[5] == 0, "two speakers: nothing would change"
    assert priority[2] > priority[0], "a tag that is shown, and as sure as one that is not"


def test_the_studio_publishes_the_sounds_that_annotate_writes(
    tmp_path: Path, trailer: tuple[Path, Path]
) -> None:
    """With nothing judged the captions are the same; a mood that shows no tag leaves the sound."""
    lines = [Line("Well."), Line("I see."), Line("No.")]
    heard = heard_film(tmp_path, trailer[0], lines, policy=TagPolicy(sounds=SoundsShown.VOICE))
    weights = weights_for(load_model("subemo-crnn"))
    laughs = VocalProbabilities((0.99, *[0.0] * (len(SOUNDS) - 1)), (0.0, 0.0))
    first, *rest = heard.found.predictions
    found = replace(heard.found, predictions=(replace(first, vocal=laughs), *rest), sounds=weights)
    heard = replace(heard, found=found)
    published = heard.annotation({})
    assert published.cues[0].tag_text == "[laughs]"
    by_annotate = tag(heard.track, found, policy=heard.policy, wording=heard.wording)
    assert published.proven().data == by_annotate.proven().data
    calm = heard.annotation({0: Judgement(heard=Emotion.CALM)})
    assert calm.cues[0].tag_text == "[laughs]"
    cleared = heard.annotation({0: Judgement(shown=Shown.NOTHING)})
    assert cleared.cues[0].tag_text is None
