"""Sounds that are shown: tags in cues without an emotion tag, and cues of their own between them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..core.sounds import FilmSound, SceneSound, Sound, SoundHeard, Tag, Vocal, VocalProbabilities
from ..subtitles.dialogue import Speech, read_speech
from .decisions import CueEvidence, Decision, FilmDecision, Reason
from .layout import ReadingSlot, TagStyle, lay_out
from .limits import SHORTEST_GAP_MS
from .policy import SoundsShown, TagPolicy
from .presets import PRESETS, TagForm
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


#: How long a cue of a sound stays, in milliseconds: it can be read, and is gone with the sound.
SHORTEST_MS, LONGEST_MS = 1_000, 3_000


@dataclass(frozen=True)
class SoundCue:
    """A cue of subemo's own.

    Attributes:
        start_ms: when it appears
        end_ms: when it goes
        sound: the sound
        text: what the viewer reads
        probability: of the sound
        heard: the detected sound, or None
    """

    start_ms: int
    end_ms: int
    sound: FilmSound
    text: str
    probability: float
    heard: SoundHeard | None = None


@dataclass(frozen=True)
class ShownStretch:
    """A cue of the input, as it is shown.

    Attributes:
        start_ms: when it appears
        end_ms: when it goes
        tag: what it shows, or None
    """

    start_ms: int
    end_ms: int
    tag: Tag | None = None


def sound_cues(
    heard: Iterable[SoundHeard],
    cues: Sequence[ShownStretch],
    thresholds: Mapping[FilmSound, float],
    *,
    preset: str,
    vocabulary: Vocabulary,
    repeat_after_ms: int,
) -> tuple[SoundCue, ...]:
    """The sounds that become cues.

    None is over a cue of the input or nearer to one than `SHORTEST_GAP_MS`,
    and each stays from `SHORTEST_MS` to `LONGEST_MS`; where a gap leaves less,
    there is none. The same sound is not shown again until nothing of it was
    shown for *repeat_after_ms*, in cues or between them; music, until there was
    none for that long.

    Args:
        heard: the detected sounds
        cues: of the input, in any order
        thresholds: from which probability on each is shown
        preset: the house style
        vocabulary: what the sounds are called
        repeat_after_ms: see `subemo.tagging.policy.TagPolicy`

    >>> from .vocabulary import vocabulary_of
    >>> laugh = SoundHeard(5_000, 6_500, Sound.LAUGH, 0.9)
    >>> found = sound_cues(
    ...     [laugh], [ShownStretch(0, 4_000)], {Sound.LAUGH: 0.5},
    ...     preset="netflix", vocabulary=vocabulary_of("en"), repeat_after_ms=10_000,
    ... )
    >>> [(cue.start_ms, cue.end_ms, cue.text) for cue in found]
    [(5000, 6500, '[laughs]')]
    """
    found: list[SoundCue] = []
    shown = [(cue.start_ms, cue.end_ms) for cue in cues]
    already_shown: list[tuple[int, int, Tag | SceneSound | None]] = [
        (cue.start_ms, cue.end_ms, cue.tag) for cue in cues
    ]
    for one in sorted(heard, key=_precedence):
        if not _has_word(one.sound, vocabulary) or one.probability < thresholds.get(one.sound, 2):
            continue
        near = (
            start - repeat_after_ms <= one.end_ms and one.start_ms <= end + repeat_after_ms
            for start, end, tag in already_shown
            if tag is one.sound
        )
        times = None if any(near) else _times(one, shown)
        if times is None:
            continue
        text = PRESETS[preset].cue_text(one.sound, vocabulary)
        found.append(SoundCue(*times, one.sound, text, one.probability, one))
        shown.append(times)
        # Music that goes on behind its cue is the same music.
        already_shown.append(
            (*times, one.sound)
            if one.sound is not SceneSound.MUSIC
            else (one.start_ms, one.end_ms, one.sound)
        )
    return tuple(sorted(found, key=lambda cue: cue.start_ms))


def _precedence(one: SoundHeard) -> tuple[bool, bool, float, int]:
    """Voices come before other sounds, and music last, since it leaves room for them."""
    is_voice, is_music = isinstance(one.sound, Sound), one.sound is SceneSound.MUSIC
    return not is_voice, is_music, -one.probability, one.start_ms


def _has_word(sound: FilmSound, vocabulary: Vocabulary) -> bool:
    if sound is SceneSound.MUSIC:
        return True
    return sound in vocabulary.vocal or sound in vocabulary.scene


def _times(one: SoundHeard, shown: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    """When a cue of a sound can be shown; None where there is no time for it."""
    start_ms, end_ms = one.start_ms, min(one.end_ms, one.start_ms + LONGEST_MS)
    wanted_ms = end_ms
    if one.sound is SceneSound.MUSIC:  # long enough to begin behind another cue, or to end before
        start_ms = _first_free(one, shown)
        end_ms, wanted_ms = start_ms + SHORTEST_MS, min(one.end_ms, start_ms + LONGEST_MS)
    earliest, latest = 0, start_ms + LONGEST_MS
    for from_ms, until_ms in shown:
        first, last = min(from_ms, until_ms), max(from_ms, until_ms)
        if first < end_ms and last > start_ms:
            return None
        if last <= start_ms:
            earliest = max(earliest, last + SHORTEST_GAP_MS)
        else:
            latest = min(latest, first - SHORTEST_GAP_MS)
    start = max(start_ms, earliest)
    end = min(max(wanted_ms, start + SHORTEST_MS), latest, start + LONGEST_MS)
    if end - start < SHORTEST_MS:
        start = max(earliest, end - SHORTEST_MS)
    return (start, end) if SHORTEST_MS <= end - start <= LONGEST_MS else None


def _first_free(one: SoundHeard, shown: Sequence[tuple[int, int]]) -> int:
    """Where a cue of a long sound can begin: at its start, or behind the cues that are there."""
    start_ms = one.start_ms
    for first, last in sorted((min(pair), max(pair)) for pair in shown):
        is_over = first < start_ms + SHORTEST_MS + SHORTEST_GAP_MS and last > start_ms
        if is_over and last + SHORTEST_GAP_MS + SHORTEST_MS <= one.end_ms:
            start_ms = last + SHORTEST_GAP_MS
    return start_ms
