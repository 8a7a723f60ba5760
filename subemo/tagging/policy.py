"""When and how a tag is shown: the settings, and what they say of a run.

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

from ..core.settings import check_fields
from .density import Caps
from .limits import LONGEST_EXTENSION_MS, ReadingLimits, limits_for
from .presets import PRESETS
from .runs import RunRules


class PolicyKind(StrEnum):
    """When a tag is shown.

    Example:
        >>> PolicyKind("strong")
        <PolicyKind.STRONG: 'strong'>
    """

    #: As the standards ask.
    SPARSE = "sparse"
    #: What the words do not tell.
    STRONG = "strong"
    #: The likeliest emotion on every cue with enough sound.
    EVERY = "every"


class LastForm(StrEnum):
    """What becomes of a tag that finds no room in the film's own wording."""

    #: It is not shown.
    NONE = "none"
    #: It is worded as short as the language can.
    SHORT = "short"
    #: That, and where there is no room for it either, it is an emoji.
    EMOJI = "emoji"


class Audience(StrEnum):
    """Whose reading speed counts.

    Example:
        >>> TagPolicy(audience=Audience.CHILDREN).limits("en").chars_per_second
        17
    """

    ADULTS = "adults"
    CHILDREN = "children"


class SoundsShown(StrEnum):
    """Which sounds of voices are shown, and whether shouts and whispers are.

    Example:
        >>> SoundsShown("voice")
        <SoundsShown.VOICE: 'voice'>
    """

    NONE = "none"
    #: Those that were right often enough in tests of speakers unheard.
    VOICE = "voice"
    #: All that there are.
    ALL = "all"


def _setting(default: Any, text: str, **metadata: Any) -> Any:
    """A field that is an option and a key of ``subemo.toml``, too; see `subemo.core.settings`."""
    return field(default=default, metadata={"help": text, **metadata})


