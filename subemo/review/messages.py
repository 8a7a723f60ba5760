"""The messages between the studio and its pages: what each holds.

Python's side is checked by types. What pages send is compared with these in a browser, and anything that these
allow is understood (`tests/review/test_messages.py`). Annotations are values here, since Python reads in them which
fields are required.
"""

from typing import Literal, NotRequired, TypedDict

from ..core.emotions import Emotion
from .judgements import Shown


class JudgementMessage(TypedDict):
    """A judgement of a cue, as in a file of judgements; see `subemo.review.judgements.Judgement`."""

    heard: Emotion | None
    shown: Shown
    own: NotRequired[str]
    text: NotRequired[str]
    text_for: NotRequired[str]
    new_start: NotRequired[int]
    new_end: NotRequired[int]


class PageJudgement(JudgementMessage):
    """A judgement that a page sends, and whether it is what was proposed."""

    agreed: NotRequired[bool]


class JudgeMessage(TypedDict):
    """Judgements by the index of the cue; None removes one."""

    changes: dict[str, PageJudgement | None]


class PublishMessage(TypedDict):
    """The names of the files to publish, beside the film."""

    overwrite: bool
    captions: NotRequired[str]
    mux: NotRequired[str]
    burn: NotRequired[str]


class NoContent(TypedDict):
    """A request that only has a name."""


#: What a page posts, by the name of the request.
REQUESTS = {
    "judge": JudgeMessage, "undo": NoContent, "redo": NoContent,
    "publish": PublishMessage, "copy": NoContent,
}  # fmt: skip


class EmotionView(TypedDict):
    """An emotion, and its colours on a dark and a light ground."""

    name: Emotion
    letter: str
    colour: str
    paper: str
    marked: bool


class FilmView(TypedDict):
    """The data of a film."""

    film: str
    stem: str
    model: str
    language: str
    transcriber: str | None
    wordsColoured: bool
    duration: int
    emotions: list[EmotionView]


class CueView(TypedDict):
    """The data of a cue, or of a sound between cues; times in milliseconds."""

    start: int
    end: int
    text: str
    raw: str | None
    speaker: str
    p: list[float] | None
    sound: NotRequired[str]
    sure: NotRequired[float]
    tag: str
    shown: str
    above: int
    intense: bool
    reason: str
    detail: str
    priority: float
    check: bool
    unsure: bool
    contradicted: bool
    judged: JudgementMessage | None
    cps: float
    over: list[str]


class Overall(TypedDict):
    """What is true of the film as a whole."""

    done: int
    total: int
    tags: int
    sounds: int
    can_undo: bool
    can_redo: bool
    review: str


class Initial(TypedDict):
    """The film whose judgements taught where this one begins."""

    film: str
    cues: int
    said: str


class Unmatched(TypedDict):
    """A judgement that matches no cue."""

    start: int
    words: str
    said: str


class SessionState(FilmView, Overall):
    """The complete state of a session."""

    revision: int
    cues: list[CueView]
    judged_file: str
    other_film: bool
    start: Initial | None
    own: list[str]
    unmatched: list[Unmatched]


class Difference(Overall):
    """What a step changed; of cues that show what they showed only the fields that differ."""

    revision: int
    cues: dict[int, CueView | dict[str, object]]
    touched: list[int]
    moved: list[int]


class Idle(TypedDict):
    """Work that was not asked for."""

    state: Literal["idle"]


class Running(TypedDict):
    """How far work is, in units of its stage; no total where that is unknown."""

    state: Literal["running"]
    stage: str
    done: int
    total: int | None


class Failed(TypedDict):
    """Work that failed, and whether since a file exists."""

    state: Literal["failed"]
    error: str
    exists: bool


class Copied(TypedDict):
    """A copy of the film that browsers can play, which is done."""

    state: Literal["done"]


class Published(TypedDict):
    """What was published, and notes on it."""

    state: Literal["done"]
    written: list[str]
    folder: str
    notes: list[str]


Copying = Idle | Running | Failed | Copied
Publishing = Idle | Running | Failed | Published


class StudioState(SessionState):
    """The complete state of the studio."""

    peaks_rate: int
    publish_names: dict[str, str]
    copy: Copying
