"""When and how a tag is shown: the settings, and what they say of a voice.

The standards agree that a tag is the exception: DCMP asks for one where the
emotion cannot be seen, Ofcom where tone is "particularly critical to meaning",
the BBC for one at the beginning of a run (Subtitle Guidelines 11.3) and for
accents and tones only where relevant (12.1); Zdenek warns of tags that
"riddle" a track. Nobody here sees the picture: confidence and change stand in
for it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from ..core.emotions import EMOTIONS, UNMARKED, Emotion
from ..core.prediction import Prediction
from ..core.settings import check_fields
from .limits import LONGEST_EXTENSION_MS, ReadingLimits, limits_for
from .presets import PRESETS
from .reasons import Decision, Reason

#: What the policy ``strong`` shows.
STRONG = frozenset({Emotion.ANGRY, Emotion.FEAR, Emotion.SAD, Emotion.SURPRISE})


class PolicyKind(StrEnum):
    """When a tag is shown.

    Example:
        >>> PolicyKind("strong")
        <PolicyKind.STRONG: 'strong'>
    """

    #: As the standards ask.
    SPARSE = "sparse"
    #: Anger, fear, sadness and surprise at high confidence alone.
    STRONG = "strong"
    #: The likeliest emotion on every cue with enough sound.
    EVERY = "every"


class Audience(StrEnum):
    """Whose reading speed counts.

    Example:
        >>> TagPolicy(audience=Audience.CHILDREN).limits("en").chars_per_second
        17
    """

    ADULTS = "adults"
    CHILDREN = "children"


def _setting(default: Any, text: str, **metadata: Any) -> Any:
    """A field that is an option and a key of ``subemo.toml``, too; see `subemo.core.settings`."""
    return field(default=default, metadata={"help": text, **metadata})


@dataclass(frozen=True)
class TagPolicy:
    """When and how a tag is shown.

    Each field is also an option of ``subemo annotate`` and a key of
    ``subemo.toml``; this is the one table of all three.

    Attributes:
        policy: a `PolicyKind` or its name: ``sparse`` as the standards ask; ``strong`` for anger, fear,
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
        audience: whose reading speed counts, an `Audience` or its name
        chars_per_second: the fastest text; None for the audience's
        chars_per_line: the longest line; None for the language's
        max_lines: the most lines
        extend: whether a cue may be lengthened into the gap behind it, so that
            a tag can be read; times are sacred, so not unless asked
        extend_ms: by how much at most

    Raises:
        SettingsError: at a value that cannot be

    Example:
        >>> TagPolicy(policy=PolicyKind.EVERY) == TagPolicy(policy="every")
        True
        >>> TagPolicy(policy="often")
        Traceback (most recent call last):
            ...
        subemo.core.errors.SettingsError: policy cannot be 'often'. It must be one of sparse, strong, every.
    """

    policy: PolicyKind = field(default=PolicyKind.SPARSE, metadata={"help": "When a tag is shown."})
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
    audience: Audience = field(
        default=Audience.ADULTS, metadata={"help": "Whose reading speed counts."}
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
        check_fields(self)

    @property
    def least_confidence(self) -> float:
        """From which probability on a tag is shown, see `with_threshold`."""
        assert self.min_confidence is not None
        if self.policy is PolicyKind.STRONG:
            return max(self.strong_confidence, self.min_confidence)
        return self.min_confidence

    def with_threshold(self, threshold: float) -> TagPolicy:
        """The policy for a model that is believed from *threshold* on, unless it says another."""
        if self.min_confidence is not None:
            return self
        return replace(self, min_confidence=threshold)

    def limits(self, language: str) -> ReadingLimits:
        """What can be read in a language, as far as the policy does not say it itself."""
        limits = limits_for(language, children=self.audience is Audience.CHILDREN)
        return replace(
            limits,
            chars_per_second=self.chars_per_second or limits.chars_per_second,
            chars_per_line=self.chars_per_line or limits.chars_per_line,
            lines=self.max_lines,
        )


def judge(
    prediction: Prediction, policy: TagPolicy, *, voice: Prediction | None = None
) -> Decision | None:
    """Why a cue gets no tag, by how it sounds; None where it may get one.

    Args:
        prediction: how it sounds
        policy: when a tag is shown, see `TagPolicy.with_threshold`
        voice: what the voice says by itself, where more than that made the prediction;
            an emotion that it finds less likely than one in eight is not shown
    """
    if policy.policy is PolicyKind.EVERY:
        return None
    emotion, confidence = prediction.emotion, prediction.confidence
    detail = f"{emotion.value} {confidence:.2f}"
    if emotion in UNMARKED:
        return Decision(None, Reason.UNMARKED, detail)
    if confidence < policy.least_confidence:
        return Decision(None, Reason.UNSURE, f"{detail}, below {policy.least_confidence:g}")
    if policy.policy is PolicyKind.STRONG and emotion not in STRONG:
        return Decision(None, Reason.WEAK, detail)
    if voice is not None:
        alone = voice.probabilities[EMOTIONS.index(emotion)]
        if alone < 1 / len(EMOTIONS):
            return Decision(None, Reason.WORDS_ALONE, f"{detail}, by its voice {alone:.2f}")
    return None
