from __future__ import annotations

import itertools
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subemo.core.emotions import EMOTIONS, UNMARKED, Emotion, Prediction
from subemo.core.errors import SettingsError
from subemo.subtitles.document import Cue
from subemo.subtitles.markup import StyledText
from subemo.tagging.annotation import AnnotatedCue
from subemo.tagging.decisions import CueEvidence, Decision, Reason, decide_film
from subemo.tagging.layout import Remedy
from subemo.tagging.limits import needed_ms
from subemo.tagging.policy import Audience, LastForm, PolicyKind, TagPolicy

from ..conftest import vocabulary_in

ENGLISH = vocabulary_in("en")
SPARSE = TagPolicy(min_confidence=0.6)


def sure(emotion: Emotion, confidence: float = 0.9) -> Prediction:
    rest = (1 - confidence) / 7
    return Prediction(tuple(confidence if e is emotion else rest for e in EMOTIONS))


def cue(
    start_s: float,
    emotion: Emotion | None = Emotion.ANGRY,
    confidence: float = 0.9,
    *,
    text: str = "Get out!",
    seconds: float = 2,
) -> CueEvidence:
    start_ms = round(start_s * 1000)
    return CueEvidence(
        start_ms,
        start_ms + round(seconds * 1000),
        StyledText.of(text),
        prediction=None if emotion is None else sure(emotion, confidence),
        why_not=Decision(None, Reason.TOO_SHORT) if emotion is None else None,
    )


def saying(words: Emotion, **cue_fields: Any) -> CueEvidence:
    """A cue whose words speak for an emotion by themselves."""
    return replace(cue(0, **cue_fields), text_prediction=sure(words, 0.6))


def reasons(cues: list[CueEvidence], policy: TagPolicy = SPARSE) -> list[Reason]:
    return [decision.reason for decision in decide_film(cues, policy, ENGLISH).cues]


predictions = st.lists(st.floats(0.001, 1), min_size=8, max_size=8).map(
    lambda weights: Prediction(tuple(weight / sum(weights) for weight in weights))
)
texts = st.sampled_from(
    ["Get out!", "- Who?\n- Me.", "[sobbing] No.", "♪ La la ♪", "JOHN: Hello.", "- Hello.", "Yes."]
)
films = st.lists(
    st.builds(
        lambda start, length, text, prediction: CueEvidence(
            start, start + length, StyledText.of(text), prediction=prediction
        ),
        st.integers(0, 200_000),
        st.integers(300, 6_000),
        texts,
        st.one_of(predictions, st.sampled_from(EMOTIONS).map(sure)),
    ),
    max_size=30,
)


texts_of_one_speaker = ["Get out!", "JOHN: Hello.", "- Hello.", "Yes.", "So quickly, so long!"]
MOODS = [Emotion.ANGRY, Emotion.SAD, Emotion.FEAR, Emotion.HAPPY]


