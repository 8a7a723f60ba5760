"""The main job, top to bottom: a film and its subtitles in, tagged subtitles out."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import cast

import numpy as np
import numpy.typing as npt

from .align import Segment, SilencePolicy, Span, cut
from .align.cues import spans, whole
from .align.speech import SpeechPolicy
from .annotation import AnnotatedCue, Annotation
from .audio import Samples
from .cache import Cache, file_digest
from .captions import Cue, Document
from .captions.markup import PARSERS
from .captions.policy import Decision, HeardCue, Reason, TagPolicy, decide
from .captions.words import Words, languages, words_of
from .channels import speaks_in_centre
from .emotions import EMOTIONS
from .errors import OutputError, SettingsError
from .features import Vector
from .features.encoder import available_threads
from .features.trim import MIN_SOUND_MS
from .finding import find_cues
from .media import MediaInfo, check_audio, stream_audio
from .model import DEFAULT_MODEL
from .model.classifier import Classifier, mean_prediction
from .prediction import Prediction
from .progress import OnStep, Step, ignore
from .sources import Source, from_file
from .transcription import Transcriber


@dataclass(frozen=True, eq=False)
class Heard:
    """What was heard of a span.

    Attributes:
        span: the stretch of film
        heard_ms: how much of it lies before the end of the sound
        vector: its features, or None where it holds too little sound
    """

    span: Span
    heard_ms: int
    vector: Vector | None


@dataclass(frozen=True)
class Answer:
    """How a cue sounds.

    Attributes:
        prediction: or None where that cannot be told
        heard_ms: how much of it lies before the end of the sound
    """

    prediction: Prediction | None
    heard_ms: int


def annotate(
    video: str | Path,
    subtitles: str | Path | Source | None = None,
    *,
    model: str | Path | Classifier = DEFAULT_MODEL,
    policy: TagPolicy | None = None,
    split: SilencePolicy | SpeechPolicy | None = None,
    transcriber: Transcriber | None = None,
    adaptation: str | None = None,
    audio_stream: int | None = None,
    encoding: str | None = None,
    language: str | None = None,
    words: Words | None = None,
    cache: Cache | None = None,
    threads: int | None = None,
    on_step: OnStep = ignore,
) -> Annotation:
    """How the voices of a film sound, cue by cue.

    Args:
        video: a film or sound file
        subtitles: its subtitle file, or what `subemo.sources` found; without
            them the film is cut where somebody speaks
        model: a model's name, its folder, or a classifier made before
        policy: when a tag is shown
        split: how to cut where there are no subtitles
        transcriber: who writes down what is said there; None leaves the cues empty
        adaptation: what the film is standardised with, one of `ADAPTATIONS`;
            None for what the model names
        audio_stream: which sound track, from 0; None for ffmpeg's choice
        encoding: of the subtitle file; None to find it out
        language: of the tags; None for that which the file's name tells, or English
        words: the tags' words; None for those of the language
        cache: what was heard of a film is kept here, and not listened to again
            for another policy or format
        threads: how many cues are listened to at once, besides the decoding;
            None for as many as there are cores, up to four
        on_step: told of progress

    Returns:
        every cue, in order, with what was found and what is to be shown

    Raises:
        SubemoError: one of its kinds, with a message for the user
    """
    video, policy = Path(video), policy or TagPolicy()
    warnings: list[str] = []
    info = check_audio(video, audio_stream)
    classifier = model if isinstance(model, Classifier) else load_classifier(str(model))
    policy = policy.with_threshold(classifier.bundle.threshold)
    sample_rate = classifier.features.sample_rate
    centre = speaks_in_centre(video, info, audio_stream)

    def sound(stage: str, rate: int) -> AbstractContextManager[Iterator[Samples]]:
        blocks = stream_audio(
            video,
            sample_rate=rate,
            audio_stream=audio_stream,
            centre=centre,
            on_warning=warnings.append,
        )
        return closing(_watched(blocks, rate, info, stage, on_step))

    source: Source | None = None
    if subtitles is not None:
        source = (
            subtitles
            if isinstance(subtitles, Source)
            else from_file(Path(subtitles), encoding=encoding)
        )
        warnings += _source_warnings(source)
    words = words or _words(language, source, warnings)
    if source is not None:
        cues = source.document.cues
    else:
        cues = find_cues(sound, split or SpeechPolicy(), transcriber, policy.limits(words.language))
        if not cues:
            warnings.append(f"{video}: nobody was heard to speak (--split silence cuts elsewhere)")
    stretches = spans(cues)
    key = None
    if cache is not None:
        key = _cache_key(video, classifier, adaptation, (audio_stream, centre), stretches)
    answers = None if cache is None or key is None else _kept(cache, key, len(cues))
    if answers is None:
        with sound("listening", sample_rate) as blocks, one_blas_thread():
            segments = cut(blocks, stretches, sample_rate=sample_rate)
            heard = list(listen(segments, classifier, threads=threads or available_threads()))
        answers = _answers(heard, len(cues), classifier, adaptation)
        # What was damaged should be told again the next time.
        if cache is not None and key is not None and not warnings:
            warnings += _keep(cache, key, answers)
    document = None if source is None else source.document
    listened = [
        _heard_cue(cue, answer, document) for cue, answer in zip(cues, answers, strict=True)
    ]
    annotated = tuple(
        AnnotatedCue(cue, one.prediction, decision, one.rich)
        for cue, one, decision in zip(cues, listened, decide(listened, policy, words), strict=True)
    )
    if source is not None:
        warnings += _past_end_warnings(source.description, annotated)
    return Annotation(
        video=video,
        subtitles=None if source is None else source.path,
        document=document,
        cues=annotated,
        policy=policy,
        model=classifier.bundle.name,
        adaptation=adaptation or classifier.bundle.adaptation,
        adapted_on=sum(answer.prediction is not None for answer in answers),
        duration_ms=info.duration_ms,
        channels="centre" if centre else "all",
        language=words.language,
        transcriber=None if transcriber is None or source is not None else transcriber.name,
        warnings=tuple(dict.fromkeys(warnings)),
    )


def classify(
    path: str | Path,
    *,
    model: str | Path | Classifier = DEFAULT_MODEL,
    audio_stream: int | None = None,
    on_warning: Callable[[str], None] = lambda _: None,
) -> Prediction | None:
    """How the voice in a whole film or sound file sounds, a voice message for example.

    A long file is judged in windows, and the mean of their answers is taken.

    Args:
        path: the file
        model: a model's name, its folder, or a classifier made before
        audio_stream: which sound track, from 0; None for ffmpeg's choice
        on_warning: told of what was worked around

    Returns:
        a prediction, or None where there is too little sound

    Raises:
        SubemoError: one of its kinds, with a message for the user
    """
    path = Path(path)
    classifier = model if isinstance(model, Classifier) else load_classifier(str(model))
    rate = classifier.features.sample_rate
    info = check_audio(path, audio_stream)
    blocks = stream_audio(
        path,
        sample_rate=rate,
        audio_stream=audio_stream,
        centre=speaks_in_centre(path, info, audio_stream),
        on_warning=on_warning,
    )
    with closing(blocks), one_blas_thread():
        heard = list(listen(cut(blocks, whole(info.duration_ms), sample_rate=rate), classifier))
    statistics = classifier.statistics([one.vector for one in heard if one.vector is not None])
    return _mean(heard, lambda vector: classifier.classify(vector, statistics))


@lru_cache(maxsize=4)
def load_classifier(model: str) -> Classifier:
    """The classifier of a model; over many films it is loaded once."""
    return Classifier.from_bundle(model)


def listen(
    segments: Iterable[Segment], classifier: Classifier, *, threads: int = 1
) -> Iterator[Heard]:
    """The features of each segment, in order; its sound is let go soon after.

    Args:
        segments: the film's sound, cut
        classifier: whose features they are
        threads: how many segments are listened to at once
    """
    rate = classifier.features.sample_rate
    waiting: deque[tuple[Segment, Future[Vector | None]]] = deque()

    def first() -> Heard:
        segment, vector = waiting.popleft()
        return Heard(segment.span, segment.samples.size * 1000 // rate, vector.result())

    with ThreadPoolExecutor(threads) as pool:
        try:
            for segment in segments:
                waiting.append((segment, pool.submit(classifier.extract, segment.samples)))
                if len(waiting) > 2 * threads:
                    yield first()
            while waiting:
                yield first()
        finally:
            pool.shutdown(cancel_futures=True)


def one_blas_thread() -> AbstractContextManager[object]:
    """Keeps matrix products to one thread.

    They are small, and the threads that would share them wait in busy loops
    for each other, on the very core that ffmpeg decodes on: over two hours of
    film that doubled the time.
    """
    from threadpoolctl import threadpool_limits

    return cast(AbstractContextManager[object], threadpool_limits(limits=1, user_api="blas"))


def _answers(
    heard: Sequence[Heard], cues: int, classifier: Classifier, adaptation: str | None
) -> list[Answer]:
    """How each cue sounds, all of them standardised together."""
    vectors = [one.vector for one in heard if one.vector is not None]
    statistics = classifier.statistics(vectors, adaptation=adaptation)
    of_cue: defaultdict[int, list[Heard]] = defaultdict(list)
    for one in heard:
        of_cue[one.span.cue].append(one)
    return [
        Answer(
            _mean(of_cue[cue], lambda vector: classifier.classify(vector, statistics)),
            sum(one.heard_ms for one in of_cue[cue]),
        )
        for cue in range(cues)
    ]


def _cache_key(
    video: Path,
    classifier: Classifier,
    adaptation: str | None,
    sound: tuple[int | None, bool],
    stretches: Sequence[Span],
) -> str:
    """The name of all that a film's answers depend on."""
    from . import __version__

    return Cache.key(
        file_digest(video).encode(),
        "answers",
        __version__,
        classifier.bundle.digest,
        adaptation or classifier.bundle.adaptation,
        sound,
        [(span.start_ms, span.end_ms, span.cue) for span in stretches],
    )


