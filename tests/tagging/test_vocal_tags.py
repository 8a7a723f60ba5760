from __future__ import annotations

from dataclasses import replace

import pytest

from subemo.core.emotions import Emotion
from subemo.core.sounds import EFFORTS, SOUNDS, VOCALS, Effort, Sound, Vocal, VocalProbabilities
from subemo.subtitles.markup import StyledText, parse_srt
from subemo.tagging.decisions import CueEvidence, Decision, FilmDecision, Reason
from subemo.tagging.policy import SoundsShown, TagPolicy
from subemo.tagging.presets import PRESETS, TagForm, is_ours
from subemo.tagging.sounds import shown_thresholds, with_vocal_tags
from subemo.tagging.vocabulary import languages

from ..conftest import vocabulary_in

THRESHOLDS: dict[Vocal, float] = dict.fromkeys(VOCALS, 0.6)
UNMARKED = Decision(None, Reason.UNMARKED, "neutral 0.80")


def heard(**probabilities: float) -> VocalProbabilities:
    return VocalProbabilities(
        tuple(probabilities.get(sound.value, 0.0) for sound in SOUNDS),
        tuple(probabilities.get(effort.value, 0.0) for effort in EFFORTS),
    )


def cue(start_ms: int = 0, text: str = "Well.") -> CueEvidence:
    return CueEvidence(start_ms, start_ms + 3000, parse_srt(text))


def shown(
    cues: list[CueEvidence],
    sounds: list[VocalProbabilities | None],
    decisions: list[Decision] | None = None,
    policy: TagPolicy | None = None,
) -> list[Decision]:
    given = FilmDecision(tuple(decisions or [UNMARKED] * len(cues)), TagForm.MANNER)
    policy = policy or TagPolicy(min_confidence=0.5)
    return with_vocal_tags(given, cues, sounds, THRESHOLDS, policy, vocabulary_in("en"))


def test_a_cue_without_a_mood_shows_its_likeliest_sound() -> None:
    (decision,) = shown([cue()], [heard(laugh=0.7, sob=0.9, shout=0.8)])
    assert (decision.tag, decision.text, decision.detail) == (Sound.SOB, "[sobs]", "sob 0.90")
    assert decision.reason is Reason.TAGGED
    assert shown([cue()], [heard(laugh=0.59)]) == [UNMARKED]
    assert shown([cue()], [None]) == [UNMARKED]


def test_whispers_and_shouts_are_shown_too() -> None:
    found = shown([cue(0), cue(20_000)], [heard(whisper=0.9), heard(shout=0.9)])
    assert [one.text for one in found] == ["[whispers]", "[shouts]"]
    assert found[0].tag is Effort.WHISPER


def test_a_mood_keeps_its_tag() -> None:
    mood = Decision(Emotion.HAPPY, Reason.TAGGED, "happy 0.90", "[happily]")
    assert shown([cue()], [heard(laugh=0.99)], [mood]) == [mood]


@pytest.mark.parametrize(
    "text",
    ["[chuckles] Well.", "(sighs) Well.", "♪ La la la ♪", "- Well.\n- No!", "ANN: Well.\nBEN: No!"],
)
def test_an_authors_tag_song_and_two_speakers_show_none(text: str) -> None:
    assert shown([cue(text=text)], [heard(laugh=0.99)]) == [UNMARKED]


def test_a_cue_without_words_shows_none() -> None:
    bare = replace(cue(), styled_text=StyledText(()), has_text=False)
    assert shown([bare], [heard(laugh=0.99)]) == [UNMARKED]


def test_a_long_laugh_is_one_laugh() -> None:
    cues = [cue(0), cue(4_000), cue(8_000), cue(12_000), cue(40_000)]
    found = shown(cues, [heard(laugh=0.9)] * 5)
    assert [one.tag is not None for one in found] == [True, False, False, False, True]
    others = shown(cues[:2], [heard(laugh=0.9), heard(cough=0.9)])
    assert [one.tag for one in others] == [Sound.LAUGH, Sound.COUGH]


def test_cues_are_taken_by_time() -> None:
    found = shown([cue(4_000), cue(0)], [heard(laugh=0.9)] * 2)
    assert [one.tag for one in found] == [None, Sound.LAUGH]


def test_a_sound_is_not_shown_where_it_cannot_be_read() -> None:
    fast = replace(cue(text="Oh, no, not at all, my dear, he never said so to us."), end_ms=2400)
    assert shown([fast], [heard(laugh=0.99)]) == [UNMARKED]


@pytest.mark.parametrize("preset", list(PRESETS))
def test_every_house_style_and_language_has_a_word_that_strip_knows(preset: str) -> None:
    for language in languages():
        words = vocabulary_in(language)
        tags = [PRESETS[preset].tag(vocal, words) for vocal in VOCALS]
        assert len(set(tags)) == len(tags)
        assert all(map(is_ours, tags))
        assert all(tag == tag.strip() and tag.isprintable() for tag in tags)


def test_what_a_policy_shows() -> None:
    reached: dict[Vocal, bool] = {Sound.LAUGH: True, Effort.SHOUT: True, Sound.SIGH: False}
    assert shown_thresholds(THRESHOLDS, reached, SoundsShown.NONE) == {}
    some = shown_thresholds(THRESHOLDS, reached, SoundsShown.VOICE)
    assert set(some) == {Sound.LAUGH, Effort.SHOUT}
    assert shown_thresholds(THRESHOLDS, reached, SoundsShown.ALL) == THRESHOLDS


def test_strong_shows_sounds_and_shouts_where_the_words_tell_the_mood() -> None:
    """What the words tell shows no tag, and leaves its place to what a viewer cannot read."""
    policy = TagPolicy(policy="strong", min_confidence=0.5)  # type: ignore[arg-type]
    told = Decision(None, Reason.TOLD, "happy 0.90")
    unsaid = Decision(Emotion.SAD, Reason.TAGGED, "sad 0.90", "[sadly]")
    found = shown(
        [cue(0), cue(20_000), cue(40_000)],
        [heard(laugh=0.9), heard(shout=0.9), heard(sob=0.9)],
        [told, UNMARKED, unsaid],
        policy,
    )
    assert [one.text for one in found] == ["[laughs]", "[shouts]", "[sadly]"]
