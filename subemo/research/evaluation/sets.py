"""Sets of labelled clips that a model is asked about: their names, what of them trained it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ...analysis.answers import one_blas_thread
from ...core.cache import Cache
from ...core.errors import CorpusError, SettingsError
from ...core.progress import OnStep, ignore
from ...model.classifier import Classifier
from ..corpora import Clip, read_corpus
from . import trailer
from .clip_answers import Answers, answer_clips, answer_film
from .labels import read_labels
from .results import Evaluation


@dataclass(frozen=True)
class SetOptions:
    """Which clips are evaluated, and what a model is given of them; checked when it is made.

    Attributes:
        path: a folder or a table of clips, or a film
        labels: of the stretches of the film; None where *path* holds clips
        layout: of the folder, a name in `CORPORA`; None to find it out
        ignore: labels whose clips are left out
        is_trailer: whether it is the 2024 report's final test
        versions: of each clip, 1 or 4; None for what the test asks
        adaptation: one of `ADAPTATIONS`; None for what the test or the model asks

    Raises:
        SettingsError: if a film is to be read as a corpus, or augmented
    """

    path: Path
    labels: Path | None = None
    layout: str | None = None
    ignore: tuple[str, ...] = ()
    is_trailer: bool = False
    versions: int | None = None
    adaptation: str | None = None

    def __post_init__(self) -> None:
        if self.labels and (self.layout or self.versions == 4):
            raise SettingsError(
                "--labels is for a film as it is",
                remedy="Leave out --corpus, and for --versions 4 cut it with `subemo clips` first.",
            )


@dataclass(frozen=True)
class LabelledSet:
    """Clips, or stretches of a film, ready to be classified.

    Attributes:
        name: for people
        clips: all of them
        is_film: whether they are stretches of one film
        versions: of each clip, from 1 to 4
        adaptation: what they are standardised with; None for what the model names
        notes: how they are other than expected, a line each
    """

    name: str
    clips: tuple[Clip, ...]
    is_film: bool
    versions: int
    adaptation: str | None
    notes: tuple[str, ...]

    def corpora_in_training(self, model: Classifier) -> list[str]:
        """The set's corpora that a model learned from, in order."""
        return sorted({clip.corpus for clip in self.clips} & model.bundle.training_corpora)


def read_set(options: SetOptions) -> LabelledSet:
    """The clips that are evaluated.

    Args:
        options: which

    Raises:
        CorpusError: if they cannot be read
    """
    notes = []
    if options.labels:
        clips = read_labels(options.labels, options.path, ignore=options.ignore)
    else:
        reading = read_corpus(options.path, corpus=options.layout, ignore=options.ignore)
        clips = reading.clips
        for label, count in reading.ignored.items():
            notes.append(f"{count} clips of {label} were left out, as asked")
    name, versions = options.path.name or str(options.path), options.versions or 1
    adaptation = options.adaptation
    if options.is_trailer:
        name = f"{name}, {trailer.TITLE}"
        versions = options.versions or (1 if options.labels else trailer.VERSIONS)
        adaptation = adaptation or trailer.ADAPTATION
        notes += trailer.differences(clips)
    return LabelledSet(name, tuple(clips), bool(options.labels), versions, adaptation, tuple(notes))


def answer_set(
    labelled: LabelledSet,
    model: Classifier,
    *,
    cache: Cache | None = None,
    audio_stream: int | None = None,
    on_step: OnStep = ignore,
) -> Answers:
    """A model's answers to a set.

    Args:
        labelled: the set
        model: the model
        cache: where clips' features are cached
        audio_stream: which sound track of a film, from 0; None for ffmpeg's choice
        on_step: called with each step of progress

    Raises:
        MediaError: if a film has no sound that can be read
        CorpusError: if a stretch goes on after the end of its sound
    """
    with one_blas_thread():
        if labelled.is_film:
            return answer_film(
                labelled.clips[0].path,
                labelled.clips,
                model,
                adaptation=labelled.adaptation,
                audio_stream=audio_stream,
                on_step=on_step,
            )
        return answer_clips(
            labelled.clips,
            model,
            versions=labelled.versions,
            adaptation=labelled.adaptation,
            cache=cache,
            on_step=on_step,
        )


def measure_set(
    labelled: LabelledSet, model: Classifier, answers: Answers, *, all_classes: bool = False
) -> Evaluation:
    """The figures of a model's answers; their name says so where it learned from the set's corpora.

    Args:
        labelled: the set
        model: the model
        answers: what it answered
        all_classes: whether the main figures, too, are over all eight classes

    Raises:
        CorpusError: if no clip could be classified
    """
    if not answers.clips:
        raise CorpusError(
            "none of these clips could be classified", path=labelled.clips[0].path.parent
        )
    name, leaking = labelled.name, labelled.corpora_in_training(model)
    if leaking:
        name = f"{name} (leaks: {', '.join(leaking)} in the training data)"
    return Evaluation.of(name, model.bundle.name, answers, all_classes=all_classes)
