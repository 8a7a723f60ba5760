"""Runs: cues in a row that one person speaks in one mood, and what is known of each as a whole.

A run's evidence is pooled by the mean of its cues' log posteriors, scaled to
sum to 1 again (the logarithmic opinion pool of Genest and Zidek, "Combining
probability distributions", 1986). The product of their likelihoods would be
right if every cue of a run were known to have one mood and were independent of
the others; on the films for choosing it is far too sure of itself (log loss of
the first cue's mood 1.41, where the mean has 0.64; 172 stretches of two cues or
more). A first cue that is not sure by itself is believed for what follows it
only where one person is known to speak both: with strangers among them such
first cues were right in 0.60 of the cases, too few. docs/captions.md has the
measurement.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import exp, log

from ..core.emotions import EMOTIONS, UNMARKED, Emotion
from ..core.prediction import Prediction

#: What a probability of 0 counts as.
LEAST_PROBABILITY = 1e-6


@dataclass(frozen=True)
class ClassifiedCue:
    """A cue, as runs are found in it.

    Attributes:
        start_ms: when it appears
        end_ms: when it goes
        speakers: who speaks, as far as the text says; ``("",)`` for somebody
        changes: whether the text marks another speaker than before
        prediction: how it sounds, or None where nobody knows
        is_open: whether it could show a tag, room aside
        same_speaker: the probability, 0 to 1, that whoever speaks is who spoke last in the cue
            before; None where that is not known
        words: what its words say by themselves, or None
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
    """What ends a run, and from what on it is believed.

    Attributes:
        least_confidence: of the pooled evidence, 0 to 1
        start_confidence: of a run's first cue by itself, 0 to 1, where others are pooled with it
        pause_ms: a run ends after so long a pause
        pooled_cues: so many cues from a run's start are its evidence
        same_speaker: from this probability on the same person speaks; below it a run ends
    """

    least_confidence: float
    start_confidence: float
    pause_ms: int
    pooled_cues: int
    same_speaker: float


@dataclass(frozen=True)
class Run:
    """Cues in a row in one mood.

    Attributes:
        places: their positions by time, from the first on
        emotion: the mood
        evidence: how the run sounds: the pooled posterior, shape (8,), sums to 1
        words: the pooled posterior of its words, or None
        pooled: of how many of its cues that is
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
        """The pooled probability of the mood, 0 to 1."""
        return self.evidence[EMOTIONS.index(self.emotion)]

    @property
    def gain(self) -> float | None:
        """What the mood tells that the words do not, in nats; None without a witness for these.

        The information gain of the pooled decision over the words (Cover and
        Thomas, *Elements of Information Theory*, 2.3, relative entropy).
        """
        if self.words is None:
            return None
        pairs = zip(self.evidence, self.words, strict=True)
        return sum(p * log(p / max(q, LEAST_PROBABILITY)) for p, q in pairs if p > 0)

    @property
    def is_told_by_words(self) -> bool:
        """Whether the words alone would have told the mood: it is their likeliest, too."""
        return (
            self.words is not None and EMOTIONS[self.words.index(max(self.words))] is self.emotion
        )


def pooled(posteriors: Sequence[Sequence[float]]) -> tuple[float, ...]:
    """The mean of log posteriors, as a posterior.

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
    """The probability that whoever speaks in a cue is who spoke last in the cue before.

    The text decides where it says who speaks, else what was heard (`ClassifiedCue.same_speaker`).

    Args:
        earlier: the cue before
        later: the cue
        speaker: who spoke last in the cue before, as far as any text said, or nothing

    Returns:
        0 to 1; None where nothing tells
    """
    if len(earlier.speakers) > 1:
        return 0.0  # which of them speaks on, nobody can tell
    if later.speakers[0]:
        return float(later.speakers[0] == speaker)
    return 0.0 if later.changes else later.same_speaker


def same_speakers(ordered: Sequence[ClassifiedCue]) -> list[float | None]:
    """`same_speaker_probability` of each cue and the one before; None of the first, shape (cues,).

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
    """Whether it is known that the speaker changes, or does not.

    Args:
        change: which of the two
        probability: that the same person speaks; None where nothing tells
        least: below this another does

    >>> is_known_to(True, 0.2, 0.5), is_known_to(False, 0.7, 0.5), is_known_to(False, None, 0.5)
    (True, True, False)
    """
    return probability is not None and (probability < least) is change


def find_runs(
    ordered: Sequence[ClassifiedCue], same: Sequence[float | None], rules: RunRules
) -> list[Run]:
    """The runs that are believed, by time; a cue is in one at the most.

    Neighbouring cues whose likeliest emotion is the same make a stretch, which
    ends where another speaker is known to begin, or after a pause. A run begins
    at its first cue that is sure by itself, or less sure but believed together
    with those behind it, if the same person is known to speak them; and goes on
    to the stretch's end. What is less sure before that cue is in no run.

    Args:
        ordered: the cues, by time
        same: what `same_speakers` says of them
        rules: what ends a run, and from what on it is believed
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
    """Places of cues in a row that sound alike, of emotions that a caption can tell."""
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
    """The mood that a tag of the cue would tell, or None."""
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
