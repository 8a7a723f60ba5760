"""The main job, top to bottom: a film and its subtitles in, tagged subtitles out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from .analysis.analyse import AnalysisOptions, FilmAnalysis, analyse
from .analysis.analyse import classify as classify_file
from .analysis.film import Film, open_film
from .annotation import Annotation, tagged, vocabulary_for
from .core.prediction import Prediction
from .core.progress import OnStep, ignore
from .formats.proof import read_ahead
from .model import DEFAULT_MODEL
from .model.classifier import Classifier
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
    """How the voices of a film sound, cue by cue, and which of that is shown.

    Args:
        video: a film or sound file, or what `open_film` gives
        subtitles: its subtitle file, or what `read_subtitles` gives; without
            them the film is cut where somebody speaks
        model: a model's name, its folder, or what `load_model` gives
        policy: when a tag is shown
        options: how the film is analysed
        wording: the language and words of the tags
        on_step: called with each step of progress

    Returns:
        every cue, in order, with what was found and what is to be shown

    Raises:
        SubemoError: one of its kinds, with a message for the user

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
    heard = hear(
        film, track, model=load_model(model), policy=policy,
        options=options, wording=wording, on_step=on_step,
    )  # fmt: skip
    return tagged(track, heard.found, policy, wording, heard.vocabulary, heard.warnings)


@dataclass(frozen=True)
class VocalProbabilities:
    """A film that was heard, and nothing decided of its tags.

    Attributes:
        found: what was heard
        vocabulary: that of the tags
        warnings: what the choice of words warns of
    """

    found: FilmAnalysis
    vocabulary: Vocabulary
    warnings: tuple[str, ...]


def hear(
    film: Film,
    track: SubtitleTrack | None,
    *,
    model: Classifier,
    policy: TagPolicy,
    options: AnalysisOptions,
    wording: Wording,
    on_step: OnStep = ignore,
) -> VocalProbabilities:
    """All that `annotate` does before tags are decided on; see there.

    Raises:
        SubemoError: one of its kinds, with a message for the user
    """
    if track is not None:
        read_ahead(track.document)
    wanted, _ = vocabulary_for(wording, track)  # what cannot be is refused before any work
    if options.limits is None:
        limits = policy.limits
        options = replace(options, limits=lambda spoken: limits(spoken or wanted.language))
    found = analyse(film, track, model=model, options=options, on_step=on_step)
    vocabulary, warnings = vocabulary_for(wording, track, found.spoken_language)
    return VocalProbabilities(found, vocabulary, tuple(warnings))


@lru_cache(maxsize=4)
def _load(model: str) -> Classifier:
    return Classifier.from_bundle(model)


def load_model(model: str | Path | Classifier = DEFAULT_MODEL) -> Classifier:
    """A trained model, ready to classify; over many films it is loaded once.

    Args:
        model: the name of one that comes with subemo, or a folder

    Raises:
        BundleError: if there is none, it was altered, or its parts do not fit each other

    Example:
        >>> import subemo
        >>> subemo.load_model("report-crnn").bundle.name
        'report-crnn'
    """
    return model if isinstance(model, Classifier) else _load(str(model))


def write(
    annotation: Annotation,
    path: str | Path,
    form: str | None = None,
    *,
    colours: Palette | None = None,
    overwrite: bool = False,
) -> None:
    """Writes annotated subtitles, all of them or nothing; see `Annotation.save`.

    Args:
        annotation: what `tag` or `annotate` returned
        path: where to
        form: a name in `subemo.formats.FORMATS`; None for that of the subtitles
        colours: of the tags, where the format has colours
        overwrite: whether an existing file may be replaced

    Raises:
        OutputError: if nothing can or may be written there, or words would be lost

    Example:
        >>> import subemo, tempfile
        >>> annotation = subemo.annotate("samples/trailer.mp4", "samples/trailer.srt")
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     subemo.write(annotation, Path(folder, "trailer.emo.vtt"), "vtt")
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
    """How the voice in a whole film or sound file sounds, a voice message for example.

    A long file is classified in windows, and the mean of their answers is taken.

    Args:
        path: the file
        model: a model's name, its folder, or what `load_model` gives
        audio_stream: which sound track, from 0; None for ffmpeg's choice
        on_warning: called with a line on what was worked around

    Returns:
        a prediction, or None where there is too little sound

    Raises:
        SubemoError: one of its kinds, with a message for the user

    Example:
        >>> import subemo
        >>> prediction = subemo.classify("samples/trailer.mp4", model="report-crnn")
        >>> round(sum(prediction.probabilities), 3)
        1.0
    """
    return classify_file(
        path, model=load_model(model), audio_stream=audio_stream, on_warning=on_warning
    )


def _track(
    subtitles: str | Path | SubtitleTrack | None, words: Vocabulary | None
) -> SubtitleTrack | None:
    if subtitles is None or isinstance(subtitles, SubtitleTrack):
        return subtitles
    return read_subtitles(subtitles, words=words)
