from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from subemo.captions.policy import Reason, TagPolicy, decide
from subemo.emotions import EMOTIONS, UNMARKED, Emotion
from subemo.model.classifier import Prediction

predictions = st.lists(st.floats(0.001, 1), min_size=8, max_size=8).map(
    lambda weights: Prediction(tuple(weight / sum(weights) for weight in weights))
)


def sure(emotion: Emotion, confidence: float) -> Prediction:
    rest = (1 - confidence) / 7
    return Prediction(tuple(confidence if e is emotion else rest for e in EMOTIONS))


@given(predictions, st.floats(0, 1))
def test_a_tag_is_marked_confident_and_the_likeliest(
    prediction: Prediction, min_confidence: float
) -> None:
    decision = decide(prediction, TagPolicy(min_confidence=min_confidence))
    shows = prediction.emotion not in UNMARKED and prediction.confidence >= min_confidence
    assert (decision.tag is not None) == shows
    assert decision.tag in (None, prediction.emotion)
    assert (decision.reason is Reason.TAGGED) == shows


@given(predictions, st.floats(0, 1))
def test_every_tags_whatever_it_is(prediction: Prediction, min_confidence: float) -> None:
    decision = decide(prediction, TagPolicy(min_confidence=min_confidence, every=True))
    assert decision.tag is prediction.emotion


def test_confidence_on_the_threshold_is_shown() -> None:
    policy = TagPolicy(min_confidence=0.75)
    assert decide(sure(Emotion.SAD, 0.75), policy).tag is Emotion.SAD
    decision = decide(sure(Emotion.SAD, 0.74), policy)
    assert decision.tag is None
    assert decision.reason is Reason.UNSURE
    assert decision.detail == "sad 0.74, below 0.75"


def test_calm_is_not_shown_however_sure() -> None:
    assert decide(sure(Emotion.CALM, 0.99), TagPolicy()).reason is Reason.UNMARKED
