"""What comes of a film: every cue, what its voice sounds like, and what is shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ..core.emotions import UNMARKED
from ..core.prediction import Prediction
from ..core.sounds import VocalProbabilities
from ..core.version import __version__
from ..subtitles.document import Cue, Document
from ..subtitles.markup import StyledText
from .policy import TagPolicy
from .presets import TagForm
from .reasons import Decision
from .vocabulary import Vocabulary

#: From which probability on a mood is likely.
_LIKELY = 0.5


@dataclass(frozen=True)
class AnnotatedCue:
    """A cue and what was found.

    Attributes:
        cue: the cue, as it is in the subtitle file
        prediction: how its voice sounds, all that is known of the film considered, or None
            where that could not be told
        decision: what it shows, and why
        styled_text: its words, without the markup of its file
        voice_prediction: that of its voice alone, where more than that decided
        text_prediction: that of its text alone, where a model classified it
        vocal: how likely sounds of voices, shouting and whispering are in it, where a model
            hears them

    Example:
        >>> import subemo
        >>> cue = subemo.annotate("samples/trailer.mp4", "samples/trailer.srt").cues[0]
        >>> cue.start_ms, cue.tag_text, cue.decision.reason.value
        (12000, None, 'neutral or calm')
    """

    cue: Cue
    prediction: Prediction | None
    decision: Decision
    styled_text: StyledText = field(default=StyledText(()))
    voice_prediction: Prediction | None = None
    text_prediction: Prediction | None = None
    vocal: VocalProbabilities | None = None

    @property
    def index(self) -> int:
        """Its position in the file, from 0."""
        return self.cue.index

    @property
    def start_ms(self) -> int:
        """When it appears."""
        return self.cue.start_ms

    @property
    def end_ms(self) -> int:
        """When it goes, as the subtitle file has it."""
        return self.cue.end_ms

    @property
    def shown_end_ms(self) -> int:
        """When it goes, as it is written: later, where it was lengthened for its tag."""
        return self.cue.end_ms if self.decision.end_ms is None else self.decision.end_ms

    @property
    def text(self) -> str:
        """Its lines, joined by newlines, without a tag."""
        return self.cue.text

    @property
    def speaker(self) -> str:
        """Who says it, where the file has a name, else nothing."""
        return self.cue.speaker or self.styled_text.speaker

    @property
    def is_contradicted(self) -> bool:
        """Whether voice and words are each likely to hold another mood: sarcasm, or restraint.

        Neutral and calm count as one mood, and likely is from one half on.
        """
        if self.voice_prediction is None or self.text_prediction is None:
            return False
        voice, text = self.voice_prediction, self.text_prediction
        if min(voice.confidence, text.confidence) < _LIKELY:
            return False
        moods = {None if e in UNMARKED else e for e in (voice.emotion, text.emotion)}
        return len(moods) > 1

    @property
    def tag_text(self) -> str | None:
        """The tag as it is shown, or None."""
        return self.decision.text or None


@dataclass(frozen=True)
class AnnotatedFilm:
    """An annotated film.

    Attributes:
        video: the film
        subtitles: its subtitle file, or None
        document: that file's content, or that of the film's own track, or None
        cues: every cue, in the order of the file
        policy: when tags were shown
        model: the model's name; nothing where none was asked
        witness: the name of the model that classified the text, or None
        review: what a person judged and changed, a clause; nothing where nobody did
        form_of_tags: how the film's tags are worded
        more_tags: how many tags more there would be with an option that makes room for them
        adaptation: which statistics the film was standardised with
        adapted_on: how many cues had enough sound to count in them
        duration_ms: of the film, or None where its container does not say
        channels: which were listened to, ``centre`` or ``all``
        language: of the tags, a BCP 47 code
        transcriber: the name of the speech recogniser that the text is from, or None
        spoken_language: the language of the speech, a BCP 47 code, where it was given or detected
        vocabulary: the user's own words for the emotions; None for those of the language
        warnings: what was worked around, a line each
    """

    video: Path
    subtitles: Path | None
    document: Document | None
    cues: tuple[AnnotatedCue, ...]
    policy: TagPolicy
    model: str
    adaptation: str
    adapted_on: int
    duration_ms: int | None
    channels: str = "all"
    language: str = "en"
    transcriber: str | None = None
    vocabulary: Vocabulary | None = None
    warnings: tuple[str, ...] = ()
    witness: str | None = None
    spoken_language: str | None = None
    review: str = ""
    form_of_tags: TagForm = TagForm.MANNER
    more_tags: Mapping[str, int] = field(default_factory=dict)

    @property
    def tagged(self) -> tuple[AnnotatedCue, ...]:
        """The cues that show a tag."""
        return tuple(cue for cue in self.cues if cue.decision.tag is not None)

    @property
    def written(self) -> tuple[AnnotatedCue, ...]:
        """The cues that a new file holds: those with words or a tag."""
        return tuple(
            cue for cue in self.cues
            if self.document is not None or cue.decision.tag is not None or cue.styled_text.plain.strip()
        )  # fmt: skip

    @property
    def provenance(self) -> str:
        """Where the tags, and perhaps the words, come from: one line for the head of a file."""
        if not self.model:
            return f"{__version__}: captions that were final; no model was asked"
        words = (
            f"; words written down by a machine ({self.transcriber})" if self.transcriber else ""
        )
        review = f"; {self.review}" if self.review else ""
        return (
            f"{__version__}, model {self.model}: a tag is how a voice sounds to a listener, "
            f"not what a person feels{words}{review}"
        )

    def counts(self) -> Counter[str]:
        """How many cues show each emotion, and how many none for each reason."""
        return Counter(
            cue.decision.reason.value if cue.decision.tag is None else cue.decision.tag.value
            for cue in self.cues
        )

    @property
    def inputs(self) -> Sequence[Path]:
        """The files that must never be written over."""
        return [self.video, *([self.subtitles] if self.subtitles else [])]
