"""The main job, top to bottom: a film and its subtitles in, tagged subtitles out."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from pathlib import Path

from .align import SilencePolicy, cut
from .align.channels import speaks_in_centre
from .align.spans import spans, whole
from .align.voice_activity import SpeechPolicy
from .analysis.answers import (
    Answer,
    KeptAnswers,
    answers_to,
    listen,
    load_classifier,
    mean_answer,
    one_blas_thread,
    vectors_of,
)
from .analysis.spill import Shelf
from .core.cache import Cache
from .core.errors import SettingsError
from .core.prediction import Prediction
from .core.progress import OnStep, Step, ignore
from .core.settings import check_number
from .features.trim import MIN_SOUND_MS
from .formats import FORMATS
from .formats.finished import Captions
from .formats.proof import prove, read_ahead
from .formats.writing import check_captions_writable, write_captions
from .media import MediaInfo, check_audio, stream_audio
from .media.audio import Samples
from .model import DEFAULT_MODEL
from .model.classifier import Classifier
from .model.statistics import check_adaptation
from .sources.lookup import Source, from_file
from .sources.segmentation import find_cues
from .subtitles.document import Cue, Document
from .subtitles.markup import PARSERS
from .tagging.annotation import AnnotatedCue, AnnotatedFilm
from .tagging.colours import Palette
from .tagging.policy import Decision, HeardCue, Reason, TagPolicy, decide
from .tagging.vocabulary import Words, languages, words_of
from .transcription.whisper import Transcriber

#: More threads than this would help no machine.
_MOST_THREADS = 256


@dataclass(frozen=True)
class Annotation(AnnotatedFilm):
    """An annotated film, which writes itself as captions; its fields are `AnnotatedFilm`'s."""

    def render(self, form: str | None = None, *, colours: Palette | None = None) -> bytes:
        """The annotated subtitles as a whole file.

        Args:
            form: a name in `subemo.formats.FORMATS`; None for that of the subtitles
            colours: of the tags, where the format has colours
        """
        return FORMATS[form or self.form].write(self, colours=colours)

    def proven(self, form: str | None = None, *, colours: Palette | None = None) -> Captions:
        """The annotated subtitles, checked: nothing is lost, and every tag can be taken out again.

        Args:
            form: a name in `subemo.formats.FORMATS`; None for that of the subtitles
            colours: of the tags, where the format has colours

        Returns:
            the captions, and the film without those tags that would do harm

        Raises:
            OutputError: if words would be lost in that format, tags or no tags
        """
        return prove(self, form or self.form, colours=colours)

    def save(
        self,
        path: str | Path,
        form: str | None = None,
        *,
        colours: Palette | None = None,
        overwrite: bool = False,
    ) -> None:
        """Writes the annotated subtitles, all of them or nothing, never over an input.

        They are checked before, see `proven`. Beside a format that has no room
        to say whose a tag is goes a record; see `subemo.formats.record`.

        Args:
            path: where to
            form: a name in `subemo.formats.FORMATS`; None for that of the subtitles
            colours: of the tags, where the format has colours
            overwrite: whether an existing file may be replaced

        Raises:
            OutputError: if nothing can or may be written there, or words would be lost
        """
        path, form = Path(path), form or self.form
        check_captions_writable(path, form, inputs=self.inputs, overwrite=overwrite)
        write_captions(self.proven(form, colours=colours), path, overwrite=overwrite)


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
    on_note: Callable[[str], None] = lambda _: None,
) -> Annotation:
    """How the voices of a film sound, cue by cue.

    Args:
        video: a film or sound file
        subtitles: its subtitle file, or what `subemo.sources.lookup` found; without
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
            None for as many as the model's features gain by
        on_step: told of progress
        on_note: told, a line each, of what changes nothing but may be wondered
            at: a damaged entry of the cache

    Returns:
        every cue, in order, with what was found and what is to be shown

    Raises:
        SubemoError: one of its kinds, with a message for the user
    """
    video, policy = Path(video), policy or TagPolicy()
    check_adaptation(adaptation)
    _check_numbers(audio_stream, threads)
    warnings: list[str] = []
    damage: list[str] = []
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
            on_warning=damage.append,
        )
        return closing(_watched(blocks, rate, info, stage, on_step))

    source = _source(subtitles, encoding, words)
    if source is not None:
        warnings += _source_warnings(source)
        read_ahead(source.document)
    own_words, words = words, words or _words(language, source, warnings)
    if source is not None:
        cues = source.document.cues
    else:
        cues = find_cues(sound, split or SpeechPolicy(), transcriber, policy.limits(words.language))
        if not cues:
            warnings.append(f"{video}: nobody was heard to speak (--split silence cuts elsewhere)")
    stretches = spans(cue.voice_ms for cue in cues)
    kept = None
    if cache is not None:
        heard_as = (audio_stream, centre)
        kept = KeptAnswers.of(
            cache, video, classifier, adaptation=adaptation, sound=heard_as, stretches=stretches
        )
    answers = None if kept is None else kept.get(len(cues), on_note=on_note)
    if answers is None:
        threads = threads or classifier.features.threads
        with Shelf() as shelf, one_blas_thread():
            with sound("listening", sample_rate) as blocks:
                segments = cut(blocks, stretches, sample_rate=sample_rate)
                heard = list(listen(segments, classifier, shelf, threads=threads))
            answers = answers_to(heard, len(cues), classifier, adaptation)
        # What was damaged should be told again the next time.
        if kept is not None and not damage:
            warnings += kept.put(answers)
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
        words=own_words,
        warnings=tuple(dict.fromkeys([*damage, *warnings])),
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
    _check_numbers(audio_stream)
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
    with closing(blocks), Shelf() as shelf, one_blas_thread():
        segments = cut(blocks, whole(info.duration_ms), sample_rate=rate)
        heard = list(listen(segments, classifier, shelf))
        statistics = classifier.statistics(vectors_of(heard))
        return mean_answer(heard, lambda vector: classifier.classify(vector, statistics))


def _check_numbers(audio_stream: int | None, threads: int | None = None) -> None:
    """Refuses a track or a number of threads that there cannot be.

    Raises:
        SettingsError: at the first
    """
    if audio_stream is not None:
        check_number("audio_stream", audio_stream, low=0)
    if threads is not None:
        check_number("threads", threads, low=1, high=_MOST_THREADS)


def _source(
    subtitles: str | Path | Source | None, encoding: str | None, words: Words | None
) -> Source | None:
    if subtitles is None or isinstance(subtitles, Source):
        return subtitles
    return from_file(Path(subtitles), encoding=encoding, words=words)


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
