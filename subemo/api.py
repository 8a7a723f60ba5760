"""The public functions, from a film and its subtitles to tagged subtitles."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from .align.segments import whole
from .analysis.analyse import FilmAnalysis, analyse
from .analysis.film import Film, open_film
from .analysis.options import AnalysisOptions
from .analysis.predictions import predictions_of
from .annotation import Annotation, tagged, vocabulary_for
from .core.emotions import Prediction
from .core.native import loaded_once
from .core.progress import OnStep, ignore
from .model import DEFAULT_MODEL
from .model.bundle import DESCRIPTION_FILE, WEIGHTS_FILE, find_bundle
from .model.classifier import Classifier
from .proof.proving import read_ahead
from .sources.lookup import SubtitleTrack, read_subtitles
from .tagging.colours import Palette
from .tagging.policy import TagPolicy
from .tagging.vocabulary import Vocabulary, Wording


def annotate(
    video: str | Path | Film,
    subtitles: str | Path | SubtitleTrack | None = None,
    *,
    model: str | Path | Classifier = DEFAULT_MODEL,
    policy: TagPolicy | None = None,
    options: AnalysisOptions | None = None,
    wording: Wording | None = None,
    on_step: OnStep = ignore,
) -> Annotation:
    """Predicts the emotion of each cue of a film and decides which tags to show.

    Args:
        video: a film or sound file, or the result of `open_film`
        subtitles: its subtitle file, or the result of `read_subtitles`; without
            them the film is segmented by detected speech
        model: a model's name, its folder, or the result of `load_model`
        policy: when a tag is shown
        options: how the film is analysed
        wording: language and custom words of the tags
        on_step: called with each step of progress

    Returns:
        every cue, in order, with its prediction and its tag, if any

    Raises:
        SubemoError: or a subclass, with a message for the user

    Example:
        >>> import subemo
        >>> annotation = subemo.annotate(
        ...     "samples/trailer.mp4",
        ...     "samples/trailer.srt",
        ...     policy=subemo.TagPolicy(min_confidence=0.4),
        ... )
        >>> [cue.tag_text for cue in annotation.tagged]
        ['[sadly]']
    """
    policy, options = policy or TagPolicy(), options or AnalysisOptions()
    wording = wording or Wording()
    film = video if isinstance(video, Film) else open_film(video)
    track = _track(subtitles, wording.words)
    analysed = analyse_film(
        film, track, model=load_model(model), policy=policy,
        options=options, wording=wording, on_step=on_step,
    )  # fmt: skip
    return tagged(track, analysed.found, policy, wording, analysed.vocabulary, analysed.warnings)


@dataclass(frozen=True)
class Analysed:
    """An analysed film whose tags are not decided yet.

    Attributes:
        found: the analysis
        vocabulary: the vocabulary of the tags
        warnings: warnings about the vocabulary
    """

    found: FilmAnalysis
    vocabulary: Vocabulary
    warnings: tuple[str, ...]


def analyse_film(
    film: Film,
    track: SubtitleTrack | None,
    *,
    model: Classifier,
    policy: TagPolicy,
    options: AnalysisOptions,
    wording: Wording,
    on_step: OnStep = ignore,
) -> Analysed:
    """Does everything that `annotate` does before it decides on tags; see there.

    Raises:
        SubemoError: or a subclass, with a message for the user
    """
    if track is not None:
        read_ahead(track.document)
    wanted, _ = vocabulary_for(wording, track)  # fails early for an unknown language
    if options.limits is None:
        limits = policy.limits
        options = replace(options, limits=lambda spoken: limits(spoken or wanted.language))
    found = analyse(film, track, model=model, options=options, on_step=on_step)
    vocabulary, warnings = vocabulary_for(wording, track, found.spoken_language)
    return Analysed(found, vocabulary, tuple(warnings))


@loaded_once(4)
def _load(folder: Path, *_: int) -> Classifier:
    """Memoised by the state of the model's files."""
    return Classifier.from_bundle(folder)


def _stamps(folder: Path) -> Iterator[int]:
    """What changes if a file of a model is replaced."""
    for name in (DESCRIPTION_FILE, WEIGHTS_FILE):
        with suppress(OSError):  # reported where it is read
            status = (folder / name).stat()
            yield from (status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino)


def load_model(model: str | Path | Classifier = DEFAULT_MODEL) -> Classifier:
    """Loads a trained model; load it once for many films.

    Args:
        model: the name of a bundled model, or a model's folder

    Raises:
        BundleError: if it is missing, was altered, or its parts do not match

    Example:
        >>> import subemo
        >>> subemo.load_model("report-crnn").bundle.name
        'report-crnn'
    """
    if isinstance(model, Classifier):
        return model
    folder = find_bundle(model).absolute()
    return _load(folder, *_stamps(folder))


def write(
    annotation: Annotation,
    path: str | Path,
    form: str | None = None,
    *,
    colours: Palette | None = None,
    overwrite: bool = False,
) -> None:
    """Writes annotated subtitles atomically; see `Annotation.save`.

    Args:
        annotation: what `tag` or `annotate` returned
        path: the output file; its suffix decides on the format
        form: see `Annotation.save`
        colours: colours of the tags, for formats that have them
        overwrite: whether an existing file may be replaced

    Raises:
        SettingsError: if there is no such format
        OutputError: if the file cannot or must not be written, its suffix names no format or
            another one, or words would be lost

    Example:
        >>> import subemo, tempfile
        >>> annotation = subemo.annotate("samples/trailer.mp4", "samples/trailer.srt")
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     subemo.write(annotation, Path(folder, "trailer.emo.vtt"))
        ...     Path(folder, "trailer.emo.vtt").read_text()[:6]
        'WEBVTT'
    """
    annotation.save(path, form, colours=colours, overwrite=overwrite)


def classify(
    path: str | Path,
    *,
    model: str | Path | Classifier = DEFAULT_MODEL,
    audio_stream: int | None = None,
    on_warning: Callable[[str], None] = lambda _: None,
) -> Prediction | None:
    """Classifies the emotion of a whole film or sound file, such as a voice message.

    A long file is classified in windows and the predictions are averaged.

    Args:
        path: the file
        model: a model's name, its folder, or the result of `load_model`
        audio_stream: audio track, from 0; None for the default track
        on_warning: called with each warning, such as damaged sound

    Returns:
        a prediction, or None if there is too little sound

    Raises:
        SubemoError: or a subclass, with a message for the user

    Example:
        >>> import subemo
        >>> prediction = subemo.classify("samples/trailer.mp4", model="report-crnn")
        >>> round(sum(prediction.probabilities), 3)
        1.0
    """
    model, film = load_model(model), open_film(path, audio_stream=audio_stream)
    rate = model.features.sample_rate
    with film.sound("extracting features", rate, on_warning=on_warning) as blocks:
        predictions = predictions_of(blocks, whole(film.info.end_ms), model)
    return predictions[0].prediction if predictions else None


def _track(
    subtitles: str | Path | SubtitleTrack | None, words: Vocabulary | None
) -> SubtitleTrack | None:
    if subtitles is None or isinstance(subtitles, SubtitleTrack):
        return subtitles
    return read_subtitles(subtitles, words=words)
