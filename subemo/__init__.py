"""subemo adds the emotion of the voice to a film's subtitles."""

from __future__ import annotations

from .core.version import __version__

# Not `typing`'s: Ctrl-C during that import could not be caught yet.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .align import Segment, SilencePolicy, Span
    from .align.voice_activity import SpeechPolicy
    from .analysis.analyse import FilmAnalysis, analyse
    from .analysis.film import Film, open_film
    from .analysis.options import AnalysisOptions, LimitsOf, WitnessChoice
    from .analysis.predictions import CuePrediction
    from .annotation import Annotation, tag
    from .api import annotate, classify, load_model, write
    from .batch import BatchProgress, BatchSettings, FilmStatus, Outcome, Running, annotate_films
    from .captions.record import Record, RecordedSoundCue, RecordedTag
    from .captions.writing import Captions
    from .core.cache import Cache, user_cache
    from .core.emotions import Emotion, Prediction
    from .core.errors import (
        BundleError,
        CorpusError,
        MediaError,
        MissingExtraError,
        OutputError,
        RecordError,
        SettingsError,
        SubemoError,
        SubtitleError,
    )
    from .core.progress import OnStep, Step
    from .core.sounds import Effort, SceneSound, Sound, SoundHeard, VocalProbabilities
    from .features import FeatureSet
    from .media.probing import AudioStream, MediaInfo, SubtitleStream, Track, VideoStream
    from .model.bundle import Bundle
    from .model.classifier import Classifier
    from .model.decision import DecisionParameters, Witnesses
    from .model.statistics import Adaptation, ManyVectors, Statistics
    from .sounds.weights import LinearLayer, SoundDetector
    from .sources.lookup import SubtitleTrack, read_subtitles
    from .subtitles.document import Cue, CueOffsets, Document, Edit, Problem, UnreadCue
    from .subtitles.encoding import Encoding
    from .subtitles.markup import StyledRun, StyledText
    from .tagging.annotation import AnnotatedCue, AnnotatedFilm
    from .tagging.colours import Palette, read_palette
    from .tagging.decisions import Decision, Reason
    from .tagging.layout import Remedy
    from .tagging.limits import ReadingLimits
    from .tagging.policy import Audience, LastForm, PolicyKind, SoundsShown, TagPolicy
    from .tagging.presets import TagForm
    from .tagging.sounds import SoundCue
    from .tagging.vocabulary import Vocabulary, Wording, read_vocabulary
    from .transcription.whisper import Transcriber
    from .transcription.words import Transcript, Word

__all__ = [
    "Adaptation",
    "AnalysisOptions",
    "AnnotatedCue",
    "AnnotatedFilm",
    "Annotation",
    "Audience",
    "AudioStream",
    "BatchProgress",
    "BatchSettings",
    "Bundle",
    "BundleError",
    "Cache",
    "Captions",
    "Classifier",
    "CorpusError",
    "Cue",
    "CueOffsets",
    "CuePrediction",
    "Decision",
    "DecisionParameters",
    "Document",
    "Edit",
    "Effort",
    "Emotion",
    "Encoding",
    "FeatureSet",
    "Film",
    "FilmAnalysis",
    "FilmStatus",
    "LastForm",
    "LimitsOf",
    "LinearLayer",
    "ManyVectors",
    "MediaError",
    "MediaInfo",
    "MissingExtraError",
    "OnStep",
    "Outcome",
    "OutputError",
    "Palette",
    "PolicyKind",
    "Prediction",
    "Problem",
    "ReadingLimits",
    "Reason",
    "Record",
    "RecordError",
    "RecordedSoundCue",
    "RecordedTag",
    "Remedy",
    "Running",
    "SceneSound",
    "Segment",
    "SettingsError",
    "SilencePolicy",
    "Sound",
    "SoundCue",
    "SoundDetector",
    "SoundHeard",
    "SoundsShown",
    "Span",
    "SpeechPolicy",
    "Statistics",
    "Step",
    "StyledRun",
    "StyledText",
    "SubemoError",
    "SubtitleError",
    "SubtitleStream",
    "SubtitleTrack",
    "TagForm",
    "TagPolicy",
    "Track",
    "Transcriber",
    "Transcript",
    "UnreadCue",
    "VideoStream",
    "Vocabulary",
    "VocalProbabilities",
    "WitnessChoice",
    "Witnesses",
    "Word",
    "Wording",
    "__version__",
    "analyse",
    "annotate",
    "annotate_films",
    "classify",
    "load_model",
    "open_film",
    "read_palette",
    "read_subtitles",
    "read_vocabulary",
    "tag",
    "user_cache",
    "write",
]

# Names are imported on first use, so that `subemo --help` does not load
# NumPy.
_NAMES = {
    "align": "Segment SilencePolicy Span",
    "align.voice_activity": "SpeechPolicy",
    "analysis.analyse": "FilmAnalysis analyse",
    "analysis.film": "Film open_film",
    "analysis.options": "AnalysisOptions LimitsOf WitnessChoice",
    "analysis.predictions": "CuePrediction",
    "annotation": "Annotation tag",
    "api": "annotate classify load_model write",
    "batch": "BatchProgress BatchSettings FilmStatus Outcome Running annotate_films",
    "captions.record": "Record RecordedSoundCue RecordedTag",
    "captions.writing": "Captions",
    "core.cache": "Cache user_cache",
    "core.emotions": "Emotion Prediction",
    "core.errors": "BundleError CorpusError MediaError MissingExtraError OutputError RecordError SettingsError SubemoError SubtitleError",
    "core.progress": "OnStep Step",
    "core.sounds": "Effort SceneSound Sound SoundHeard VocalProbabilities",
    "features": "FeatureSet",
    "media.probing": "AudioStream MediaInfo SubtitleStream Track VideoStream",
    "model.bundle": "Bundle",
    "model.classifier": "Classifier",
    "model.decision": "DecisionParameters Witnesses",
    "model.statistics": "Adaptation ManyVectors Statistics",
    "sounds.weights": "LinearLayer SoundDetector",
    "sources.lookup": "SubtitleTrack read_subtitles",
    "subtitles.document": "Cue CueOffsets Document Edit Problem UnreadCue",
    "subtitles.encoding": "Encoding",
    "subtitles.markup": "StyledRun StyledText",
    "tagging.annotation": "AnnotatedCue AnnotatedFilm",
    "tagging.colours": "Palette read_palette",
    "tagging.decisions": "Decision Reason",
    "tagging.layout": "Remedy",
    "tagging.limits": "ReadingLimits",
    "tagging.policy": "Audience LastForm PolicyKind SoundsShown TagPolicy",
    "tagging.presets": "TagForm",
    "tagging.sounds": "SoundCue",
    "tagging.vocabulary": "Vocabulary Wording read_vocabulary",
    "transcription.whisper": "Transcriber",
    "transcription.words": "Transcript Word",
}


def __getattr__(name: str) -> Any:
    home = next((module for module, names in _NAMES.items() if name in names.split()), None)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f".{home}", __name__), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
