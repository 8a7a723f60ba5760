"""Speech recognition with Whisper, for films without subtitles.

Every file with transcribed words says so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import chain, islice
from pathlib import Path
from typing import Any

from ..align.segments import Segment, Span, windows
from ..align.voice_activity import SAMPLE_RATE
from ..core.cache import file_digest
from ..core.errors import BundleError
from ..core.native import Exclusive, disable_telemetry
from ..tagging.languages import two_letters
from .weights import WEIGHTS_FILE, choose
from .words import Transcript, Word

#: The number of segments used to detect a film's language, each at most 28 s.
DETECTED_ON = 5

#: Whisper's codes that are not BCP 47 codes, or outdated ones.
_WHISPERS = {"jv": "jw", "nb": "no", "fil": "tl"}
_BCP_47 = {"jw": "jv"}


def likeliest(stretches: Iterable[tuple[float, Mapping[str, float]]]) -> str | None:
    """The language of several segments of sound, by their mean probabilities.

    Each segment is weighted by its duration.

    Args:
        stretches: duration in seconds and language probabilities of each segment

    Returns:
        its code, or None if there are no segments

    >>> likeliest([(1.0, {"en": 0.9, "nn": 0.1}), (9.0, {"en": 0.2, "nn": 0.8})])
    'nn'
    """
    sums: defaultdict[str, float] = defaultdict(float)
    for seconds, probabilities in stretches:
        for language, probability in probabilities.items():
            sums[language] += seconds * probability
    return max(sums, key=lambda language: (sums[language], language), default=None)


def to_whisper(language: str) -> str:
    """Whisper's code of a language.

    Args:
        language: a BCP 47 code, or one of ISO 639

    >>> to_whisper("pt-BR"), to_whisper("ger"), to_whisper("jv")
    ('pt', 'de', 'jw')
    """
    base = two_letters(language).partition("-")[0]
    return _WHISPERS.get(base, base)


def from_whisper(language: str) -> str:
    """The BCP 47 code of a Whisper language.

    >>> from_whisper("jw"), from_whisper("pl")
    ('jv', 'pl')
    """
    return _BCP_47.get(language, language)


#: Whisper takes 30 s at a time; close segments are transcribed together,
#: since it recognises words better in context.
_LONGEST_MS, _CLOSE_MS, _MARGIN_MS = 28_000, 1_500, 800


class Transcriber:
    """A Whisper model, ready to transcribe.

    Args:
        folder: a model in CTranslate2 format; None for a packaged one, see `registry`
        language: the spoken language, a BCP 47 code such as ``en``; None to detect it for each film

    Raises:
        BundleError: if no model supports the language
        MissingExtraError: if a model that is not installed supports it

    Example:
        >>> Transcriber(language="en").name
        'Whisper tiny.en'
    """

    def __init__(self, folder: Path | None = None, *, language: str | None = None) -> None:
        self._spoken = None if language is None else to_whisper(language)
        self._folder = folder
        self._whisper = Exclusive(self._load)
        if folder is None:
            # Loaded when first needed, which it is not for a cached film.
            self._weights = choose(self._spoken)
            self.name = self._weights.name
            return
        self.name = f"Whisper, {folder.name}"
        with self._whisper.use() as model:
            known = model.supported_languages
        if self._spoken is not None and self._spoken not in known:
            raise BundleError(
                f"{self.name} does not support the language {language!r}",
                path=folder,
                remedy="Give a multilingual Whisper with `transcriber`, or skip transcription "
                "with `transcriber=None`.",
            )

    @cached_property
    def identity(self) -> tuple[str, ...]:
        """What a transcript depends on besides the sound: weights, versions, language."""
        disable_telemetry()
        import ctranslate2
        import faster_whisper

        if self._folder is None:
            model = self._weights.sha256
        else:
            files = sorted(path for path in self._folder.iterdir() if path.is_file())
            model = " ".join(f"{path.name} {file_digest(path)}" for path in files)
        versions = (faster_whisper.__version__, ctranslate2.__version__)
        return model, *versions, self._spoken or ""

    def transcript(self, segments: Iterable[Segment]) -> Transcript:
        """Transcribes a film in the given language, else in that of its first segments.

        Args:
            segments: its segments of speech, in order, each as in `words`
        """
        following = iter(segments)
        first: list[Segment] = []
        language = self._spoken
        if language is None and self._is_multilingual():
            first = list(islice(following, DETECTED_ON))
            found = self.language_of(first)
            language = None if found is None else to_whisper(found)
        words = tuple(
            word
            for segment in chain(first, following)
            for word in self.words(segment, language=language)
        )
        return Transcript(words, None if language is None else from_whisper(language))

    def words(self, segment: Segment, *, language: str | None = None) -> Iterator[Word]:
        """Transcribes a segment of a film.

        Args:
            segment: its sound at `subemo.align.voice_activity.SAMPLE_RATE`, at most 30 s
            language: Whisper's code of the spoken language; None for the requested one,
                else the one detected in this segment

        Yields:
            words in order, with their times in the film
        """
        with self._whisper.use() as model:
            parts, _ = model.transcribe(
                segment.samples,
                language=language or self._spoken,
                word_timestamps=True,
                condition_on_previous_text=False,
                temperature=0.0,
            )
            found = list(parts)  # which runs the model
        for part in found:
            for word in part.words or ():
                start_ms = segment.span.start_ms + round(word.start * 1000)
                end_ms = segment.span.start_ms + round(word.end * 1000)
                yield Word(start_ms, max(start_ms + 1, end_ms), word.word)

    def language_of(self, segments: Iterable[Segment]) -> str | None:
        """Detects the language of segments, a BCP 47 code; None if there are none.

        Args:
            segments: each as in `words`; the model must be multilingual
        """
        found = likeliest(self._languages(segment) for segment in segments)
        return None if found is None else from_whisper(found)

    def _languages(self, segment: Segment) -> tuple[float, Mapping[str, float]]:
        """A segment's duration in seconds, and the probability of each language."""
        with self._whisper.use() as model:
            _, _, probabilities = model.detect_language(segment.samples)
        return segment.samples.size / SAMPLE_RATE, dict(probabilities)

    def _is_multilingual(self) -> bool:
        with self._whisper.use() as model:
            return bool(model.model.is_multilingual)

    def _load(self) -> Any:
        disable_telemetry()
        from faster_whisper import WhisperModel

        folder = self._folder
        files = self._weights.contents() if folder is None else None
        # If the tokenizer is missing, faster-whisper would download it.
        if folder is not None and not all(
            (folder / name).is_file() for name in ("tokenizer.json", WEIGHTS_FILE)
        ):
            raise BundleError(
                "not a Whisper model in CTranslate2 format",
                path=folder,
                remedy="Give a folder with model.bin, config.json and tokenizer.json.",
            )
        try:
            return WhisperModel(
                self.name if folder is None else str(folder),
                device="cpu",
                compute_type="int8",
                local_files_only=True,
                files=files,
            )
        except (ValueError, RuntimeError, OSError) as error:
            raise BundleError(f"not a usable Whisper model ({error})", path=folder) from error


def together(stretches: Iterable[tuple[int, int]]) -> list[Span]:
    """Joins close segments of speech for Whisper, up to its maximum length.

    Args:
        stretches: start and end in milliseconds, in order
    """
    spans: list[Span] = []
    for start_ms, end_ms in stretches:
        for first, last in windows(
            max(0, start_ms - _MARGIN_MS), end_ms + _MARGIN_MS, longest_ms=_LONGEST_MS
        ):
            before = spans[-1] if spans else None
            if (
                before is not None
                and first - before.end_ms < _CLOSE_MS
                and last - before.start_ms <= _LONGEST_MS
            ):
                spans[-1] = Span(before.start_ms, last, before.cue)
            else:
                spans.append(Span(first, last, len(spans)))
    return spans
