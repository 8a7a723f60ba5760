"""Annotations without a film: a subtitle file's bytes, and how sure which cue sounds like what."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from subemo.annotation import Annotation
from subemo.captions import parse_document
from subemo.core.emotions import EMOTIONS, Emotion, Prediction
from subemo.core.errors import SubtitleError
from subemo.formats.base import CaptionReader
from subemo.formats.registry import styled_text
from subemo.subtitles.document import Document
from subemo.tagging.annotation import AnnotatedCue
from subemo.tagging.decisions import CueEvidence, decide_film
from subemo.tagging.policy import PolicyKind, TagPolicy

from ..conftest import vocabulary_in

EVERY = TagPolicy(policy=PolicyKind.EVERY)


def sure(emotion: Emotion, confidence: float = 0.9) -> Prediction:
    rest = (1 - confidence) / 7
    return Prediction(tuple(confidence if e is emotion else rest for e in EMOTIONS))


def annotation(
    data: bytes | Document,
    emotions: Mapping[int, Emotion] | None = None,
    *,
    policy: TagPolicy = EVERY,
    language: str = "en",
) -> Annotation:
    """Every cue sounds as *emotions* say, angry where they say nothing."""
    document = data if isinstance(data, Document) else parse_document(data, path=Path("film.subs"))
    words = vocabulary_in(language)
    heard = [
        CueEvidence(
            cue.start_ms,
            cue.end_ms,
            styled_text(cue.text, document.form),
            speaker=cue.speaker,
            has_text=document.offsets[cue.index].above is not None,
            prediction=sure((emotions or {}).get(cue.index, Emotion.ANGRY)),
        )
        for cue in document.cues
    ]
    decisions = decide_film(heard, policy, words).cues
    return Annotation(
        video=Path("film.mp4"),
        subtitles=Path("film.subs"),
        document=document,
        cues=tuple(
            AnnotatedCue(cue, one.prediction, decision, one.styled_text)
            for cue, one, decision in zip(document.cues, heard, decisions, strict=True)
        ),
        policy=policy,
        model="a-model",
        adaptation="film",
        adapted_on=len(heard),
        duration_ms=60_000,
        language=words.language,
    )


def check_any_bytes(reader: CaptionReader, data: bytes) -> None:
    """Whatever the bytes are, they are refused with a remedy, or kept, with places inside of them."""
    try:
        document = reader.read(data)
    except SubtitleError as error:
        assert error.remedy
        return
    assert document.edited([]) == data
    for offsets in document.offsets:
        assert (offsets.inline is None) == (offsets.above is None)
        if offsets.inline is not None:
            assert offsets.above is not None and offsets.above <= offsets.inline
        if offsets.end_time is not None:
            assert 0 <= offsets.end_time[0] < offsets.end_time[1] <= len(data)
