"""Decides which cues of a film show a tag, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from ..core.emotions import EMOTIONS, UNMARKED, Prediction
from ..core.sounds import Tag
from ..subtitles.dialogue import Speech, read_speech
from ..subtitles.markup import StyledText
from .density import Caps, FilmCues, Refusal, TagCandidate, limit_density
from .layout import (
    Placed,
    ReadingSlot,
    Remedy,
    TagRequest,
    TagStyle,
    choose_form,
    place_tags,
    unhindered,
)
from .policy import LastForm, PolicyKind, TagPolicy
from .presets import PRESETS, TagForm
from .runs import ClassifiedCue, Run, RunRules, find_runs, is_known_to, same_speakers
from .vocabulary import Vocabulary


class Reason(StrEnum):
    """Why a cue has a tag or has none."""

    TAGGED = "tagged"
    CLEARED = "a person wants no tag here"
    UNMARKED = "neutral or calm"
    UNSURE = "not confident enough"
    WORDS_ALONE = "suggested by the words, not by the voice"
    TOLD = "the words say it already"
    TWO_SPEAKERS = "two speakers"
    HAS_TAG = "has a tag already"
    SONG = "sung"
    NO_ROOM = "no room to read a tag"
    SAME = "the same tag is still in force"
    DENSE = "too close to other tags"
    VETOED = "a more certain tag nearby did not fit"
    NO_TEXT = "no text"
    PAST_END = "past the end of the sound"
    TOO_SHORT = "too short"
    TOO_LITTLE_SOUND = "too little sound"
    LOST_IN_PLAYERS = "the tag would change how players show the cue"
    NOT_REVERSIBLE = "the tag could not be removed again"


@dataclass(frozen=True, slots=True)
class Decision:
    """The decision about a cue's tag.

    Attributes:
        tag: the emotion, sound or vocal effort that is shown, or None
        reason: why the cue has or lacks a tag
        detail: the numbers behind the reason, as text
        text: the tag as written, without the space or line break after it
        is_above: whether the tag has a line of its own
        remedy: the change that makes the cue readable
        end_ms: the cue's new end, or None if unchanged
        is_intense: whether the emotion is strong, which is assumed from a confidence of
            `subemo.tagging.policy.TagPolicy.strong_confidence`
    """

    tag: Tag | None
    reason: Reason
    detail: str = ""
    text: str = ""
    is_above: bool = False
    remedy: Remedy = Remedy.NONE
    end_ms: int | None = None
    is_intense: bool = False


@dataclass(frozen=True)
class CueEvidence:
    """The evidence for a decision about a cue: text, times and predictions.

    Attributes:
        start_ms: start time
        end_ms: end time
        styled_text: its words
        speaker: the speaker from a field of the format, or empty
        has_text: whether there are words to put a tag before
        is_of_first: whether only the first of two speakers was analysed
        prediction: its prediction, or None if it could not be classified
        why_not: the decision in that case
        voice_prediction: that of the voice alone, if more than that made the prediction
        text_prediction: that of the text alone, or None
        same_speaker: the probability, 0 to 1, that the speaker is the last speaker of the
            previous cue by time; None if unknown
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
    same_speaker: float | None = None


@dataclass(frozen=True)
class FilmDecision:
    """The decisions for a film.

    Attributes:
        cues: one decision for each cue, in order
        form: the wording of the film's tags
    """

    cues: tuple[Decision, ...]
    form: TagForm


def decide_film(
    cues: Sequence[CueEvidence], policy: TagPolicy, vocabulary: Vocabulary
) -> FilmDecision:
    """Decides on all cues of a film and on the wording of its tags.

    Args:
        cues: in any order; rules about neighbours use their order in time
        policy: when and how a tag is shown, see `TagPolicy.with_threshold`
        vocabulary: the words of the tags
    """
    preset = PRESETS[policy.preset]
    style = TagStyle(preset, vocabulary, policy.limits(vocabulary.language), policy.most_added)
    if policy.policy is PolicyKind.EVERY:
        every = tuple(_every(cue, style, policy.strong_confidence) for cue in cues)
        return FilmDecision(every, preset.forms[0])
    order = sorted(range(len(cues)), key=lambda index: (cues[index].start_ms, index))
    ordered = [cues[index] for index in order]
    found = _by_time(ordered, policy, style)
    decisions = dict(zip(order, found.cues, strict=True))
    return replace(found, cues=tuple(decisions[index] for index in range(len(cues))))