@dataclass(frozen=True)
class TagPolicy:
    """When and how a tag is shown.

    Each field is also an option of ``subemo annotate`` and a key of
    ``subemo.toml``; this is the one table of all three.

    Attributes:
        policy: a `PolicyKind` or its name: ``sparse`` as the standards ask; ``strong`` for what the
            words do not tell; ``every`` for the
            likeliest emotion on every cue with enough sound, neutral, calm and
            songs included, whatever the rest of the fields says
        min_confidence: probability, 0 to 1, from which on a tag is shown; None
            for the one that the model's own calibration names
        strong_confidence: the same for ``strong``
        start_confidence: where one person is known to speak on, a run may begin with a cue that is
            only so sure by itself, if it is believed with those behind it
        pooled_cues: so many cues from a run's start on are its evidence, where one person is
            known to speak them
        same_speaker: from this probability on the same person speaks; below it a run ends
        repeat_after_ms: a pause that ends a run, and after which its tag is repeated
        late_ms: a tag stands at most so long after its run's start
        late_cues: and at most so many cues after it
        same_tag_ms: the same tag not again within so much time
        ms_per_tag: at most one tag in so much time
        cues_per_tag: at most one tag in so many cues of any time of *window_ms*
        window_ms: see there
        tags_per_minute: at most so many tags in any minute
        veto_ms: so near a surer mood that finds no room no other mood is shown
        preset: the house style, one of `subemo.tagging.presets.PRESETS`
        audience: whose reading speed counts, an `Audience` or its name
        chars_per_second: the fastest text; None for the preset's or the audience's
        chars_per_line: the longest line; None for the preset's or the language's
        max_lines: the most lines
        most_added: by what share, 0 to 1, a tag may lengthen a text that is too fast without it
        form_share: the film's wording fits this share, 0 to 1, of the tags that any wording fits
        last_form: what becomes of the others, a `LastForm` or its name
        extend: whether a cue may be lengthened into the gap behind it, so that
            a tag can be read; times are sacred, so not unless asked
        extend_ms: by how much at most
        sounds: a `SoundsShown` or its name: whether sounds of voices (laughing, sobbing), shouts
            and whispers are shown in cues without a mood's tag: ``none``, ``voice`` for those that
            were right often enough in tests, ``all``

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
    start_confidence: float = _setting(
        0.65, "No run begins with a cue less sure than this.", low=0, high=1, metavar="P"
    )
    pooled_cues: int = _setting(
        3, "So many cues of one speaker are a run's evidence.", low=1, high=100, metavar="N"
    )
    same_speaker: float = _setting(
        0.5, "Below this probability another person speaks.", low=0, high=1, metavar="P"
    )
    repeat_after_ms: int = _setting(
        10_000, "Such a pause ends a run.", low=0, metavar="MS", option="repeat-after"
    )
    late_ms: int = _setting(
        2_000, "A tag at most so long after its run's start.", low=0, metavar="MS", option="late-by"
    )
    late_cues: int = _setting(1, "And at most so many cues after it.", low=0, metavar="N")
    same_tag_ms: int = _setting(
        15_000, "Not the same tag within such a time.", low=0, metavar="MS", option="same-tag-after"
    )
    ms_per_tag: int = _setting(
        3_000, "At most one tag in so much time.", low=0, metavar="MS", option="time-per-tag"
    )
    cues_per_tag: int = _setting(3, "At most one tag in so many cues.", low=1, metavar="N")
    window_ms: int = _setting(
        120_000, "In any time as long as this.", low=1, metavar="MS", option="density-window"
    )
    tags_per_minute: int = _setting(5, "At most so many tags in any minute.", low=1, metavar="N")
    veto_ms: int = _setting(
        15_000, "No mood so near a surer one that has no room.", low=0, metavar="MS",
        option="veto-within",
    )  # fmt: skip
    preset: str = _setting("netflix", "The house style of tags.", choices=tuple(PRESETS))
    audience: Audience = field(
        default=Audience.ADULTS, metadata={"help": "Whose reading speed counts."}
    )
    chars_per_second: float | None = _setting(
        None,
        "The fastest text with a tag.",
        low=1,
        metavar="N",
        none="by preset, language and audience",
    )
    chars_per_line: int | None = _setting(
        None, "The longest line with a tag.", low=1, metavar="N", none="by preset and language"
    )
    max_lines: int = _setting(2, "The most lines with a tag.", low=1, metavar="N")
    most_added: float = _setting(
        0.1, "A tag adds at most this to a text too fast by itself.", low=0, high=1, metavar="SHARE"
    )
    form_share: float = _setting(
        0.9, "The film's wording of tags fits this share of them.", low=0, high=1, metavar="SHARE"
    )
    last_form: LastForm = field(
        default=LastForm.SHORT, metadata={"help": "A tag that finds no room in that wording."}
    )
    extend: bool = _setting(False, "Lengthen a cue where that makes a tag readable.")
    extend_ms: int = _setting(
        500,
        "By so much at most.",
        low=0,
        high=LONGEST_EXTENSION_MS,
        metavar="MS",
        option="extend-by",
    )
    sounds: SoundsShown = field(
        default=SoundsShown.NONE, metadata={"help": "Show laughs, sobs, shouts and the like."}
    )

    def __post_init__(self) -> None:
        check_fields(self)

    @property
    def least_confidence(self) -> float:
        """From which probability on a tag is shown, see `with_threshold`."""
        assert self.min_confidence is not None
        return self.min_confidence

    def with_threshold(self, threshold: float) -> TagPolicy:
        """The policy for a model that is believed from *threshold* on, unless it says another."""
        if self.min_confidence is not None:
            return self
        return replace(self, min_confidence=threshold)

    def limits(self, language: str) -> ReadingLimits:
        """What can be read in a language, as far as the policy does not say it itself."""
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

    @property
    def run_rules(self) -> RunRules:
        """What ends a run, and from what on it is believed."""
        return RunRules(
            least_confidence=self.least_confidence,
            start_confidence=self.start_confidence,
            pause_ms=self.repeat_after_ms,
            pooled_cues=self.pooled_cues,
            same_speaker=self.same_speaker,
        )

    @property
    def caps(self) -> Caps:
        """What keeps tags from flickering."""
        return Caps(
            repeat_after_ms=self.repeat_after_ms,
            same_tag_ms=self.same_tag_ms,
            ms_per_tag=self.ms_per_tag,
            cues_per_tag=self.cues_per_tag,
            window_ms=self.window_ms,
            tags_per_minute=self.tags_per_minute,
            veto_ms=self.veto_ms,
        )
