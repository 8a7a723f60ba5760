"""What is said, written down by Whisper: for films that have no subtitles.

The words are a machine's, and every file that holds them says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..align.segments import Segment, Span, windows
from ..core.errors import BundleError
from ..features.encoder import PACKAGED_SHA256, packaged, weights_sha256

#: Whisper hears 30 s at a time; stretches that are close are heard together,
#: since it understands words better with what stands around them.
_LONGEST_MS, _CLOSE_MS, _MARGIN_MS = 28_000, 1_500, 800


@dataclass(frozen=True)
class Word:
    """A word that was heard.

    Attributes:
        start_ms: when it begins
        end_ms: when it ends
        text: with the space before it, where its language has one
    """

    start_ms: int
    end_ms: int
    text: str


class Transcriber:
    """A Whisper model, ready to write down what it hears.

    Args:
        folder: a model in CTranslate2's form; None for the packaged tiny.en
        language: what is spoken, a code such as ``en``; None to find it out

    Raises:
        BundleError: if there is no model, or it does not know the language
    """

    def __init__(self, folder: Path | None = None, *, language: str | None = None) -> None:
        from faster_whisper import WhisperModel

        self.name = "Whisper tiny.en" if folder is None else f"Whisper, {folder.name}"
        where = folder or packaged()
        # Where its words are missing, faster-whisper would ask the network for them.
        if not (where / "tokenizer.json").is_file() or not (where / "model.bin").is_file():
            raise BundleError(
                "not a Whisper model in CTranslate2's form",
                path=where,
                remedy="It is a folder with model.bin, config.json and tokenizer.json in it.",
            )
        if folder is None and weights_sha256(where) != PACKAGED_SHA256:
            raise BundleError(
                "the weights of Whisper are not those that subemo is made for",
                path=where,
                remedy="Install subemo again.",
            )
        try:
            self._model: Any = WhisperModel(
                str(where), device="cpu", compute_type="int8", local_files_only=True
            )
        except (ValueError, RuntimeError, OSError) as error:
            raise BundleError(f"not a Whisper model that works ({error})", path=where) from error
        spoken = None if language is None else language.partition("-")[0].lower()
        if spoken is not None and spoken not in self._model.supported_languages:
            raise BundleError(
                f"{self.name} does not know the language {language!r}",
                path=where,
                remedy="Name a larger Whisper with --whisper, or leave the words out "
                "with --no-transcribe.",
            )
        self._language = spoken

    def words(self, segment: Segment) -> Iterator[Word]:
        """The words in a stretch of film.

        Args:
            segment: its sound at `subemo.align.voice_activity.SAMPLE_RATE`, at most 30 s

        Yields:
            words in order, with their times in the film
        """
        heard, _ = self._model.transcribe(
            segment.samples,
            language=self._language,
            word_timestamps=True,
            condition_on_previous_text=False,
            temperature=0.0,
        )
        for part in heard:
            for word in part.words or ():
                start_ms = segment.span.start_ms + round(word.start * 1000)
                end_ms = segment.span.start_ms + round(word.end * 1000)
                yield Word(start_ms, max(start_ms + 1, end_ms), word.word)


def together(stretches: Iterable[tuple[int, int]]) -> list[Span]:
    """Stretches of speech as Whisper hears them: those that are close in one, none too long.

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
