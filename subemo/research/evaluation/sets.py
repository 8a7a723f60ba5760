"""Sets of labelled clips for evaluating models."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from ...core.cache import Cache
from ...core.emotions import EMOTIONS
from ...core.errors import CorpusError, SettingsError
from ...core.native import one_blas_thread
from ...core.progress import OnStep, ignore
from ...model.classifier import Classifier
from ..corpora import Clip, read_corpus
from ..corpora.layouts import FilmLabels
from .clip_answers import ClipAnswers, answer_clips, answer_film
from .results import Evaluation


def read_labels(path: Path, video: Path, *, ignore: Collection[str] = ()) -> list[Clip]:
    """Reads the labelled segments of *video* from a table, in order.

    Args:
        path: a CSV file with the columns start, end, emotion and, if known, speaker
        video: the film
        ignore: labels whose segments are left out

    Raises:
        CorpusError: for a wrong header, an unknown label, an empty or duplicate
            segment, or if there are no segments
    """
    clips = read_corpus(path, corpus=FilmLabels(video), ignore=ignore).clips
    if not clips:
        raise CorpusError(FilmLabels.nothing, path=path, remedy="Add one row per segment.")
    return clips


#: Its title in the name of a set.
TRAILER_TITLE = "the 2024 report's trailer test"

_TRAILER_CLIPS = 3

#: Each clip and its three augmentations, all 96 standardised together.
TRAILER_VERSIONS = 4
TRAILER_ADAPTATION = "set"


def trailer_differences(clips: Sequence[Clip]) -> list[str]:
    """The differences of a set from the 24 clips of that test, one sentence each."""
    found = []
    expected = _TRAILER_CLIPS * len(EMOTIONS)
    if len(clips) != expected:
        found.append(f"the 2024 report's test has {expected} clips, this set has {len(clips)}")
    counts = Counter(clip.emotion for clip in clips)
    for emotion in EMOTIONS:
        if counts[emotion] != _TRAILER_CLIPS:
            found.append(
                f"the 2024 report's test has {_TRAILER_CLIPS} clips of {emotion.value}, "
                f"this set has {counts[emotion]}"
            )
    return found


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


def read_set(
    path: Path,
    *,
    labels: Path | None = None,
    layout: str | None = None,
    ignore: Collection[str] = (),
    is_trailer: bool = False,
    versions: int | None = None,
    adaptation: str | None = None,
) -> LabelledSet:
    """Reads the clips to evaluate.

    Args:
        path: a folder or a table of clips, or a film
        labels: table of the film's labelled segments; None if *path* has clips
        layout: of the folder, a name in `CORPORA`; None to detect it
        ignore: labels whose clips are left out
        is_trailer: whether it is the 2024 report's final test
        versions: versions of each clip, 1 or 4; None for the test's default
        adaptation: one of `ADAPTATIONS`; None for the default of the test or model

    Raises:
        SettingsError: if a film is given with a corpus layout or augmentation
        CorpusError: if the clips cannot be read
    """
    notes = []
    if labels:
        if layout or versions == 4:
            raise SettingsError(
                "`labels` cannot be combined with `layout` or `versions=4`",
                remedy="Omit `layout`; for `versions=4`, cut the film with `subemo clips` first.",
            )
        clips = read_labels(labels, path, ignore=ignore)
    else:
        reading = read_corpus(path, corpus=layout, ignore=ignore)
        clips = reading.clips
        for label, count in reading.ignored.items():
            notes.append(f"{count} clips of {label} left out (`ignore`)")
    name = path.name or str(path)
    if is_trailer:
        name = f"{name}, {TRAILER_TITLE}"
        versions = versions or (1 if labels else TRAILER_VERSIONS)
        adaptation = adaptation or TRAILER_ADAPTATION
        notes += trailer_differences(clips)
    return LabelledSet(name, tuple(clips), bool(labels), versions or 1, adaptation, tuple(notes))


def answer_set(
    labelled: LabelledSet,
    model: Classifier,
    *,
    cache: Cache | None = None,
    audio_stream: int | None = None,
    on_step: OnStep = ignore,
) -> ClipAnswers:
    """Classifies a set.

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
    labelled: LabelledSet, model: Classifier, answers: ClipAnswers, *, all_classes: bool = False
) -> Evaluation:
    """Evaluates predictions; the protocol's name says if the model was trained on the set's corpora.

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
