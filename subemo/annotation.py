"""What comes of a film: every cue, what its voice sounds like, and what is shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .captions import FORMATS, Cue, Document
from .captions.policy import Decision, TagPolicy
from .emotions import CAPTION_WORDS
from .files import check_writable, write_atomically
from .model.classifier import Prediction


@dataclass(frozen=True)
class AnnotatedCue:
    """A cue and what was found.

    Attributes:
        cue: the cue, as it is in the subtitle file
        prediction: how its voice sounds, or None where that could not be told
        decision: what it shows, and why
    """

    cue: Cue
    prediction: Prediction | None
    decision: Decision

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
        """When it goes."""
        return self.cue.end_ms

    @property
    def text(self) -> str:
        """Its lines, joined by newlines, without a tag."""
        return self.cue.text

    @property
    def tag_text(self) -> str | None:
        """The word that it shows, without brackets, or None."""
        return None if self.decision.tag is None else CAPTION_WORDS[self.decision.tag]


@dataclass(frozen=True)
class Annotation:
    """An annotated film.

    Attributes:
        video: the film
        subtitles: its subtitle file, or None
        document: that file's content, or None
        cues: every cue, in the order of the file
        policy: when tags were shown
        model: the model's name
        adaptation: which statistics the film was standardised with
        adapted_on: how many cues had enough sound to count in them
        duration_ms: of the film, or None where its container does not say
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
    warnings: tuple[str, ...] = ()

    @property
    def tagged(self) -> tuple[AnnotatedCue, ...]:
        """The cues that show a tag."""
        return tuple(cue for cue in self.cues if cue.decision.tag is not None)

    def counts(self) -> Counter[str]:
        """How many cues show each emotion, and how many none for each reason."""
        return Counter(
            cue.decision.reason.value if cue.decision.tag is None else cue.decision.tag.value
            for cue in self.cues
        )

    def render(self, form: str = "srt") -> bytes:
        """The annotated subtitles as a whole file.

        Args:
            form: a name in `subemo.captions.FORMATS`
        """
        return FORMATS[form].write(self)

    def save(self, path: str | Path, form: str = "srt", *, overwrite: bool = False) -> None:
        """Writes the annotated subtitles, all of them or nothing, never over an input.

        Args:
            path: where to
            form: a name in `subemo.captions.FORMATS`
            overwrite: whether an existing file may be replaced

        Raises:
            OutputError: if nothing can or may be written there
        """
        check_writable(Path(path), inputs=self.inputs, overwrite=overwrite)
        write_atomically(Path(path), self.render(form), overwrite=overwrite)

    @property
    def inputs(self) -> Sequence[Path]:
        """The files that must never be written over."""
        return [self.video, *([self.subtitles] if self.subtitles else [])]