def _every(cue: CueEvidence, style: TagStyle, strong_confidence: float) -> Decision:
    """The likeliest emotion, ignoring all rules."""
    if cue.prediction is None:
        assert cue.why_not is not None
        return cue.why_not
    if not cue.has_text:
        return Decision(None, Reason.NO_TEXT)
    lines = cue.styled_text.plain.split("\n") if cue.styled_text.plain else []
    layout = unhindered(lines, cue.prediction.emotion, style)
    return Decision(
        cue.prediction.emotion,
        Reason.TAGGED,
        _detail(cue.prediction),
        layout.tag,
        layout.is_above,
        is_intense=cue.prediction.confidence >= strong_confidence,
    )


def _by_time(ordered: Sequence[CueEvidence], policy: TagPolicy, style: TagStyle) -> FilmDecision:
    """Decides on cues in the order of time."""
    speeches = [read_speech(cue.styled_text, cue.speaker) for cue in ordered]
    alone = [_alone(*pair, policy) for pair in zip(ordered, speeches, strict=True)]
    classified = [_classified(*pair) for pair in zip(ordered, speeches, strict=True)]
    same = same_speakers(classified)
    runs = find_runs(classified, same, _run_rules(policy))
    silent = {run.first: why for run in runs if (why := refusal_of_run(run, policy)) is not None}
    with_tags = [run for run in runs if run.first not in silent]
    requests = list(_requests(with_tags, ordered, policy, style))
    form = choose_form(requests, style, policy.form_share)
    placed = place_tags(requests, form, style, policy.last_form)
    film = FilmCues(
        [cue.start_ms for cue in ordered],
        [is_known_to(True, one, policy.same_speaker) for one in same],
        [_ends_mood(cue, policy) for cue in ordered],
    )
    candidates = [_candidate(run, one, ordered) for run, one in zip(with_tags, placed, strict=True)]
    refused = limit_density(film, candidates, _caps(policy))
    found = {place: decision for place, decision in enumerate(alone) if decision is not None}
    for run in runs:
        if run.first in silent:
            found |= _of_cues(run, silent[run.first], alone)
    for at, (run, one) in enumerate(zip(with_tags, placed, strict=True)):
        if one is None:
            no_room = Decision(None, Reason.NO_ROOM, f"{_of_run(run)}; {_room(style)}")
            found |= _of_cues(run, no_room, alone)
        elif at in refused:
            found |= _of_cues(run, Decision(None, _REASONS[refused[at]], _of_run(run)), alone)
        else:
            found |= _tagged(run, one, style, run.confidence >= policy.strong_confidence)
    return FilmDecision(tuple(found[place] for place in range(len(ordered))), form)


def _run_rules(policy: TagPolicy) -> RunRules:
    return RunRules(
        least_confidence=policy.least_confidence,
        start_confidence=policy.start_confidence,
        pause_ms=policy.repeat_after_ms,
        pooled_cues=policy.pooled_cues,
        same_speaker=policy.same_speaker,
    )


def _caps(policy: TagPolicy) -> Caps:
    """The fields of the same names."""
    return Caps(*(getattr(policy, one.name) for one in fields(Caps)))


def _alone(cue: CueEvidence, speech: Speech, policy: TagPolicy) -> Decision | None:
    """Why a cue by itself gets no tag; None if it may be in a run."""
    if cue.prediction is None:
        assert cue.why_not is not None
        return cue.why_not
    if not cue.has_text:
        return Decision(None, Reason.NO_TEXT)
    return refusal_of(cue.prediction, policy, voice=cue.voice_prediction) or _refusal(cue, speech)


