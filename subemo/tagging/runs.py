"""Runs: consecutive cues of one speaker and one emotion, with their pooled evidence.

The evidence of a run is pooled by the mean of its cues' log posteriors,
renormalised (the logarithmic opinion pool of Genest and Zidek, "Combining
probability distributions", 1986). The product of likelihoods would be right if
all cues of a run were known to have one emotion and were independent; on the
validation films it is far too confident (log loss of the first cue's emotion
1.41, against 0.64 for the mean; 172 runs of two or more cues). A first cue that
is not confident enough by itself is accepted because of the following cues only
if the same person is known to speak them: otherwise such first cues were right
in only 0.60 of the cases. docs/research/rules-measured.md has the measurement.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import exp, log

from ..core.emotions import EMOTIONS, UNMARKED, Emotion, Prediction

#: The floor of probabilities.
LEAST_PROBABILITY = 1e-6


@dataclass(frozen=True)
class ClassifiedCue:
    """A cue as needed to find runs.

    Attributes:
        start_ms: start time
        end_ms: end time
        speakers: the speakers in the text; ``("",)`` if unnamed
        changes: whether the text marks a change of speaker
        prediction: its prediction, or None
        is_open: whether it may show a tag, apart from room
        same_speaker: the probability, 0 to 1, that the speaker is the last speaker of the
            previous cue; None if unknown
        words: the prediction of its words alone, or None
    """

    start_ms: int
    end_ms: int
    speakers: tuple[str, ...]
    changes: bool
    prediction: Prediction | None
    is_open: bool
    same_speaker: float | None = None
    words: Prediction | None = None


@dataclass(frozen=True)
class RunRules:
    """The rules for where a run ends and how confident it must be.

    Attributes:
        least_confidence: lowest confidence of the pooled evidence, 0 to 1
        start_confidence: lowest confidence of a run's first cue by itself, 0 to 1, if others are pooled with it
        pause_ms: pause that ends a run
        pooled_cues: number of cues pooled from a run's start
        same_speaker: probability of the same speaker below which a run ends
    """

    least_confidence: float
    start_confidence: float
    pause_ms: int
    pooled_cues: int
    same_speaker: float


@dataclass(frozen=True)
class Run:
    """Consecutive cues with one emotion.

    Attributes:
        places: their positions by time, in order
        emotion: the emotion
        evidence: the pooled posterior, shape (8,), sums to 1
        words: the pooled posterior of its words, or None
        pooled: number of pooled cues
    """

    places: tuple[int, ...]
    emotion: Emotion
    evidence: tuple[float, ...]
    words: tuple[float, ...] | None
    pooled: int

    @property
    def first(self) -> int:
        """The place of its first cue."""
        return self.places[0]

    @property
    def confidence(self) -> float:
        """The pooled probability of the emotion, 0 to 1."""
        return self.evidence[EMOTIONS.index(self.emotion)]

    @property
    def gain(self) -> float | None:
        """The information of the voice beyond the words, in nats; None without a text model.

        The information gain of the pooled decision over the words (Cover and
        Thomas, *Elements of Information Theory*, 2.3, relative entropy).
        """
        if self.words is None:
            return None
        pairs = zip(self.evidence, self.words, strict=True)
        return sum(p * log(p / max(q, LEAST_PROBABILITY)) for p, q in pairs if p > 0)

    @property
    def is_told_by_words(self) -> bool:
        """Whether the words alone predict the same emotion."""
        return (
            self.words is not None and EMOTIONS[self.words.index(max(self.words))] is self.emotion
        )


def pooled(posteriors: Sequence[Sequence[float]]) -> tuple[float, ...]:
    """The renormalised mean of log posteriors.

    Args:
        posteriors: shape (cues, 8), at least one cue, rows sum to 1

    Returns:
        shape (8,), sums to 1

    >>> [round(p, 2) for p in pooled([(0.8, 0.2), (0.5, 0.5)])]
    [0.67, 0.33]
    """
    if len(posteriors) == 1:
        return tuple(posteriors[0])
    logs = [
        sum(log(max(p, LEAST_PROBABILITY)) for p in of_class) / len(posteriors)
        for of_class in zip(*posteriors, strict=True)
    ]
    weights = [exp(one - max(logs)) for one in logs]
    return tuple(weight / sum(weights) for weight in weights)


def same_speaker_probability(
    earlier: ClassifiedCue, later: ClassifiedCue, speaker: str
) -> float | None:
    """The probability that a cue's speaker is the last speaker of the previous cue.

    The text decides if it names speakers, else the sound (`ClassifiedCue.same_speaker`).

    Args:
        earlier: the previous cue
        later: the cue
        speaker: the last speaker of the previous cue from any text, or empty

    Returns:
        0 to 1; None if unknown
    """
    if len(earlier.speakers) > 1:
        return 0.0  # unknown which of the speakers continues
    if later.speakers[0]:
        return float(later.speakers[0] == speaker)
    return 0.0 if later.changes else later.same_speaker


def same_speakers(ordered: Sequence[ClassifiedCue]) -> list[float | None]:
    """`same_speaker_probability` of each cue; None for the first, shape (cues,).

    Args:
        ordered: the cues, by time
    """
    found: list[float | None] = []
    speaker = ""
    for place, cue in enumerate(ordered):
        found.append(same_speaker_probability(ordered[place - 1], cue, speaker) if place else None)
        speaker = cue.speakers[-1] or ("" if cue.changes or len(cue.speakers) > 1 else speaker)
    return found


def is_known_to(change: bool, probability: float | None, least: float) -> bool:
    """Whether a change of speaker, or its absence, is known.

    Args:
        change: True for a change, False for its absence
        probability: probability of the same speaker; None if unknown
        least: probability below which the speaker changes

    >>> is_known_to(True, 0.2, 0.5), is_known_to(False, 0.7, 0.5), is_known_to(False, None, 0.5)
    (True, True, False)
    """
    return probability is not None and (probability < least) is change


def find_runs(
    ordered: Sequence[ClassifiedCue], same: Sequence[float | None], rules: RunRules
) -> list[Run]:
    """Finds the confident runs, by time; a cue is in at most one.

    Neighbouring cues with the same likeliest emotion form a candidate, which
    ends at a known change of speaker or a pause. A run begins at the first cue that is
    confident by itself, or less confident but accepted with the cues after it, if the
    same person is known to speak them, and continues to the candidate's end. Cues
    before that are in no run.

    Args:
        ordered: the cues, by time
        same: the result of `same_speakers`
        rules: the rules for runs
    """
    found = []
    for stretch in _stretches(ordered, same, rules):
        run = _believed(ordered, same, stretch, rules)
        if run is not None:
            found.append(run)
    return found


def _stretches(
    ordered: Sequence[ClassifiedCue], same: Sequence[float | None], rules: RunRules
) -> Iterator[list[int]]:
    """Places of consecutive cues with the same emotion, except neutral and calm."""
    stretch: list[int] = []
    last_ms = 0
    for place, cue in enumerate(ordered):
        emotion = _mood_of(cue)
        if stretch and (
            emotion is not _mood_of(ordered[stretch[-1]])
            or is_known_to(True, same[place], rules.same_speaker)
            or cue.start_ms - last_ms > rules.pause_ms
        ):
            yield stretch
            stretch = []
        if emotion is not None:
            last_ms = max(last_ms, cue.end_ms) if stretch else cue.end_ms
            stretch.append(place)
    if stretch:
        yield stretch


def _mood_of(cue: ClassifiedCue) -> Emotion | None:
    """The emotion of the cue's possible tag, or None."""
    if cue.prediction is None or not cue.is_open or cue.prediction.emotion in UNMARKED:
        return None
    return cue.prediction.emotion


def _believed(
    ordered: Sequence[ClassifiedCue],
    same: Sequence[float | None],
    stretch: Sequence[int],
    rules: RunRules,
) -> Run | None:
    predictions = [one.prediction for place in stretch if (one := ordered[place]).prediction]
    posteriors = [one.probabilities for one in predictions]
    for first, prediction in enumerate(predictions):
        if prediction.confidence < min(rules.start_confidence, rules.least_confidence):
            continue
        last = first + 1
        while last < min(first + rules.pooled_cues, len(stretch)) and is_known_to(
            False, same[stretch[last]], rules.same_speaker
        ):
            last += 1
        candidates = [pooled(posteriors[first:end]) for end in range(first + 1, last + 1)]
        evidence = max(candidates, key=max)
        if max(evidence) >= rules.least_confidence:
            count = candidates.index(evidence) + 1
            words = _words(ordered, stretch[first : first + count])
            return Run(tuple(stretch[first:]), prediction.emotion, evidence, words, count)
    return None


def _words(ordered: Sequence[ClassifiedCue], places: Sequence[int]) -> tuple[float, ...] | None:
    said = [one.words.probabilities for place in places if (one := ordered[place]).words]
    return pooled(said) if said else None
