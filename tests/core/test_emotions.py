import pytest

from subemo.core.emotions import EMOTIONS, SYNONYMS, Emotion, parse_emotion


def test_order_is_the_reports() -> None:
    assert list(EMOTIONS) == [
        "neutral", "calm", "happy", "sad", "angry", "fear", "disgust", "surprise"
    ]  # fmt: skip


@pytest.mark.parametrize("emotion", EMOTIONS)
def test_every_emotion_has_its_own_name(emotion: Emotion) -> None:
    assert parse_emotion(emotion.value) is emotion


def test_synonyms_are_found_whatever_their_case() -> None:
    assert parse_emotion(" Fearful ") is Emotion.FEAR
    assert parse_emotion("ps") is Emotion.SURPRISE
    assert parse_emotion("bored") is None
    assert all(spelling == spelling.lower() for spelling in SYNONYMS)