def assert_caps_hold(
    cues: list[CueEvidence], shown: list[tuple[int, Emotion]], policy: TagPolicy
) -> None:
    """No tag flickers: counted here anew, at every tag."""
    shown = sorted(shown)
    for (earlier_ms, earlier), (later_ms, later) in itertools.combinations(shown, 2):
        assert later_ms - earlier_ms >= policy.ms_per_tag
        assert earlier is not later or later_ms - earlier_ms >= policy.same_tag_ms
    for start_ms, _ in shown:
        minute = [ms for ms, _ in shown if start_ms <= ms < start_ms + 60_000]
        assert len(minute) <= policy.tags_per_minute
        end_ms = start_ms + policy.window_ms
        tags = [ms for ms, _ in shown if start_ms <= ms < end_ms]
        around = [one for one in cues if start_ms <= one.start_ms < end_ms]
        assert len(tags) <= max(1, len(around) // policy.cues_per_tag)


class TestSparse:
    @given(films, st.floats(0, 1), st.sampled_from([PolicyKind.SPARSE, PolicyKind.STRONG]))
    def test_what_holds_of_every_tag(
        self, cues: list[CueEvidence], least: float, kind: PolicyKind
    ) -> None:
        policy = TagPolicy(policy=kind, min_confidence=least)
        decisions = decide_film(cues, policy, ENGLISH).cues
        assert len(decisions) == len(cues)
        shown: list[tuple[int, Emotion]] = []
        for one, decision in zip(cues, decisions, strict=True):
            assert (decision.tag is not None) == (decision.reason is Reason.TAGGED)
            if decision.tag is None:
                assert not decision.text
                continue
            assert one.prediction is not None
            assert decision.tag is one.prediction.emotion
            assert decision.tag not in UNMARKED
            # Where a run's first cue has no room, its tag goes to a later cue.
            assert any(
                other.prediction.confidence >= min(least, policy.start_confidence)
                for other in cues
                if other.prediction is not None
                and other.prediction.emotion is decision.tag
                and one.start_ms - policy.late_ms <= other.start_ms <= one.start_ms
            )
            assert one.styled_text.plain in ("Get out!", "JOHN: Hello.", "- Hello.", "Yes.")
            lines = [f"{decision.text} {one.styled_text.plain}"]
            assert needed_ms(lines, policy.limits("en")) <= one.end_ms - one.start_ms + 50
            shown.append((one.start_ms, decision.tag))
        assert_caps_hold(cues, shown, policy)

    @given(films, st.floats(0.3, 0.9))
    def test_the_same_again_says_the_same(self, cues: list[CueEvidence], least: float) -> None:
        policy = TagPolicy(min_confidence=least)
        assert decide_film(cues, policy, ENGLISH).cues == decide_film(cues, policy, ENGLISH).cues

    @given(films, st.floats(0.3, 0.9))
    def test_a_film_of_its_tagged_cues_alone_loses_none_to_flicker(
        self, cues: list[CueEvidence], least: float
    ) -> None:
        # With a cap on cues fewer cues bear fewer tags, so that is lifted.
        policy = TagPolicy(min_confidence=least, cues_per_tag=1, veto_ms=0, late_cues=0)
        decisions = decide_film(cues, policy, ENGLISH).cues
        kept = [one for one, decision in zip(cues, decisions, strict=True) if decision.tag]
        again = decide_film(kept, policy, ENGLISH).cues
        assert all(d.reason in (Reason.TAGGED, Reason.SAME, Reason.NO_ROOM) for d in again)

    @given(
        st.lists(
            st.tuples(st.integers(300, 3_000), st.sampled_from(["No!", "Not so fast, please!"])),
            min_size=1, max_size=6,
        ),
        st.integers(0, 4_000),
        st.integers(0, 3),
    )  # fmt: skip
    def test_no_tag_is_late(
        self, said: list[tuple[int, str]], late_ms: int, late_cues: int
    ) -> None:
        run, start_ms = [], 0
        for length_ms, text in said:
            run.append(cue(start_ms / 1000, text=text, seconds=length_ms / 1000))
            start_ms += length_ms + 100
        # Of several wordings the film's may fit where a cue alone would have another.
        in_one_wording = replace(SPARSE, preset="emoji")
        policy = replace(in_one_wording, late_ms=late_ms, late_cues=late_cues)
        shown = [d.tag is not None for d in decide_film(run, policy, ENGLISH).cues]
        may = [i <= late_cues and one.start_ms <= late_ms for i, one in enumerate(run)]
        alone = [decide_film([one], in_one_wording, ENGLISH).cues[0].tag is not None for one in run]
        wanted = [ok and has_room for ok, has_room in zip(may, alone, strict=True)]
        # On the first that may have it and has room, and nowhere else.
        assert shown == [ok and not any(wanted[:i]) for i, ok in enumerate(wanted)]

    def test_the_next_cue_comes_before_a_shorter_word(self) -> None:
        run = [cue(0, text="No!", seconds=0.5), cue(0.6, text="No!", seconds=0.6)]
        assert decide_film(run[:1], SPARSE, ENGLISH).cues[0].text == "[anger]"
        assert [one.text for one in decide_film(run, SPARSE, ENGLISH).cues] == ["", "[angrily]"]

    @given(st.floats(0.3, 0.98), st.floats(0, 0.6), st.sampled_from(texts_of_one_speaker))
    def test_a_surer_cue_alone_never_loses_its_tag(
        self, confidence: float, more: float, text: str
    ) -> None:
        surer = min(0.99, confidence + more)
        shows = [
            reasons([cue(0, Emotion.FEAR, sure_of, text=text)])[0] is Reason.TAGGED
            for sure_of in (confidence, surer)
        ]
        assert shows[0] <= shows[1]

    @given(films, st.randoms(use_true_random=False))
    def test_order_in_the_file_does_not_matter(
        self, cues: list[CueEvidence], random: Random
    ) -> None:
        cues = [
            replace(c, start_ms=c.start_ms + i, end_ms=c.end_ms + i) for i, c in enumerate(cues)
        ]
        starts = [c.start_ms for c in cues]
        if len(set(starts)) < len(starts):
            return
        order = list(range(len(cues)))
        random.shuffle(order)
        straight = decide_film(cues, SPARSE, ENGLISH).cues
        shuffled = decide_film([cues[i] for i in order], SPARSE, ENGLISH).cues
        assert list(shuffled) == [straight[i] for i in order]

    def test_the_first_of_a_run_alone(self) -> None:
        cues = [cue(0), cue(3), cue(6), cue(9)]
        assert reasons(cues) == [Reason.TAGGED, Reason.SAME, Reason.SAME, Reason.SAME]

    def test_again_after_a_pause(self) -> None:
        cues = [cue(0), *[cue(s, None) for s in (3, 4, 5, 6)], cue(12.5)]
        assert reasons(cues)[-1] is Reason.SAME  # less than 15 s after the first
        cues = [cue(0), *[cue(s, None) for s in (3, 4, 5, 6)], cue(15)]
        assert reasons(cues)[-1] is Reason.TAGGED

    def test_not_again_after_a_short_pause(self) -> None:
        cues = [cue(0), cue(9), cue(19), cue(29)]
        assert reasons(cues) == [Reason.TAGGED, Reason.SAME, Reason.SAME, Reason.SAME]

    @pytest.mark.parametrize("text", ["- Get out!", "MARY: Get out!"])
    def test_again_where_the_speaker_changes(self, text: str) -> None:
        cues = [cue(s) for s in (0, 3, 6, 9, 12)] + [cue(16, text=text)]
        assert reasons(cues)[-1] is Reason.TAGGED

    def test_again_where_the_voice_tag_changes(self) -> None:
        cues = [cue(s) for s in (0, 3, 6, 9, 12)] + [replace(cue(16), speaker="Mary")]
        assert reasons(cues)[-1] is Reason.TAGGED

    def test_the_same_speaker_again(self) -> None:
        cues = [cue(s, text="MARY: Out!") for s in (0, 4, 8, 12, 16)]
        assert reasons(cues) == [Reason.TAGGED, *[Reason.SAME] * 4]

    def test_neutral_ends_a_run(self) -> None:
        cues = [*map(cue, (0, 3, 6, 9)), cue(12, Emotion.NEUTRAL), cue(16)]
        assert reasons(cues) == [
            Reason.TAGGED, *[Reason.SAME] * 3, Reason.UNMARKED, Reason.TAGGED,
        ]  # fmt: skip

    def test_unsure_does_not(self) -> None:
        cues = [cue(0), cue(4), cue(8), cue(12, Emotion.SAD, 0.3), cue(16)]
        assert reasons(cues)[-1] is Reason.SAME

    def test_the_most_confident_of_a_crowd(self) -> None:
        crowd = [(Emotion.ANGRY, 0.7), (Emotion.SAD, 0.9), (Emotion.FEAR, 0.8)]
        cues = [cue(3 * i, *one) for i, one in enumerate(crowd)]
        assert reasons(cues) == [Reason.DENSE, Reason.TAGGED, Reason.DENSE]

    def test_each_change_of_mood_has_its_tag(self) -> None:
        moods = [Emotion.ANGRY, None, None, Emotion.SAD, Emotion.SAD, None, None, Emotion.FEAR]
        cues = [cue(3 * i, mood) for i, mood in enumerate([*moods, None])]
        assert [i for i, r in enumerate(reasons(cues)) if r is Reason.TAGGED] == [0, 3, 7]

    def test_two_changes_within_three_seconds_are_flicker(self) -> None:
        cues = [cue(0, seconds=1.9), *[cue(s, None) for s in (20, 22, 24, 26)]]
        near, far = cue(2.9, Emotion.SAD, 0.8), cue(3.0, Emotion.SAD, 0.8)
        assert reasons([*cues, near])[-1] is Reason.DENSE
        assert reasons([*cues, far])[-1] is Reason.TAGGED

    def test_at_most_five_tags_in_a_minute(self) -> None:
        moods = [Emotion.ANGRY, Emotion.SAD, Emotion.FEAR, Emotion.HAPPY, Emotion.SURPRISE,
                 Emotion.DISGUST]  # fmt: skip
        cues = [cue(8 * i, mood) for i, mood in enumerate(moods)]
        cues += [cue(60 + i, None) for i in range(20)]
        assert reasons(cues).count(Reason.TAGGED) == 5
        assert reasons(cues).count(Reason.DENSE) == 1

    def test_a_weaker_tag_does_not_stand_for_a_surer_mood_without_room(self) -> None:
        fear = cue(0, Emotion.FEAR, 0.93, text="No, no, no, no!", seconds=0.5)
        others = [cue(s, None) for s in (10, 12, 14, 16)]
        weaker, surer = cue(5, Emotion.SAD, 0.8), cue(5, Emotion.SAD, 0.95)
        assert reasons([fear, weaker, *others])[:2] == [Reason.NO_ROOM, Reason.VETOED]
        assert reasons([fear, surer, *others])[:2] == [Reason.NO_ROOM, Reason.TAGGED]
        agreeing = cue(5, Emotion.FEAR, 0.8)
        assert reasons([replace(fear, end_ms=400), cue(2.5, None), agreeing, *others])[2] is (
            Reason.TAGGED
        )

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("- Who?\n- Me.", Reason.TWO_SPEAKERS),
            ("Who?\n- Me.", Reason.TWO_SPEAKERS),
            ("JOHN: Who?\nMARY: Me.", Reason.TWO_SPEAKERS),
            ("[laughs] No.", Reason.HAS_TAG),
            ("No. (angrily)", Reason.HAS_TAG),
            ("（泣き声）いいえ", Reason.HAS_TAG),
            ("♪ Oh, baby ♪", Reason.SONG),
            ("# Oh, baby #", Reason.SONG),
            ("[JOHN]: No.", Reason.TAGGED),
            ("It was 5:30 - no, 6.", Reason.TAGGED),
            ("[1998]", Reason.TAGGED),
            ("-", Reason.TAGGED),
        ],
    )
    def test_what_the_words_tell(self, text: str, reason: Reason) -> None:
        assert reasons([cue(0, text=text, seconds=4)]) == [reason]

    def test_the_first_of_two_speakers_where_the_sound_is_known_to_be_theirs(self) -> None:
        heard = replace(cue(0, text="- Who?\n- Me.", seconds=4), is_of_first=True)
        decision = decide_film([heard], SPARSE, ENGLISH).cues[0]
        assert (decision.tag, decision.is_above) == (Emotion.ANGRY, False)

    def test_details_give_the_numbers(self) -> None:
        assert (
            decide_film([cue(0, Emotion.SAD, 0.5)], SPARSE, ENGLISH).cues[0].detail
            == "sad 0.50, below 0.6"
        )

    def test_calm_is_not_shown_however_sure(self) -> None:
        assert reasons([cue(0, Emotion.CALM, 0.99)]) == [Reason.UNMARKED]

    def test_confidence_on_the_threshold_is_shown(self) -> None:
        assert reasons([cue(0, confidence=0.6)]) == [Reason.TAGGED]

    def test_no_words(self) -> None:
        silent = replace(cue(0, text=""), has_text=False)
        assert reasons([silent]) == [Reason.NO_TEXT]


