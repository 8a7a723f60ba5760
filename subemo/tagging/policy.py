"""Whether a cue shows a tag, and why or why not.

The standards agree that a tag is the exception: DCMP asks for one where the
emotion cannot be seen, Ofcom where tone is "particularly critical to meaning",
the BBC for one at the beginning of a run (Subtitle Guidelines 11.3) and for
accents and tones only where relevant (12.1); Zdenek warns of tags that
"riddle" a track. Nobody here sees the picture: confidence and change stand in
for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from ..core.emotions import UNMARKED, Emotion
from ..core.prediction import Prediction
from ..subtitles.dialogue import Speech, read_speech
from ..subtitles.markup import StyledText
from .density import Candidate, limit_density
from .layout import lay_out, unhindered
from .limits import LONGEST_EXTENSION_MS, SHORTEST_GAP_MS, ReadingLimits, limits_for
from .presets import PRESETS
from .reasons import Decision, Reason
from .vocabulary import Words

#: What the policy ``strong`` shows.
STRONG = frozenset({Emotion.ANGRY, Emotion.FEAR, Emotion.SAD, Emotion.SURPRISE})


def _setting(default: Any, text: str, **metadata: Any) -> Any:
    """A field that is an option and a key of ``subemo.toml``, too; see `subemo.core.settings`."""
    return field(default=default, metadata={"help": text, **metadata})


@dataclass(frozen=True)
class TagPolicy:
    """When and how a tag is shown.

    Each field is also an option of ``subemo annotate`` and a key of
    ``subemo.toml``; this is the one table of all three.

    Attributes:
        policy: ``sparse`` as the standards ask; ``strong`` for anger, fear,
            sadness and surprise at high confidence alone; ``every`` for the
            likeliest emotion on every cue with enough sound, neutral, calm and
            songs included, whatever the rest of the fields says
        min_confidence: probability, 0 to 1, from which on a tag is shown; None
            for the one that the model's own calibration names
        strong_confidence: the same for ``strong``
        repeat_after_ms: a tag in force is shown again after so long a pause
        cues_per_tag: at most one tag in so many cues
        ms_per_tag: at most one tag in so much time
        preset: the house style, one of `subemo.tagging.presets.PRESETS`
        audience: whose reading speed counts, ``adults`` or ``children``
        chars_per_second: the fastest text; None for the audience's
        chars_per_line: the longest line; None for the language's
        max_lines: the most lines
        extend: whether a cue may be lengthened into the gap behind it, so that
            a tag can be read; times are sacred, so not unless asked
        extend_ms: by how much at most
    """

    policy: str = _setting("sparse", "When a tag is shown.", choices=("sparse", "strong", "every"))
    min_confidence: float | None = _setting(
        None,
        "Show a tag from this probability on.",
        low=0,
        high=1,
        metavar="P",
        none="the model's own",
    )
    strong_confidence: float = _setting(
        0.8, "The same for --policy strong.", low=0, high=1, metavar="P"
    )
    repeat_after_ms: int = _setting(
        10_000, "Repeat a tag after such a pause.", low=0, metavar="MS", option="repeat-after"
    )
    cues_per_tag: int = _setting(4, "At most one tag in so many cues.", low=1, metavar="N")
    ms_per_tag: int = _setting(
        15_000, "At most one tag in so much time.", low=0, metavar="MS", option="time-per-tag"
    )
    preset: str = _setting("netflix", "The house style of tags.", choices=tuple(PRESETS))
    audience: str = _setting(
        "adults", "Whose reading speed counts.", choices=("adults", "children")
    )
    chars_per_second: float | None = _setting(
        None, "The fastest text with a tag.", low=1, metavar="N", none="by language and audience"
    )
    chars_per_line: int | None = _setting(
        None, "The longest line with a tag.", low=1, metavar="N", none="by language"
    )
    max_lines: int = _setting(2, "The most lines with a tag.", low=1, metavar="N")
    extend: bool = _setting(False, "Lengthen a cue where that makes a tag readable.")
    extend_ms: int = _setting(
        500,
        "By so much at most.",
        low=0,
        high=LONGEST_EXTENSION_MS,
        metavar="MS",
        option="extend-by",
    )

    def __post_init__(self) -> None:
        from ..core.settings import check_fields

        check_fields(self)

    def with_threshold(self, threshold: float) -> TagPolicy:
        """The policy for a model that is believed from *threshold* on, unless it says another."""
        if self.min_confidence is not None:
            return self
        return replace(self, min_confidence=threshold)

    def limits(self, language: str) -> ReadingLimits:
        """What can be read in a language, as far as the policy does not say it itself."""
        limits = limits_for(language, children=self.audience == "children")
        return replace(
            limits,
            chars_per_second=self.chars_per_second or limits.chars_per_second,
            chars_per_line=self.chars_per_line or limits.chars_per_line,
            lines=self.max_lines,
        )


@dataclass(frozen=True)
class HeardCue:
    """A cue that is to be decided on.

    Attributes:
        start_ms: when it appears
        end_ms: when it goes
        rich: its words
        speaker: who says them, by a field of the format, or nothing
        has_text: whether there are words that a tag can stand in front of
        is_of_first: whether the first of two speakers alone was listened to
        prediction: how it sounds, or None where that could not be told
        why_not: then the decision
    """

    start_ms: int
    end_ms: int
    rich: StyledText
    speaker: str = ""
    has_text: bool = True
    is_of_first: bool = False
    prediction: Prediction | None = None
    why_not: Decision | None = None


def decide(cues: Sequence[HeardCue], policy: TagPolicy, words: Words) -> list[Decision]:
    """The decisions on all cues of a film.

    Args:
        cues: in any order; rules that look at neighbours take them by time
        policy: when and how a tag is shown, see `TagPolicy.with_threshold`
        words: what the emotions are called

    Returns:
        one decision for each cue, in the order of *cues*
    """
    speeches = [read_speech(cue.rich, cue.speaker) for cue in cues]
    followers = _next_starts(cues)
    decisions = [
        _decide_alone(cue, speech, follower, policy, words)
        for cue, speech, follower in zip(cues, speeches, followers, strict=True)
    ]
    if policy.policy == "every":
        return decisions
    candidates = [
        Candidate(
            index=index,
            start_ms=cue.start_ms,
            end_ms=cue.end_ms,
            speakers=speech.speakers,
            changes=speech.changes,
            emotion=_sure_emotion(cue, policy),
            confidence=0.0 if cue.prediction is None else cue.prediction.confidence,
            can_show=decision.tag is not None,
        )
        for index, (cue, speech, decision) in enumerate(zip(cues, speeches, decisions, strict=True))
    ]
    verdict = limit_density(
        candidates,
        repeat_after_ms=policy.repeat_after_ms,
        cues_per_tag=policy.cues_per_tag,
        ms_per_tag=policy.ms_per_tag,
    )
    for index, decision in enumerate(decisions):
        if decision.tag is None or index in verdict.shown:
            continue
        reason = Reason.SAME if index in verdict.same else Reason.DENSE
        decisions[index] = Decision(None, reason, decision.detail)
    return decisions


def _decide_alone(
    cue: HeardCue, speech: Speech, next_start_ms: int | None, policy: TagPolicy, words: Words
) -> Decision:
    """The decision on one cue, before its neighbours are looked at."""
    if cue.prediction is None:
        assert cue.why_not is not None
        return cue.why_not
    if not cue.has_text:
        return Decision(None, Reason.NO_TEXT)
    emotion, confidence = cue.prediction.emotion, cue.prediction.confidence
    detail = f"{emotion.value} {confidence:.2f}"
    lines = cue.rich.plain.split("\n") if cue.rich.plain else []
    preset = PRESETS[policy.preset]
    if policy.policy == "every":
        layout = unhindered(lines, emotion, preset, words)
        return Decision(emotion, Reason.TAGGED, detail, layout.tag, layout.is_above)
    refusal = judge(cue.prediction, policy) or _refusal(detail, speech, is_of_first=cue.is_of_first)
    if refusal is not None:
        return refusal
    limits = policy.limits(words.language)
    found = lay_out(
        [line for line in lines if line.strip()],
        emotion,
        start_ms=cue.start_ms,
        end_ms=cue.end_ms,
        longest_end_ms=_longest_end(cue, next_start_ms, policy, limits),
        preset=preset,
        words=words,
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


def judge(prediction: Prediction, policy: TagPolicy) -> Decision | None:
    """Why a cue gets no tag, by its sound alone; None where it may get one.

    Args:
        prediction: how it sounds
        policy: when a tag is shown, see `TagPolicy.with_threshold`
    """
    if policy.policy == "every":
        return None
    emotion, confidence = prediction.emotion, prediction.confidence
    detail = f"{emotion.value} {confidence:.2f}"
    least = _least_confidence(policy)
    if emotion in UNMARKED:
        return Decision(None, Reason.UNMARKED, detail)
    if confidence < least:
        return Decision(None, Reason.UNSURE, f"{detail}, below {least:g}")
    if policy.policy == "strong" and emotion not in STRONG:
        return Decision(None, Reason.WEAK, detail)
    return None


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


def _least_confidence(policy: TagPolicy) -> float:
    assert policy.min_confidence is not None
    if policy.policy == "strong":
        return max(policy.strong_confidence, policy.min_confidence)
    return policy.min_confidence


def _sure_emotion(cue: HeardCue, policy: TagPolicy) -> Emotion | None:
    """What is believed of a cue, neutral and calm included, or None."""
    if cue.prediction is None or cue.prediction.confidence < _least_confidence(policy):
        return None
    return cue.prediction.emotion


def _longest_end(
    cue: HeardCue, next_start_ms: int | None, policy: TagPolicy, limits: ReadingLimits
) -> int:
    """When a cue could go at the latest: two frames before the next, after 7 s at most."""
    if not policy.extend:
        return cue.end_ms
    end_ms = min(cue.end_ms + policy.extend_ms, cue.start_ms + limits.longest_ms)
    if next_start_ms is not None:
        end_ms = min(end_ms, next_start_ms - SHORTEST_GAP_MS)
    return max(cue.end_ms, end_ms)


def _next_starts(cues: Sequence[HeardCue]) -> list[int | None]:
    """When the next cue by time appears, for each cue, in the order of *cues*."""
    order = sorted(range(len(cues)), key=lambda index: (cues[index].start_ms, index))
    found: list[int | None] = [None] * len(cues)
    for index, follower in pairwise(order):
        found[index] = cues[follower].start_ms
    return found
