"""The data of a film and its cues for pages."""

from __future__ import annotations

from typing import Any

from ..core.emotions import EMOTIONS, UNMARKED, Emotion
from ..core.printable import plain
from ..tagging.annotation import AnnotatedCue, AnnotatedFilm
from ..tagging.colours import OKABE_ITO, Palette, on_paper
from ..tagging.layout import tagged_lines
from ..tagging.limits import Limit, ReadingLimits, chars_per_second, reading_violations
from ..tagging.reasons import Reason
from .judged_file import content_of
from .judgements import Judgement
from .worth import is_to_check, worth_checking

#: The symbol of each emotion, for cues too narrow for its name.
LETTERS = {
    Emotion.NEUTRAL: "N", Emotion.CALM: "C", Emotion.HAPPY: "H", Emotion.SAD: "S",
    Emotion.ANGRY: "A", Emotion.FEAR: "F", Emotion.DISGUST: "D", Emotion.SURPRISE: "U",
}  # fmt: skip
#: The darkest ground of the light theme on which the emotions' words must be read.
_PAPER = "#E0DBFA"
#: What a reading speed that is not finite is shown as.
_FASTEST = 999.0


def film_view(annotation: AnnotatedFilm, colours: Palette = OKABE_ITO) -> dict[str, Any]:
    """The data of the whole film for a page, with the colours of its tags."""
    ends = (cue.shown_end_ms for cue in annotation.cues)
    source = annotation.subtitles or annotation.video
    return {
        "film": plain(annotation.video.name),
        "stem": plain(source.stem.removesuffix(".emo")),
        "model": annotation.model,
        "language": annotation.language,
        "transcriber": annotation.transcriber,
        "wordsColoured": colours.of_words,
        "duration": max(annotation.duration_ms or 0, *ends, 0),
        "emotions": [
            {
                "name": emotion.value,
                "letter": LETTERS[emotion],
                "colour": colours[emotion],
                "paper": on_paper(colours[emotion], _PAPER),
                "marked": emotion not in UNMARKED,
            }
            for emotion in EMOTIONS
        ],
    }


def cue_view(
    cue: AnnotatedCue, limits: ReadingLimits, judgement: Judgement | None = None
) -> dict[str, Any]:
    """The data of a cue for a page.

    Args:
        cue: as it would be written
        limits: what can be read
        judgement: what a person said of it
    """
    decision = cue.decision
    text = kept(cue.styled_text.plain)
    raw = kept(cue.text)
    return {
        "start": cue.start_ms,
        "end": cue.shown_end_ms,
        "text": text,
        "raw": None if raw == text else raw,
        "speaker": kept(cue.speaker),
        "p": None
        if cue.prediction is None
        else [round(probability, 3) for probability in cue.prediction.probabilities],
        "tag": decision.tag.value if decision.tag else "",
        "shown": decision.text,
        "above": int(decision.is_above),
        "intense": decision.is_intense,
        "reason": decision.reason.value,
        "detail": "; ".join(
            filter(None, (decision.detail, decision.remedy.value, _contradiction(cue)))
        ),
        "worth": round(worth_checking(cue), 3),
        "check": is_to_check(cue),
        "unsure": decision.reason is Reason.UNSURE,
        "contradicted": cue.is_contradicted,
        "judged": content_of(judgement),
        **_reading(cue, limits),
    }


def _reading(cue: AnnotatedCue, limits: ReadingLimits) -> dict[str, Any]:
    """The reading speed of the cue with its tag, and the limits that it exceeds."""
    decision = cue.decision
    lines = [line for line in cue.styled_text.plain.split("\n") if line.strip()]
    if decision.tag is not None:
        lines = tagged_lines(lines, decision.text, is_above=decision.is_above)
    duration_ms = cue.shown_end_ms - cue.start_ms
    speed = min(chars_per_second(lines, duration_ms, limits), _FASTEST)
    over = [
        f"{_shown(one.value, one.limit)} {one.limit.value}, at most {one.allowed:g}"
        for one in reading_violations(lines, duration_ms, limits)
    ]
    return {"cps": round(speed, 1), "over": over}


def _shown(value: float, limit: Limit) -> str:
    return f"{min(value, _FASTEST):.1f}" if limit is Limit.SPEED else f"{value:g}"


def _contradiction(cue: AnnotatedCue) -> str:
    """A note on a cue whose words suggest another emotion than its voice."""
    if not cue.is_contradicted or cue.voice_prediction is None or cue.text_prediction is None:
        return ""
    voice, text = cue.voice_prediction, cue.text_prediction
    return (
        f"voice and words disagree: {voice.emotion} {voice.confidence:.2f}, "
        f"{text.emotion} {text.confidence:.2f}"
    )


def kept(text: str) -> str:
    """A text that a page can show, without control characters and lone surrogates."""
    return "".join(map(_kept, text))


def _kept(char: str) -> str:
    return "\ufffd" if "\ud800" <= char <= "\udfff" or (char < " " and char != "\n") else char