class TestRoom:
    """Reading limits: 20 characters a second, 42 a line, two lines."""

    def decision(self, text: str, seconds: float, **policy: Any) -> Decision:
        heard = cue(0, text=text, seconds=seconds)
        follower = cue(seconds + 0.4, None)
        return decide_film([heard, follower], replace(SPARSE, **policy), ENGLISH).cues[0]

    def test_in_front(self) -> None:
        decision = self.decision("Get out!", 2)
        assert (decision.text, decision.is_above, decision.remedy) == ("[angrily]", False, "")

    def test_the_free_line(self) -> None:
        decision = self.decision("a" * 40, 4)
        assert (decision.is_above, decision.remedy) == (True, Remedy.FREE_LINE)

    def test_a_shorter_tag(self) -> None:
        decision = self.decision("a" * 34 + "\nb", 4)
        assert (decision.text, decision.remedy) == ("[anger]", Remedy.NONE)

    def test_no_room(self) -> None:
        decision = self.decision("a" * 40 + "\nb", 4)
        assert decision.reason is Reason.NO_ROOM
        assert "42 a line" in decision.detail

    def test_too_fast(self) -> None:
        assert self.decision("Get out of here!", 1).reason is Reason.NO_ROOM

    def test_too_fast_for_children(self) -> None:
        assert self.decision("a" * 21 + " b", 1.7).reason is Reason.TAGGED
        assert self.decision("a" * 21 + " b", 1.7, audience="children").reason is Reason.NO_ROOM

    def test_times_are_sacred(self) -> None:
        assert self.decision("Get out of here!", 1.2).end_ms is None

    def test_a_longer_stay_on_request(self) -> None:
        decision = self.decision("Get out of here!", 1.2, extend=True)
        assert decision.remedy is Remedy.EXTENDED
        assert decision.end_ms == 1_300  # 26 characters at 20 a second
        assert decision.text == "[angrily]"

    def test_two_frames_are_left(self) -> None:
        decision = self.decision("Get out of here! Now!", 1.2, extend=True)
        assert (decision.end_ms, decision.is_above) == (1_500, True)  # in front: 1,550 of 1,516
        heard, follower = cue(0, text="Get out of here! Now!", seconds=1.2), cue(1.5, None)
        policy = replace(SPARSE, extend=True)
        found = decide_film([heard, follower], policy, ENGLISH).cues[0]
        assert (found.text, found.end_ms) == ("[anger]", 1_400)  # until 1,416
        follower = cue(1.45, None)
        assert decide_film([heard, follower], policy, ENGLISH).cues[0].reason is Reason.NO_ROOM

    def test_one_wording_for_the_whole_film(self) -> None:
        roomy = [cue(20 * i, emotion, text="Well.") for i, emotion in enumerate(MOODS)]
        tight = cue(100, Emotion.ANGRY, text="a" * 34 + "\nb", seconds=4)
        others = [cue(20 * i + s, None) for i in range(6) for s in (3, 6, 9)]
        shown = [
            d.text for d in decide_film([*roomy, tight, *others], SPARSE, ENGLISH).cues if d.tag
        ]
        assert shown == ["[anger]", "[sadness]", "[fear]", "[joy]", "[anger]"]
        lenient = replace(SPARSE, form_share=0.8)
        found = decide_film([*roomy, tight, *others], lenient, ENGLISH).cues
        assert [d.text for d in found if d.tag] == [
            "[angrily]", "[sadly]", "[fearfully]", "[happily]", "[angry]",
        ]  # fmt: skip
        assert found[4].remedy is Remedy.SHORTER

    def test_a_tag_moves_to_the_next_cue_of_its_run(self) -> None:
        first = cue(0, text="Get out of here now!", seconds=0.9)
        found = decide_film([first, cue(1.5), cue(9, None)], SPARSE, ENGLISH).cues
        assert [d.reason for d in found[:2]] == [Reason.NO_ROOM, Reason.TAGGED]
        late = decide_film([first, cue(2.1), cue(9, None)], SPARSE, ENGLISH).cues
        assert [d.reason for d in late[:2]] == [Reason.NO_ROOM, Reason.NO_ROOM]

    def test_a_text_too_fast_by_itself_takes_a_tag_that_adds_little(self) -> None:
        text = "a" * 40 + "\n" + "b" * 33
        fast = self.decision(text, 3)  # 24 characters a second; [angry] and a blank are 8 of 73
        assert fast.reason is Reason.NO_ROOM
        little = self.decision("b" * 33 + "\n" + "a" * 47, 3)
        assert (little.text, little.remedy) == ("[anger]", Remedy.LITTLE_ADDED)
        assert self.decision("b" * 33 + "\n" + "a" * 47, 3, most_added=0.09).tag is None

    def test_an_emoji_where_no_word_has_room(self) -> None:
        text = "a" * 40
        assert self.decision(text, 1.5).reason is Reason.NO_ROOM
        found = self.decision(text, 1.5, last_form="emoji")
        assert (found.text, found.remedy) == ("😠", Remedy.LITTLE_ADDED)
        assert self.decision(text, 1.5, last_form=LastForm.NONE).tag is None

    def test_dcmp_stands_above(self) -> None:
        decision = self.decision("Well, whatever!", 3, preset="dcmp")
        assert (decision.is_above, decision.remedy) == (True, Remedy.NONE)
        decision = self.decision("Well,\nwhatever!", 3, preset="dcmp")
        assert (decision.is_above, decision.remedy) == (False, Remedy.SAME_LINE)


