"""Sets of labelled clips for evaluating models."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ...core.cache import Cache
from ...core.errors import CorpusError, SettingsError
from ...core.native import one_blas_thread
from ...core.progress import OnStep, ignore
from ...model.classifier import Classifier
from ..corpora import Clip, read_corpus
from . import trailer
from .clip_answers import Answers, answer_clips, answer_film
from .labels import read_labels
from .results import Evaluation


@dataclass(frozen=True)
class SetOptions:
    """Which clips are evaluated and how; validated when created.

    Attributes:
        path: a folder or a table of clips, or a film
        labels: table of the film's labelled segments; None if *path* has clips
        layout: of the folder, a name in `CORPORA`; None to detect it
        ignore: labels whose clips are left out
        is_trailer: whether it is the 2024 report's final test
        versions: versions of each clip, 1 or 4; None for the test's default
        adaptation: one of `ADAPTATIONS`; None for the default of the test or model

    Raises:
        SettingsError: if a film is given with a corpus layout or augmentation
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
                "`labels` cannot be combined with `layout` or `versions=4`",
                remedy="Omit `layout`; for `versions=4`, cut the film with `subemo clips` first.",
            )


@dataclass(frozen=True)
class LabelledSet:
    """Clips, or segments of a film, ready to be classified.

    Attributes:
        name: name of the set
        clips: all of them
        is_film: whether they are segments of a film
        versions: versions of each clip, 1 to 4
        adaptation: how features are standardised; None for the model's default
        notes: differences from the expected set, one line each
    """

    name: str
    clips: tuple[Clip, ...]
    is_film: bool
    versions: int
    adaptation: str | None
    notes: tuple[str, ...]

    def corpora_in_training(self, model: Classifier) -> list[str]:
        """The set's corpora in a model's training data, in order."""
        return sorted({clip.corpus for clip in self.clips} & model.bundle.training_corpora)


def read_set(options: SetOptions) -> LabelledSet:
    """Reads the clips to evaluate.

    Args:
        options: the options of the set

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
            notes.append(f"{count} clips of {label} left out (`ignore`)")
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
    """Classifies a set.

    Args:
        labelled: the set
        model: the model
        cache: folder of cached features, or None
        audio_stream: audio track of a film, from 0; None for the default track
        on_step: called with each step of progress

    Raises:
        MediaError: if a film has no sound that can be read
        CorpusError: if a segment ends after the sound
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
    """Evaluates predictions; the protocol's name says if the model was trained on the set's corpora.

    Args:
        labelled: the set
        model: the model
        answers: its predictions
        all_classes: whether the main figures are also over all eight classes

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
