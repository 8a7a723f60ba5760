"""Films for pictures: cues whose moods and tags are given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from subemo.annotation import Annotation
from subemo.core.emotions import Emotion
from subemo.core.sounds import Effort, Sound, Tag
from subemo.subtitles.document import Cue
from subemo.tagging.annotation import AnnotatedCue
from subemo.tagging.decisions import Decision, Reason

from ..formats.build import annotation, sure

#: When a cue starts and ends, how it sounds, and its tag: None for none, "same" for that before.
Given = tuple[int, int, Emotion, Tag | str | None]


def film_of(given: Sequence[Given], duration_ms: int) -> Annotation:
    """A film with these cues, each sure to 0.8."""
    cues = tuple(
        AnnotatedCue(Cue(number, start, end, "words"), sure(emotion, 0.8), _decision(tag))
        for number, (start, end, emotion, tag) in enumerate(given)
    )
    made = annotation(b"WEBVTT\n\n00:00.000 --> 00:01.000\nwords\n")
    return replace(made, cues=cues, duration_ms=duration_ms)


def _decision(tag: Tag | str | None) -> Decision:
    if tag is None or tag == "same":
        return Decision(None, Reason.SAME if tag else Reason.UNSURE)
    assert not isinstance(tag, str) or isinstance(tag, Emotion | Sound | Effort)
    return Decision(tag, Reason.TAGGED, text=f"[{tag}]")
