"""Tags for vocal sounds, shouts and whispers, in cues without an emotion tag."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..core.sounds import Vocal, VocalProbabilities
from ..subtitles.dialogue import Speech, read_speech
from .decisions import CueEvidence, FilmDecision
from .layout import ReadingSlot, TagStyle, lay_out
from .policy import SoundsShown, TagPolicy
from .presets import PRESETS, TagForm
from .reasons import Decision, Reason
from .vocabulary import Vocabulary

#: The lowest probability of each shown sound or effort.
Thresholds = Mapping[Vocal, float]


def shown_thresholds(
    thresholds: Thresholds, reached: Mapping[Vocal, bool], shown: SoundsShown
) -> Thresholds:
    """The thresholds of the sounds and efforts that a policy shows.

    Args:
        thresholds: the thresholds of all sounds and efforts
        reached: whether each is precise enough, see `subemo.sounds.weights.SoundDetector`
        shown: the policy's choice

    >>> from subemo.core.sounds import Sound
    >>> shown_thresholds({Sound.LAUGH: 0.5}, {Sound.LAUGH: False}, SoundsShown.VOICE)
    {}
    """
    if shown is SoundsShown.NONE:
        return {}
    return {
        vocal: threshold
        for vocal, threshold in thresholds.items()
        if shown is SoundsShown.ALL or reached.get(vocal, False)
    }


def with_vocal_tags(
    decided: FilmDecision,
    cues: Sequence[CueEvidence],
    heard: Sequence[VocalProbabilities | None],
    thresholds: Thresholds,
    policy: TagPolicy,
    vocabulary: Vocabulary,
) -> list[Decision]:
    """Adds tags for vocal sounds and efforts to cues without an emotion tag.

    A cue has one tag; an emotion comes first. The likeliest sound or effort
    over its threshold is shown. It is not shown again until it was
    not detected for `TagPolicy.repeat_after_ms`: a laugh through
    three cues is one laugh. Cues that are sung, have an author's tag
    or two speakers show none.

    Args:
        decided: the decisions on emotions, see `subemo.tagging.decisions.decide_film`
        cues: the cues, in the same order
        heard: vocal probabilities of each cue, or None for too little sound
        thresholds: see `shown_thresholds`
        policy: the policy
        vocabulary: the words of the tags
    """
    found = list(decided.cues)
    style = TagStyle(
        PRESETS[policy.preset], vocabulary, policy.limits(vocabulary.language), policy.most_added
    )
    last_ms: dict[Vocal, int] = {}
    for index in sorted(range(len(cues)), key=lambda index: (cues[index].start_ms, index)):
        cue, decision = cues[index], decided.cues[index]
        vocal = _likeliest(heard[index], thresholds)
        if vocal is None or decision.tag is not None or not _may_show(cue):
            continue
        since = last_ms.get(vocal)
        last_ms[vocal] = max(cue.end_ms, since or 0)
        if since is not None and cue.start_ms - since <= policy.repeat_after_ms:
            continue
        shown = _laid_out(cue, vocal, heard[index], decided.form, style)
        if shown is not None:
            found[index] = shown
    return found


def _likeliest(heard: VocalProbabilities | None, thresholds: Thresholds) -> Vocal | None:
    if heard is None:
        return None
    over = [vocal for vocal, least in thresholds.items() if heard.probability(vocal) >= least]
    return max(over, key=heard.probability, default=None)


def _may_show(cue: CueEvidence) -> bool:
    if not cue.has_text:
        return False
    speech: Speech = read_speech(cue.styled_text, cue.speaker)
    has_one_speaker = len(speech.speakers) == 1 or cue.is_of_first
    return has_one_speaker and not speech.is_song and not speech.has_manner


def _laid_out(
    cue: CueEvidence, vocal: Vocal, heard: VocalProbabilities | None, form: TagForm, style: TagStyle
) -> Decision | None:
    """The decision for a cue with a vocal tag; None if it has no room."""
    if heard is None or vocal not in style.vocabulary.vocal:
        return None
    lines = tuple(line for line in cue.styled_text.plain.split("\n") if line.strip())
    slot = ReadingSlot(lines, cue.start_ms, cue.end_ms, cue.end_ms)
    found = lay_out(slot, vocal, form, style)
    if found is None:
        return None
    detail = f"{vocal.value} {heard.probability(vocal):.2f}"
    return Decision(vocal, Reason.TAGGED, detail, found.tag, found.is_above, found.remedy)
