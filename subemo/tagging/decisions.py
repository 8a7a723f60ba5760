"""Whether a cue shows a tag, and why or why not: a film's cues, decided on together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log

from ..core.emotions import Emotion
from ..core.prediction import Prediction
from ..subtitles.dialogue import Speech, read_speech
from ..subtitles.markup import StyledText
from .density import Candidate, limit_density
from .layout import lay_out, unhindered
from .limits import SHORTEST_GAP_MS, ReadingLimits
from .policy import PolicyKind, TagPolicy, judge
from .presets import PRESETS
from .reasons import Decision, Reason
from .vocabulary import Vocabulary

#: What a probability of 0 counts as.
_LEAST = 1e-6


@dataclass(frozen=True)
class CueEvidence:
    """What a decision about a cue rests on: its text, its times and what the models say.

    Attributes:
        start_ms: when it appears
        end_ms: when it goes
        styled_text: its words
        speaker: who says them, by a field of the format, or nothing
        has_text: whether there are words that a tag can stand in front of
        is_of_first: whether the first of two speakers alone was analysed
        prediction: how it sounds, or None if it could not be classified
        why_not: then the decision
        voice_prediction: that of the voice alone, where more than that makes the prediction
        text_prediction: that of the text alone, or None
    """

    start_ms: int
    end_ms: int
    styled_text: StyledText
    speaker: str = ""
    has_text: bool = True
    is_of_first: bool = False
    prediction: Prediction | None = None
    why_not: Decision | None = None
    voice_prediction: Prediction | None = None
    text_prediction: Prediction | None = None


def decide(
    cues: Sequence[CueEvidence], policy: TagPolicy, vocabulary: Vocabulary
) -> list[Decision]:
    """The decisions on all cues of a film.

    Args:
        cues: in any order; rules that look at neighbours take them by time
        policy: when and how a tag is shown, see `TagPolicy.with_threshold`
        vocabulary: what the emotions are called

    Returns:
        one decision for each cue, in the order of *cues*
    """
    speeches = [read_speech(cue.styled_text, cue.speaker) for cue in cues]
    followers = _next_starts(cues)
    decisions = [
        _decide_alone(cue, speech, follower, policy, vocabulary)
        for cue, speech, follower in zip(cues, speeches, followers, strict=True)
    ]
    if policy.policy is PolicyKind.EVERY:
        return decisions
    candidates = [
        Candidate(
            index=index,
            start_ms=cue.start_ms,
            end_ms=cue.end_ms,
            speakers=speech.speakers,
            changes=speech.changes,
            emotion=_sure_emotion(cue, policy),
            worth=_worth(cue),
            can_show=decision.tag is not None,
        )
        for index, (cue, speech, decision) in enumerate(zip(cues, speeches, decisions, strict=True))
    ]
    shown_tags = limit_density(
        candidates,
        repeat_after_ms=policy.repeat_after_ms,
        cues_per_tag=policy.cues_per_tag,
        ms_per_tag=policy.ms_per_tag,
    )
    for index, decision in enumerate(decisions):
        if decision.tag is None or index in shown_tags.shown:
            continue
        reason = Reason.SAME if index in shown_tags.same else Reason.DENSE
        decisions[index] = Decision(None, reason, decision.detail)
    return decisions


def _decide_alone(
    cue: CueEvidence,
    speech: Speech,
    next_start_ms: int | None,
    policy: TagPolicy,
    vocabulary: Vocabulary,
) -> Decision:
    """The decision on one cue, before its neighbours are looked at."""
    if cue.prediction is None:
        assert cue.why_not is not None
        return cue.why_not
    if not cue.has_text:
        return Decision(None, Reason.NO_TEXT)
    emotion, confidence = cue.prediction.emotion, cue.prediction.confidence
    detail = f"{emotion.value} {confidence:.2f}"
    lines = cue.styled_text.plain.split("\n") if cue.styled_text.plain else []
    preset = PRESETS[policy.preset]
    if policy.policy is PolicyKind.EVERY:
        layout = unhindered(lines, emotion, preset, vocabulary)
        return Decision(emotion, Reason.TAGGED, detail, layout.tag, layout.is_above)
    refusal = judge(cue.prediction, policy, voice=cue.voice_prediction) or _refusal(
        detail, speech, is_of_first=cue.is_of_first
    )
    if refusal is not None:
        return refusal
    limits = policy.limits(vocabulary.language)
    found = lay_out(
        [line for line in lines if line.strip()],
        emotion,
        start_ms=cue.start_ms,
        end_ms=cue.end_ms,
        longest_end_ms=_longest_end(cue, next_start_ms, policy, limits),
        preset=preset,
        vocabulary=vocabulary,
        limits=limits,
    )
    if found is None:
        return Decision(
            None,
            Reason.NO_ROOM,
            f"{detail}; at most {limits.chars_per_second:g} characters a second, "
            f"{limits.chars_per_line} a line, {limits.lines} lines",
        )
    return Decision(
        emotion, Reason.TAGGED, detail, found.tag, found.is_above, found.remedy, found.end_ms
    )


def _refusal(detail: str, speech: Speech, *, is_of_first: bool) -> Decision | None:
    """Why a cue gets no tag, by its words; None where it may get one."""
    if speech.is_song:
        return Decision(None, Reason.SONG, detail)
    if len(speech.speakers) > 1 and not is_of_first:
        return Decision(
            None, Reason.TWO_SPEAKERS, f"{detail}; whose voice it is, the cue's times do not tell"
        )
    if speech.has_manner:
        return Decision(None, Reason.HAS_TAG, detail)
    return None


def _sure_emotion(cue: CueEvidence, policy: TagPolicy) -> Emotion | None:
    """What is believed of a cue, neutral and calm included, or None."""
    if cue.prediction is None or cue.prediction.confidence < policy.least_confidence:
        return None
    return cue.prediction.emotion


def _worth(cue: CueEvidence) -> float:
    """How much a tag tells that the words do not: the larger, the sooner it is shown.

    Without a witness for the words that is how sure it is; with one, the
    information gain of the decision over the words, in nats (Cover and Thomas,
    *Elements of Information Theory*, 2.3, relative entropy).
    """
    if cue.prediction is None:
        return 0.0
    if cue.text_prediction is None:
        return cue.prediction.confidence
    pairs = zip(cue.prediction.probabilities, cue.text_prediction.probabilities, strict=True)
    return sum(p * log(p / max(q, _LEAST)) for p, q in pairs if p > 0)


def _longest_end(
    cue: CueEvidence, next_start_ms: int | None, policy: TagPolicy, limits: ReadingLimits
) -> int:
    """When a cue could go at the latest: two frames before the next, after 7 s at most."""
    if not policy.extend:
        return cue.end_ms
    end_ms = min(cue.end_ms + policy.extend_ms, cue.start_ms + limits.longest_ms)
    if next_start_ms is not None:
        end_ms = min(end_ms, next_start_ms - SHORTEST_GAP_MS)
    return max(cue.end_ms, end_ms)


def _next_starts(cues: Sequence[CueEvidence]) -> list[int | None]:
    """When the next cue by time appears, for each cue, in the order of *cues*."""
    order = sorted(range(len(cues)), key=lambda index: (cues[index].start_ms, index))
    found: list[int | None] = [None] * len(cues)
    for index, follower in pairwise(order):
        found[index] = cues[follower].start_ms
    return found