class TestOtherPolicies:
    def test_every(self) -> None:
        texts = ["Hi.", "- Who?\n- Me.", "♪ La ♪", "[sobs] No.", "a" * 60, ""]
        cues = [cue(i, Emotion.NEUTRAL, 0.2, text=text) for i, text in enumerate(texts)]
        assert set(reasons(cues, TagPolicy(policy=PolicyKind.EVERY))) == {Reason.TAGGED}

    def test_strong(self) -> None:
        policy = TagPolicy(policy=PolicyKind.STRONG, min_confidence=0.6)
        fear = {"emotion": Emotion.FEAR, "confidence": 0.85}
        assert reasons([saying(Emotion.FEAR, **fear)], policy) == [Reason.TOLD]
        assert reasons([saying(Emotion.NEUTRAL, **fear)], policy) == [Reason.TAGGED]
        assert reasons([saying(Emotion.HAPPY, **fear)], policy) == [Reason.TAGGED]
        assert reasons([cue(0, Emotion.FEAR, 0.85)], policy) == [Reason.TAGGED]
        assert reasons([cue(0, Emotion.FEAR, 0.7)], policy) == [Reason.UNSURE]

    @pytest.mark.parametrize(
        "wrong",
        [
            {"policy": "loud"},
            {"policy": None},
            {"audience": "dogs"},
            {"audience": ["adults"]},
            {"min_confidence": 1.1},
            {"cues_per_tag": 0},
            {"tags_per_minute": 0},
            {"most_added": 1.1},
            {"last_form": "long"},
            {"max_lines": 1.5},
            {"preset": "cnn"},
            {"extend_ms": 501},
            {"repeat_after_ms": True},
            {"extend": 1},
        ],
    )
    def test_values_that_cannot_be(self, wrong: dict[str, Any]) -> None:
        with pytest.raises(SettingsError, match=next(iter(wrong))):
            TagPolicy(**wrong)

    def test_a_name_is_made_the_enumeration_that_it_is_of(self) -> None:
        policy = TagPolicy(policy="strong", audience="children")  # type: ignore[arg-type]
        assert policy.policy is PolicyKind.STRONG
        assert policy.audience is Audience.CHILDREN
        assert (policy.policy, policy.audience) == ("strong", "children")
        assert policy == TagPolicy(policy=PolicyKind.STRONG, audience=Audience.CHILDREN)

    def test_what_an_enumeration_may_be_is_told(self) -> None:
        with pytest.raises(SettingsError, match="It must be one of adults, children"):
            TagPolicy(audience="dogs")  # type: ignore[arg-type]