def _classified(cue: CueEvidence, speech: Speech) -> ClassifiedCue:
    is_open = (
        cue.has_text
        and cue.prediction is not None
        and is_borne_by_voice(cue.prediction, cue.voice_prediction)
        and _refusal(cue, speech) is None
    )
    return ClassifiedCue(
        start_ms=cue.start_ms,
        end_ms=cue.end_ms,
        speakers=speech.speakers,
        changes=speech.changes,
        prediction=cue.prediction,
        is_open=is_open,
        same_speaker=cue.same_speaker,
        words=cue.text_prediction,
    )


def _refusal(cue: CueEvidence, speech: Speech) -> Decision | None:
    """Why a cue's text rules out a tag; None if it does not."""
    detail = "" if cue.prediction is None else _detail(cue.prediction)
    if speech.is_song:
        return Decision(None, Reason.SONG, detail)
    if len(speech.speakers) > 1 and not cue.is_of_first:
        return Decision(
            None, Reason.TWO_SPEAKERS, f"{detail}; the cue does not say which speaker is heard when"
        )
    if speech.has_manner:
        return Decision(None, Reason.HAS_TAG, detail)
    return None


def refusal_of(
    prediction: Prediction, policy: TagPolicy, *, voice: Prediction | None = None
) -> Decision | None:
    """Why a cue by itself gets no tag, by its prediction; None if it may get one.

    A cue that is not confident enough may still be part of a run that is.

    Args:
        prediction: the cue's prediction
        policy: when a tag is shown, see `TagPolicy.with_threshold`
        voice: that of the voice alone, if more than that made the prediction;
            an emotion to which it gives less than one in eight is not shown
    """
    emotion, confidence = prediction.emotion, prediction.confidence
    detail = f"{emotion.value} {confidence:.2f}"
    if emotion in UNMARKED:
        return Decision(None, Reason.UNMARKED, detail)
    if confidence < policy.least_confidence:
        return Decision(None, Reason.UNSURE, f"{detail}, below {policy.least_confidence:g}")
    if not is_borne_by_voice(prediction, voice):
        assert voice is not None
        alone = voice.probabilities[EMOTIONS.index(emotion)]
        return Decision(None, Reason.WORDS_ALONE, f"{detail}, by its voice {alone:.2f}")
    return None


def is_borne_by_voice(prediction: Prediction, voice: Prediction | None) -> bool:
    """Whether the voice alone gives the likeliest emotion at least one in eight."""
    alone = voice or prediction
    return alone.probabilities[EMOTIONS.index(prediction.emotion)] >= 1 / len(EMOTIONS)


def refusal_of_run(run: Run, policy: TagPolicy) -> Decision | None:
    """Why a policy does not show a run; None if it may.

    Without a text model every emotion counts as not conveyed by the words.

    Args:
        run: see `subemo.tagging.runs.find_runs`
        policy: when a tag is shown, see `TagPolicy.with_threshold`
    """
    if policy.policy is not PolicyKind.STRONG:
        return None
    detail = f"{run.emotion.value} {run.confidence:.2f}"
    if run.is_told_by_words:
        return Decision(None, Reason.TOLD, detail)
    if run.confidence < policy.strong_confidence:
        return Decision(None, Reason.UNSURE, f"{detail}, below {policy.strong_confidence:g}")
    return None


def _requests(
    runs: Sequence[Run], ordered: Sequence[CueEvidence], policy: TagPolicy, style: TagStyle
) -> Iterator[TagRequest]:
    """The tag for each run, on its first cue or soon after."""
    next_starts_ms = [*(cue.start_ms for cue in ordered[1:]), None]
    extend_ms = policy.extend_ms if policy.extend else 0
    for run in runs:
        latest_ms = ordered[run.first].start_ms + policy.late_ms
        slots = (
            (
                place,
                ReadingSlot.of(
                    cue.styled_text.plain, (cue.start_ms, cue.end_ms), next_starts_ms[place],
                    extend_ms=extend_ms, longest_ms=style.limits.longest_ms,
                ),
            )
            for place in run.places[: policy.late_cues + 1]
            if (cue := ordered[place]).start_ms <= latest_ms
        )  # fmt: skip
        yield TagRequest(run.emotion, tuple(slots))


