"""When and how a tag is shown: the settings of `subemo annotate`.

The standards agree that a tag is the exception: DCMP asks for one where the
emotion cannot be seen, Ofcom where tone is "particularly critical to meaning",
the BBC for one at the beginning of a run (Subtitle Guidelines 11.3) and for
accents and tones only where relevant (12.1); Zdenek warns of tags that
"riddle" a track. subemo does not analyse the picture, so confidence and change
of emotion stand in for it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from ..core.settings import check_fields
from .limits import LONGEST_EXTENSION_MS, ReadingLimits, limits_for
from .presets import PRESETS


class PolicyKind(StrEnum):
    """When a tag is shown.

    Example:
        >>> PolicyKind("strong")
        <PolicyKind.STRONG: 'strong'>
    """

    #: Few tags, as the standards require.
    SPARSE = "sparse"
    #: Only emotions that the words do not convey.
    STRONG = "strong"
    #: The likeliest emotion on every cue with enough sound.
    EVERY = "every"


class LastForm(StrEnum):
    """What to do with a tag that does not fit in the film's wording.

    Example:
        >>> TagPolicy(last_form=LastForm.EMOJI).last_form.value
        'emoji'
    """

    #: It is not shown.
    NONE = "none"
    #: Use the shortest wording of the language.
    SHORT = "short"
    #: The same, and an emoji if that does not fit either.
    EMOJI = "emoji"


class Audience(StrEnum):
    """The audience whose reading speed is the limit.

    Example:
        >>> TagPolicy(audience=Audience.CHILDREN).limits("en").chars_per_second
        17
    """

    ADULTS = "adults"
    CHILDREN = "children"


class SoundsShown(StrEnum):
    """Which vocal sounds, shouts and whispers are shown.

    Example:
        >>> SoundsShown("voice")
        <SoundsShown.VOICE: 'voice'>
    """

    NONE = "none"
    #: Those that were precise enough in tests on unseen speakers.
    VOICE = "voice"
    #: All of them.
    ALL = "all"


#: Titles of options in the help; the others have that of what is shown.
MOST_USED, LOOKS = "Most used", "How it looks"


def _setting(default: Any, text: str, **metadata: Any) -> Any:
    """A field that is also an option and a key of ``subemo.toml``; see `subemo.core.settings`."""
    return field(default=default, metadata={"help": text, **metadata})


@dataclass(frozen=True)
class TagPolicy:
    """When and how a tag is shown.

    Each field is also an option of ``subemo annotate`` and a key of
    ``subemo.toml``; this table defines all three.

    Attributes:
        policy: a `PolicyKind` or its name: ``sparse`` as the standards require; ``strong`` only
            for emotions that the words do not convey; ``every`` for the likeliest emotion on
            every cue with enough sound, neutral, calm and songs included, ignoring other fields
        min_confidence: probability, 0 to 1, at and above which a tag is shown; None
            for the model's calibrated threshold
        strong_confidence: the same for ``strong``
        start_confidence: where the speaker is known to stay the same, a run may begin with a cue
            of this confidence if the pooled cues reach the threshold
        pooled_cues: the number of cues pooled from a run's start, where the speaker is known to
            stay the same
        same_speaker: probability of the same speaker below which a run ends
        repeat_after_ms: a pause that ends a run, and after which its tag is repeated
        late_ms: the longest delay of a tag after its run's start
        late_cues: the largest number of cues by which a tag may be delayed
        same_tag_ms: the shortest time before the same tag is shown again
        ms_per_tag: at most one tag in this time
        cues_per_tag: at most one tag per this many cues, in any window of *window_ms*
        window_ms: see *cues_per_tag*
        tags_per_minute: the largest number of tags in any minute
        veto_ms: the time around a more confident tag without room in which no other tag is shown
        preset: the house style, one of `subemo.tagging.presets.PRESETS`
        audience: whose reading speed is the limit, an `Audience` or its name
        chars_per_second: the fastest text; None for the preset's or the audience's limit
        chars_per_line: the longest line; None for the preset's or the language's limit
        max_lines: the most lines
        most_added: the share, 0 to 1, that a tag may add to a text already too fast without it
        form_share: of the tags that fit in any wording, the share, 0 to 1, that must fit in the
            film's
        last_form: what to do with the others, a `LastForm` or its name
        extend: whether a cue may be lengthened into the gap after it, so that
            a tag can be read; off by default, since times must not change unasked
        extend_ms: the largest extension
        sounds: a `SoundsShown` or its name: which vocal sounds (laughing, sobbing), shouts
            and whispers are shown in cues without an emotion tag: ``none``, ``voice`` for those
            that were precise enough in tests, ``all``

    Raises:
        SettingsError: if a value is invalid

    Example:
        >>> TagPolicy(policy=PolicyKind.EVERY) == TagPolicy(policy="every")
        True
        >>> TagPolicy(policy="often")
        Traceback (most recent call last):
            ...
        subemo.core.errors.SettingsError: policy cannot be 'often'. It must be one of sparse, strong, every.
    """

    policy: PolicyKind = _setting(
        PolicyKind.SPARSE,
        "How often to tag: few cues, only what the words do not convey, or every cue.",
        group=MOST_USED,
    )
    min_confidence: float | None = _setting(
        None,
        "Lowest probability of a shown tag.",
        low=0,
        high=1,
        metavar="P",
        none="the model's own",
        group=MOST_USED,
    )
    strong_confidence: float = _setting(
        0.8, "Lowest probability of a shown tag with --policy strong.", low=0, high=1, metavar="P"
    )
    start_confidence: float = _setting(
        0.65, "Lowest probability of a run's first cue.", low=0, high=1, metavar="P"
    )
    pooled_cues: int = _setting(
        3, "Cues of one speaker to pool for a run's confidence.", low=1, high=100, metavar="N"
    )
    same_speaker: float = _setting(
        0.5,
        "End a run where the next cue is less likely than this to have the same speaker.",
        low=0,
        high=1,
        metavar="P",
    )
    repeat_after_ms: int = _setting(
        10_000, "Pause that ends a run.", low=0, metavar="MS", option="repeat-after"
    )
    late_ms: int = _setting(
        2_000,
        "Longest delay of a tag after its run's start.",
        low=0,
        metavar="MS",
        option="late-by",
    )
    late_cues: int = _setting(1, "Largest number of cues to delay a tag by.", low=0, metavar="N")
    same_tag_ms: int = _setting(
        15_000,
        "Shortest time before the same tag is shown again.",
        low=0,
        metavar="MS",
        option="same-tag-after",
    )
    ms_per_tag: int = _setting(
        3_000, "Shortest time between two tags.", low=0, metavar="MS", option="time-per-tag"
    )
    cues_per_tag: int = _setting(
        3, "At most one tag per this many cues in any --density-window.", low=1, metavar="N"
    )
    window_ms: int = _setting(
        120_000, "Window of --cues-per-tag.", low=1, metavar="MS", option="density-window"
    )
    tags_per_minute: int = _setting(5, "Largest number of tags in any minute.", low=1, metavar="N")
    veto_ms: int = _setting(
        15_000, "Show no tag this close to a more confident one that does not fit.",
        low=0, metavar="MS",
        option="veto-within",
    )  # fmt: skip
    preset: str = _setting(
        "netflix", "House style of the tags.", choices=tuple(PRESETS), group=MOST_USED
    )
    audience: Audience = _setting(
        Audience.ADULTS, "Audience whose reading speed is the limit.", group=LOOKS
    )
    chars_per_second: float | None = _setting(
        None,
        "Highest reading speed of a text with its tag.",
        low=1,
        metavar="N",
        none="by preset, language and audience",
        group=LOOKS,
    )
    chars_per_line: int | None = _setting(
        None,
        "Longest line with its tag.",
        low=1,
        metavar="N",
        none="by preset and language",
        group=LOOKS,
    )
    max_lines: int = _setting(
        2, "Most lines of a cue with its tag.", low=1, metavar="N", group=LOOKS
    )
    most_added: float = _setting(
        0.1,
        "Most that a tag may add to a text already too fast.",
        low=0,
        high=1,
        metavar="SHARE",
        group=LOOKS,
    )
    form_share: float = _setting(
        0.9,
        "Share of the tags that must fit in the film's wording.",
        low=0,
        high=1,
        metavar="SHARE",
        group=LOOKS,
    )
    last_form: LastForm = _setting(
        LastForm.SHORT,
        "What to do with a tag that does not fit in the film's wording.",
        group=LOOKS,
    )
    extend: bool = _setting(False, "Lengthen cues where that makes room for a tag.", group=LOOKS)
    extend_ms: int = _setting(
        500,
        "Longest extension of a cue.",
        low=0,
        high=LONGEST_EXTENSION_MS,
        metavar="MS",
        option="extend-by",
        group=LOOKS,
    )
    sounds: SoundsShown = _setting(
        SoundsShown.NONE,
        "Tag laughs, sobs, shouts and whispers: none, those detected reliably, or all.",
    )

    def __post_init__(self) -> None:
        check_fields(self)

    @property
    def least_confidence(self) -> float:
        """The lowest probability of a shown tag, see `with_threshold`."""
        assert self.min_confidence is not None
        return self.min_confidence

    def with_threshold(self, threshold: float) -> TagPolicy:
        """The policy with a model's threshold, unless it sets its own."""
        if self.min_confidence is not None:
            return self
        return replace(self, min_confidence=threshold)

    def limits(self, language: str) -> ReadingLimits:
        """The reading limits of a language, overridden by those of the policy."""
        limits = limits_for(language, children=self.audience is Audience.CHILDREN)
        preset = PRESETS[self.preset]
        return replace(
            limits,
            chars_per_second=self.chars_per_second
            or min(preset.chars_per_second or limits.chars_per_second, limits.chars_per_second),
            chars_per_line=self.chars_per_line
            or min(preset.chars_per_line or limits.chars_per_line, limits.chars_per_line),
            lines=self.max_lines,
        )