@pytest.mark.parametrize(("text", "is_above"), [("42", False), (" 7 ", False), ("42 men", True)])
def test_a_tag_above_makes_no_line_of_digits_the_next_number(text: str, is_above: bool) -> None:
    for policy in (
        TagPolicy(policy=PolicyKind.EVERY, preset="dcmp"),
        replace(SPARSE, preset="dcmp"),
    ):
        (decision,) = decide_film([cue(0, text=text)], policy, ENGLISH).cues
        assert (decision.tag, decision.is_above) == (Emotion.ANGRY, is_above)


@pytest.mark.parametrize(
    ("voice", "words", "expected"),
    [
        ({"angry": 0.7}, {"happy": 0.6}, True),
        ({"angry": 0.7}, {"neutral": 0.6}, True),
        ({"neutral": 0.7}, {"happy": 0.6}, True),
        ({"calm": 0.7}, {"neutral": 0.6}, False),
        ({"angry": 0.7}, {"angry": 0.6}, False),
        ({"angry": 0.4}, {"happy": 0.6}, False),
        ({"angry": 0.7}, {"happy": 0.4}, False),
    ],
)
def test_voice_against_words(
    voice: dict[str, float], words: dict[str, float], expected: bool
) -> None:
    def prediction(shares: dict[str, float]) -> Prediction:
        rest = (1 - sum(shares.values())) / (len(EMOTIONS) - len(shares))
        return Prediction(tuple(shares.get(emotion.value, rest) for emotion in EMOTIONS))

    cue = AnnotatedCue(
        Cue(0, 0, 1000, "Fine."),
        prediction(voice),
        Decision(None, Reason.UNSURE),
        voice_prediction=prediction(voice),
        text_prediction=prediction(words),
    )
    assert cue.is_contradicted is expected
    assert not replace(cue, text_prediction=None).is_contradicted