def _as_array(answers: Sequence[Answer]) -> npt.NDArray[np.float64]:
    """Shape (cues, 9): the probabilities, not a number where nobody knows, and the milliseconds."""
    nothing = (float("nan"),) * len(EMOTIONS)
    rows = [
        (*(answer.prediction.probabilities if answer.prediction else nothing), answer.heard_ms)
        for answer in answers
    ]
    return np.array(rows, dtype=np.float64).reshape(-1, len(EMOTIONS) + 1)


def _keep(cache: Cache, key: str, answers: Sequence[Answer]) -> Iterator[str]:
    """Keeps the answers; a cache without room or leave costs the next run time, and nothing else."""
    try:
        cache.put(key, _as_array(answers))
        cache.shrink()
    except (OSError, OutputError) as error:
        yield f"what was heard is not kept for the next time ({error})"


def _kept(cache: Cache, key: str, cues: int) -> list[Answer] | None:
    """The answers that were kept, or None."""
    array = cache.get(key)
    if array is None or array.shape != (cues, len(EMOTIONS) + 1):
        return None
    return [
        Answer(None if np.isnan(row[0]) else Prediction.of(row[:-1]), int(row[-1])) for row in array
    ]


def _heard_cue(cue: Cue, answer: Answer, document: Document | None) -> HeardCue:
    """All that the policy needs to know of a cue."""
    return HeardCue(
        start_ms=cue.start_ms,
        end_ms=cue.end_ms,
        rich=PARSERS["" if document is None else document.form](cue.text),
        speaker=cue.speaker,
        is_of_first=cue.voice_end_ms is not None,
        has_text=document is None or document.sites[cue.index].above is not None,
        prediction=answer.prediction,
        why_not=_why_not(cue, answer.heard_ms) if answer.prediction is None else None,
    )


