"""The annotated film and its cues, and both as a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import islice
from pathlib import Path
from typing import Any

from ..core.emotions import UNMARKED, Prediction
from ..core.sounds import VocalProbabilities
from ..core.times import clock
from ..core.version import __version__
from ..subtitles.document import Cue, Document
from ..subtitles.markup import StyledText
from .colours import OKABE_ITO
from .decisions import Decision
from .policy import TagPolicy
from .presets import TagForm
from .sounds import SoundCue
from .vocabulary import Vocabulary

#: The probability at which an emotion counts as likely.
_LIKELY = 0.5


@dataclass(frozen=True, slots=True)
class AnnotatedCue:
    """A cue with its predictions and decision.

    Attributes:
        cue: the cue as in the subtitle file
        prediction: its emotion given the whole film, or None
            if it could not be classified
        decision: which tag it shows, and why
        styled_text: its words, without the file's markup
        voice_prediction: that of the voice alone, if more than that decided
        text_prediction: that of the text alone, if a text model exists
        vocal: probabilities of vocal sounds, shouting and whispering, if a model
            detects them

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
        """Position in the file, from 0."""
        return self.cue.index

    @property
    def start_ms(self) -> int:
        """Start time in milliseconds."""
        return self.cue.start_ms

    @property
    def end_ms(self) -> int:
        """End time in the subtitle file, in milliseconds."""
        return self.cue.end_ms

    @property
    def shown_end_ms(self) -> int:
        """End time as written, which is later if the cue was extended for its tag."""
        return self.cue.end_ms if self.decision.end_ms is None else self.decision.end_ms

    @property
    def text(self) -> str:
        """Its lines, joined by newlines, without the tag."""
        return self.cue.text

    @property
    def speaker(self) -> str:
        """The speaker named in the file, or an empty string."""
        return self.cue.speaker or self.styled_text.speaker

    @property
    def is_contradicted(self) -> bool:
        """Whether voice and words likely have different emotions, as in sarcasm or restraint.

        Neutral and calm count as one emotion; likely means a probability of at least one half.
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
        """The tag as shown, or None."""
        return self.decision.text or None


@dataclass(frozen=True)
class AnnotatedFilm:
    """An annotated film.

    Attributes:
        video: the film
        subtitles: its subtitle file, or None
        document: the content of that file or of the film's track, or None
        cues: every cue, in the order of the file
        policy: the policy
        model: the model's name; empty if none was used
        witness: the name of the text model, or None
        review: what a reviewer judged and changed, as a clause, or empty
        form_of_tags: the wording of the film's tags
        more_tags: additional tags with each field of the policy that makes room for them, such as
            ``extend=True``
        sound_cues: subemo's own cues, of sounds between the film's cues
        sound_model: SHA-256 of the user's own model of sounds of the scene, or None
        adaptation: how features were standardised
        adapted_on: number of cues with enough sound for the statistics
        duration_ms: duration of the film, or None if unknown
        channels: the analysed channels, ``centre`` or ``all``
        audio_stream: the analysed audio track, an index among the film's audio tracks; None
            if none was
        audio_track: which of several audio tracks that is, for people; empty if there is one
        language: language of the tags, a BCP 47 code
        transcriber: the name of the speech recogniser, or None
        spoken_language: the language of the speech, a BCP 47 code, if given or detected
        vocabulary: custom tag words; None for those of the language
        warnings: warnings
        video_state: what tells whether the film is still the one that was heard
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
    sound_cues: tuple[SoundCue, ...] = ()
    sound_model: str | None = None
    audio_stream: int | None = None
    audio_track: str = ""
    video_state: tuple[int, ...] | None = None

    @property
    def tagged(self) -> tuple[AnnotatedCue, ...]:
        """The cues with a tag."""
        return tuple(cue for cue in self.cues if cue.decision.tag is not None)

    @property
    def written(self) -> tuple[AnnotatedCue, ...]:
        """The cues of a new file: those with words or a tag."""
        return tuple(
            cue for cue in self.cues
            if self.document is not None or cue.decision.tag is not None or cue.styled_text.plain.strip()
        )  # fmt: skip

    @property
    def provenance(self) -> str:
        """The origin of tags and words, one line for the head of a file."""
        if not self.model:
            return f"{__version__}: final captions; no model was used"
        words = f"; text transcribed by {self.transcriber}" if self.transcriber else ""
        review = f"; {self.review}" if self.review else ""
        if self.sound_model is not None:
            review += (
                f"; sounds of the scene by a model of the user's own (SHA-256 {self.sound_model})"
            )
        return (
            f"{__version__}, model {self.model}: a tag is how a voice sounds to a listener, "
            f"not what a person feels{words}{review}"
        )

    def counts(self) -> Counter[str]:
        """The numbers of cues by shown emotion, and by reason for no tag."""
        return Counter(
            cue.decision.reason.value if cue.decision.tag is None else cue.decision.tag.value
            for cue in self.cues
        )

    @property
    def inputs(self) -> Sequence[Path]:
        """The files that must never be overwritten."""
        return [self.video, *([self.subtitles] if self.subtitles else [])]


#: The most cues shown in a notebook.
_MOST_ROWS = 200


def rows(cues: Iterable[AnnotatedCue]) -> list[dict[str, Any]]:
    """A row for each cue, with the same columns; times are integer milliseconds.

    Args:
        cues: the cues of an annotated film
    """
    return [
        {
            "start_ms": cue.start_ms,
            "end_ms": cue.shown_end_ms,
            "text": cue.styled_text.plain,
            "speaker": cue.speaker,
            "emotion": cue.prediction and cue.prediction.emotion.value,
            "confidence": cue.prediction and round(cue.prediction.confidence, 6),
            "tag": cue.decision.tag and cue.decision.tag.value,
            "shown": cue.decision.text or None,
            "reason": cue.decision.reason.value,
        }
        for cue in cues
    ]


def as_html(film: AnnotatedFilm) -> str:
    """The first cues of a film as an HTML table, with escaped text."""
    lines = [
        f"<p><b>{_safe(film.video.name)}</b>: {len(film.tagged)} of {len(film.cues)} cues show a tag, "
        f"model {_safe(film.model)}</p>",
        "<table><thead><tr><th>start</th><th>caption</th><th>sounds</th><th>why</th></tr></thead><tbody>",
        *map(_row, islice(film.cues, _MOST_ROWS)),
        "</tbody></table>",
    ]
    if len(film.cues) > _MOST_ROWS:
        lines.append(f"<p>and {len(film.cues) - _MOST_ROWS} more cues</p>")
    return "\n".join(lines)


def _row(cue: AnnotatedCue) -> str:
    tag = ""
    if cue.decision.tag is not None:
        colour = OKABE_ITO[cue.decision.tag]
        tag = f'<b style="background:#000;color:{colour};padding:0 .3em">{_safe(cue.decision.text)}</b> '
    sounds = ""
    if cue.prediction is not None:
        sounds = f"{cue.prediction.emotion} {cue.prediction.confidence:.2f}"
    words = _safe(cue.styled_text.plain).replace("\n", "<br>")
    cells = (clock(max(0, cue.start_ms)), f"{tag}{words}", sounds, _safe(cue.decision.reason))
    return "<tr>" + "".join(f'<td style="text-align:left">{cell}</td>' for cell in cells) + "</tr>"


def _safe(text: str) -> str:
    return escape(text.encode("utf-8", "replace").decode())