def _candidate(run: Run, placed: Placed | None, ordered: Sequence[CueEvidence]) -> TagCandidate:
    place = run.first if placed is None else placed.place
    return TagCandidate(
        place=place,
        last=run.places[-1],
        start_ms=ordered[place].start_ms,
        end_ms=max(ordered[place].end_ms for place in run.places),
        emotion=run.emotion,
        confidence=run.confidence,
        priority=run.confidence if run.gain is None else run.gain,
        has_room=placed is not None,
    )


def _ends_mood(cue: CueEvidence, policy: TagPolicy) -> bool:
    """Whether a cue is confidently neutral or calm."""
    sounds = cue.prediction
    return (
        sounds is not None
        and sounds.emotion in UNMARKED
        and sounds.confidence >= policy.least_confidence
    )


_REASONS: Mapping[Refusal, Reason] = MappingProxyType(
    {
        Refusal.SAME: Reason.SAME,
        Refusal.DENSE: Reason.DENSE,
        Refusal.VETOED: Reason.VETOED,
    }
)


def _tagged(
    run: Run, placed: Placed, style: TagStyle, is_intense: bool
) -> Iterator[tuple[int, Decision]]:
    """The decisions for the cues of a run with a tag."""
    layout = placed.layout
    for place in run.places:
        if place < placed.place:
            yield place, Decision(None, Reason.NO_ROOM, f"{_of_run(run)}; {_room(style)}")
        elif place > placed.place:
            yield place, Decision(None, Reason.SAME, _of_run(run))
        else:
            yield (
                place,
                Decision(
                    run.emotion, Reason.TAGGED, _of_run(run), layout.tag, layout.is_above,
                    layout.remedy, layout.end_ms, is_intense,
                ),
            )  # fmt: skip


def _of_cues(
    run: Run, decision: Decision, alone: Sequence[Decision | None]
) -> Iterator[tuple[int, Decision]]:
    """The decisions for the cues of a run without a tag; unsure cues remain unsure."""
    for place in run.places:
        if place == run.first or alone[place] is None:
            yield place, decision


def _room(style: TagStyle) -> str:
    limits = style.limits
    return (
        f"at most {limits.chars_per_second:g} characters a second, "
        f"{limits.chars_per_line} a line, {limits.lines} lines"
    )


def _of_run(run: Run) -> str:
    """A run's confidence, for people."""
    sure = f"{run.emotion.value} {run.confidence:.2f}"
    return sure if run.pooled == 1 else f"{sure} over {run.pooled} cues"


def _detail(prediction: Prediction) -> str:
    return f"{prediction.emotion.value} {prediction.confidence:.2f}"


#: What makes room for tags: fields of `TagPolicy` and their values, as in Python.
_ROOM: Mapping[str, dict[str, Any]] = MappingProxyType(
    {"extend=True": {"extend": True}, 'last_form="emoji"': {"last_form": LastForm.EMOJI}}
)


def more_tags(
    cues: Sequence[CueEvidence], policy: TagPolicy, vocabulary: Vocabulary, decided: FilmDecision
) -> Mapping[str, int]:
    """The numbers of additional tags with more room, by the field of the policy that makes it.

    Args:
        cues: see `decide_film`
        policy: see `decide_film`
        vocabulary: see `decide_film`
        decided: the result of `decide_film`
    """
    if not any(cue.reason is Reason.NO_ROOM for cue in decided.cues):
        return {}
    shown = [
        decided,
        *(decide_film(cues, replace(policy, **fields), vocabulary) for fields in _ROOM.values()),
    ]
    before, *counts = (sum(cue.tag is not None for cue in film.cues) for film in shown)
    more = ((choice, count - before) for choice, count in zip(_ROOM, counts, strict=True))
    return {choice: count for choice, count in more if count > 0}
