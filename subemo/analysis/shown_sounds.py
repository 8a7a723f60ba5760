"""Which detected sounds are shown: in cues, and as cues of their own."""

from __future__ import annotations

from collections.abc import Sequence

from ..core.emotions import Emotion
from ..core.sounds import SCENE_SOUNDS, FilmSound, Sound
from ..sounds.weights import SoundDetector
from ..tagging.annotation import AnnotatedCue
from ..tagging.decisions import CueEvidence, Decision, FilmDecision
from ..tagging.policy import SoundsShown, TagPolicy
from ..tagging.sounds import ShownStretch, SoundCue, shown_thresholds, sound_cues, with_vocal_tags
from ..tagging.vocabulary import Vocabulary
from .analyse import FilmAnalysis


def with_sounds(
    decided: FilmDecision,
    evidence: Sequence[CueEvidence],
    found: FilmAnalysis,
    policy: TagPolicy,
    vocabulary: Vocabulary,
) -> Sequence[Decision]:
    """The decisions, with vocal sounds and efforts where they show no mood.

    Args:
        decided: on the moods of all cues
        evidence: of all cues
        found: the film's analysis
        policy: when a tag is shown
        vocabulary: what the sounds are called
    """
    if found.sounds is None or policy.sounds is SoundsShown.NONE:
        return decided.cues
    thresholds = shown_thresholds(found.sounds.thresholds, found.sounds.reached, policy.sounds)
    vocal = [predicted.vocal for predicted in found.predictions]
    return with_vocal_tags(decided, evidence, vocal, thresholds, policy, vocabulary)


def sound_cue_thresholds(sounds: SoundDetector, policy: TagPolicy) -> dict[FilmSound, float]:
    """The lowest probability of each sound that can have a cue of its own.

    Args:
        sounds: the detector of vocal sounds
        policy: when a tag is shown
    """
    reached = shown_thresholds(sounds.thresholds, sounds.reached, policy.sounds)
    thresholds: dict[FilmSound, float] = {
        sound: least for sound, least in reached.items() if isinstance(sound, Sound)
    }
    if policy.sounds is SoundsShown.ALL:  # of these, only likely ones are among the detected
        thresholds |= dict.fromkeys(SCENE_SOUNDS, 0.0)
    return thresholds


def sound_cues_of(
    found: FilmAnalysis, cues: Sequence[AnnotatedCue], policy: TagPolicy, vocabulary: Vocabulary
) -> tuple[SoundCue, ...]:
    """The sounds between the cues that become cues of their own.

    Args:
        found: the film's analysis
        cues: of the film, decided on
        policy: when a tag is shown
        vocabulary: what the sounds are called
    """
    if found.sounds is None or not found.between:
        return ()
    shown = [
        ShownStretch(
            cue.start_ms,
            cue.shown_end_ms,
            None if isinstance(cue.decision.tag, Emotion) else cue.decision.tag,
        )
        for cue in cues
    ]
    return sound_cues(
        found.between,
        shown,
        sound_cue_thresholds(found.sounds, policy),
        preset=policy.preset,
        vocabulary=vocabulary,
        repeat_after_ms=policy.repeat_after_ms,
    )
