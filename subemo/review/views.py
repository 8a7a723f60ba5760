"""The data of a film and its cues for pages."""

from __future__ import annotations

from ..core.emotions import EMOTIONS, UNMARKED, Emotion
from ..core.printable import plain
from ..core.sounds import SoundHeard
from ..tagging.annotation import AnnotatedCue, AnnotatedFilm
from ..tagging.colours import OKABE_ITO, Palette, on_paper
from ..tagging.decisions import Reason
from ..tagging.layout import tagged_lines
from ..tagging.limits import Limit, ReadingLimits, chars_per_second, reading_violations
from ..tagging.sounds import SoundCue
from .judged_file import content_of
from .judgements import Judgement, Shown
from .messages import CueView, FilmView

#: The symbol of each emotion, for cues too narrow for its name.
LETTERS = {
    Emotion.NEUTRAL: "N", Emotion.CALM: "C", Emotion.HAPPY: "H", Emotion.SAD: "S",
    Emotion.ANGRY: "A", Emotion.FEAR: "F", Emotion.DISGUST: "D", Emotion.SURPRISE: "U",
}  # fmt: skip
#: The darkest ground of the light theme on which the emotions' words must be read.
_PAPER = "#E0DBFA"
#: What a reading speed that is not finite is shown as.
_FASTEST = 999.0
#: The lowest priority of a cue on the list to check.
LEAST = 0.1

#: Reasons that a judgement of the voice would not change.
_FIXED = frozenset(
    {
        Reason.CLEARED, Reason.TWO_SPEAKERS, Reason.HAS_TAG, Reason.SONG, Reason.NO_TEXT,
        Reason.NO_ROOM, Reason.PAST_END, Reason.TOO_SHORT, Reason.TOO_LITTLE_SOUND,
        Reason.LOST_IN_PLAYERS, Reason.NOT_REVERSIBLE,
    }
)  # fmt: skip
#: A wrong tag misleads, and so does a shown sound that is none; a missing one is a loss.
_SHOWN = 2.0
#: A cue under a neighbour's tag affects where that begins or ends.
_NEIGHBOUR = 0.5


def film_view(annotation: AnnotatedFilm, colours: Palette = OKABE_ITO) -> FilmView:
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
                "name": emotion,
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
) -> CueView:
    """The data of a cue for a page.

    Args:
        cue: as it would be written
        limits: what can be read
        judgement: what a person said of it
    """
    decision = cue.decision
    text = kept(cue.styled_text.plain)
    raw = kept(cue.text)
    speed, over = _reading(cue, limits)
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
        "priority": round(check_priority(cue), 3),
        "check": is_to_check(cue),
        "unsure": decision.reason is Reason.UNSURE,
        "contradicted": cue.is_contradicted,
        "judged": content_of(judgement),
        "cps": speed,
        "over": over,
    }


def sound_view(heard: SoundHeard, shown: SoundCue | None, judgement: Judgement | None) -> CueView:
    """The view of a sound between the cues, in the form of `subemo.review.views.cue_view`.

    Args:
        heard: the sound
        shown: its cue, or None where it has none
        judgement: what a person said of it
    """
    probability = round(heard.probability, 2)
    reason = f"detected {heard.sound.value}, {probability:.2f}"
    if shown is None:
        is_removed = judgement is not None and judgement.shown is Shown.NOTHING
        reason = "removed by you" if is_removed else "no time for it, or shown a moment ago"
    return {
        "start": heard.start_ms if shown is None else shown.start_ms,
        "end": heard.end_ms if shown is None else shown.end_ms,
        "text": "",
        "raw": None,
        "speaker": "",
        "p": None,
        "sound": heard.sound.value,
        "sure": probability,
        "tag": "" if shown is None else heard.sound.value,
        "shown": "" if shown is None else shown.text,
        "above": 0,
        "intense": False,
        "reason": reason,
        "detail": "",
        "priority": 0.0 if shown is None else round(_SHOWN * (1 - heard.probability), 3),
        "check": shown is not None,
        "unsure": False,
        "contradicted": False,
        "judged": content_of(judgement),
        "cps": 0.0,
        "over": [],
    }


def check_priority(cue: AnnotatedCue) -> float:
    """The priority of checking an unjudged cue: from 0 (no effect) to 2.

    The doubt is the probability that the likeliest emotion is wrong, with neutral and
    calm as one. The effect of a check is 2 if a tag is shown, else the probability of an
    emotion to show, or half of that if a tag is close by.

    Args:
        cue: the cue as it would be written
    """
    if cue.prediction is None or cue.decision.reason in _FIXED:
        return 0.0
    probabilities = dict(zip(EMOTIONS, cue.prediction.probabilities, strict=True))
    unmarked = sum(probabilities[emotion] for emotion in UNMARKED)
    marked = {e: p for e, p in probabilities.items() if e not in UNMARKED}
    doubt = 1 - max(unmarked, *marked.values())
    if cue.decision.tag is not None:
        return _SHOWN * doubt
    change = sum(marked.values())
    if cue.decision.reason in (Reason.SAME, Reason.DENSE):
        change *= _NEIGHBOUR
    return doubt * change


def is_to_check(cue: AnnotatedCue) -> bool:
    """Whether an unjudged cue is on the list to check: it shows a tag, or is likely to."""
    return cue.decision.tag is not None or check_priority(cue) >= LEAST


def _reading(cue: AnnotatedCue, limits: ReadingLimits) -> tuple[float, list[str]]:
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
    return round(speed, 1), over


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