def _words(language: str | None, source: Source | None, warnings: list[str]) -> Words:
    """The tags' words: of the language that is asked for, or of the subtitles, or English."""
    told = language or (None if source is None else source.language)
    found = words_of(told or "en")
    if found is None and language is not None:
        raise SettingsError(
            f"no words for the language {language!r}",
            remedy=f"There are some for {', '.join(languages())}; --words FILE gives others.",
        )
    if found is None:
        warnings.append(
            f"{source and source.description}: no words for the language {told!r}, so the tags are English "
            "(--language, or --words FILE)"
        )
    english = words_of("en")
    assert english is not None
    return found or english


def _mean(
    heard: Sequence[Heard], classify_vector: Callable[[Vector], Prediction]
) -> Prediction | None:
    """The answer to all windows of a cue, each weighing as much as it was heard."""
    return mean_prediction(
        [(classify_vector(one.vector), one.heard_ms) for one in heard if one.vector is not None]
    )


def _why_not(cue: Cue, heard_ms: int) -> Decision:
    """Why a cue could not be judged."""
    duration_ms = cue.end_ms - cue.start_ms
    if duration_ms < MIN_SOUND_MS:
        detail = f"{duration_ms} ms, and {MIN_SOUND_MS} ms are needed"
        return Decision(None, Reason.TOO_SHORT, detail)
    if not heard_ms:
        return Decision(None, Reason.PAST_END)
    return Decision(None, Reason.TOO_LITTLE_SOUND, f"{MIN_SOUND_MS} ms are needed")


def _watched(
    blocks: Generator[Samples],
    sample_rate: int,
    info: MediaInfo,
    stage: str,
    on_step: OnStep,
) -> Generator[Samples]:
    """The same blocks; each one is reported as it goes by."""
    samples = 0
    # Closed with this generator: behind it is a running ffmpeg.
    with closing(blocks):
        for block in blocks:
            samples += block.size
            on_step(Step(stage, samples * 1000 // sample_rate, info.duration_ms))
            yield block


def _source_warnings(source: Source) -> Iterator[str]:
    path, document = source.description, source.document
    if document.encoding.is_guess:
        yield (
            f"{path}: not UTF-8; taken for {document.encoding.name}, which is a guess "
            "(--encoding overrides it)"
        )
    for problem in document.problems:
        place = f"{path}:{problem.line}" if problem.line else path
        yield f"{place}: {problem.message}"


def _past_end_warnings(path: str, cues: Iterable[AnnotatedCue]) -> Iterator[str]:
    for cue in cues:
        if cue.decision.reason is Reason.PAST_END:
            yield f"{path}:{cue.cue.line}: this cue starts after the sound has ended"
