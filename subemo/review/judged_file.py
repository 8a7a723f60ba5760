"""The file of a film's judgements, with its history, written after each judgement."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ..core.emotions import Emotion
from ..core.errors import SettingsError
from ..core.files import read_plain, write_atomically
from ..core.printable import plain
from ..core.sounds import SCENE_SOUNDS, SOUNDS
from ..model.decision import LESSON
from .judgements import CueKey, Judgement, Shown, check_judgement, have_same_letters, matched
from .messages import JudgementMessage

if TYPE_CHECKING:
    from ..model.bundle import Bundle
    from ..text_model import TextModel

_VERSION = 1
#: The largest file, in bytes.
_LARGEST = 64 << 20
#: The most steps that can be undone.
_MOST_STEPS = 2_000
#: Numbers of a correction of log likelihoods are no larger than this.
_LARGEST_NUMBER = 50.0
_DIGITS = 5


@dataclass(frozen=True)
class Change:
    """A cue's judgement before and after a change; None for no judgement."""

    key: CueKey
    before: Judgement | None
    after: Judgement | None


@dataclass(frozen=True)
class VoiceCorrection:
    """What the judgements of a film teach about its voices; see `subemo.model.decision.film_lesson`.

    Attributes:
        film: the name of that film
        model: the name and the SHA-256 of the model of the voice that it corrects
        witness: the name of the model of the words that decided with it, or None
        cues: from how many judged cues
        numbers: of shape `LESSON`

    Raises:
        ValueError: at numbers that cannot be such a correction
    """

    film: str
    model: tuple[str, str]
    witness: str | None
    cues: int
    numbers: tuple[tuple[float, ...], ...]

    def __post_init__(self) -> None:
        array = np.array(self.numbers, dtype=np.float64)
        # Not a number is not smaller than anything.
        if array.shape != LESSON or not (np.abs(array) <= _LARGEST_NUMBER).all() or self.cues < 1:
            raise ValueError("no correction")

    @classmethod
    def of(
        cls,
        array: npt.NDArray[np.float64],
        bundle: Bundle,
        witness: TextModel | None,
        *,
        film: str,
        cues: int,
    ) -> VoiceCorrection:
        """What *cues* judged cues of a film taught."""
        rows = array.clip(-_LARGEST_NUMBER, _LARGEST_NUMBER).round(_DIGITS).tolist()
        name = None if witness is None else witness.name
        return cls(film, (bundle.name, bundle.digest), name, cues, tuple(map(tuple, rows)))

    @property
    def array(self) -> npt.NDArray[np.float64]:
        """The numbers, shape `LESSON`."""
        return np.array(self.numbers, dtype=np.float64)

    @property
    def said(self) -> str:
        """A sentence for the reviewer of another film that begins with it."""
        cues = "1 cue" if self.cues == 1 else f"{self.cues} cues"
        return f"This film begins with what {cues} judged in {plain(self.film)} taught about its voices."

    def is_for(self, bundle: Bundle, witness: TextModel | None) -> bool:
        """Whether it corrects what these models say."""
        name = None if witness is None else witness.name
        return self.model == (bundle.name, bundle.digest) and self.witness == name

    def content(self) -> dict[str, Any]:
        """What a file has of it, apart from the film."""
        name, digest = self.model
        return {
            "model": {"name": name, "sha256": digest},
            "witness": self.witness,
            "cues": self.cues,
            "numbers": [list(row) for row in self.numbers],
        }


@dataclass(frozen=True)
class JudgedFile:
    """A film's judgements.

    Attributes:
        film: the film's name
        sha256: SHA-256 of the film's content
        judgements: judgements by cue
        steps: the steps, oldest first; each may change several cues
        done: number of steps in effect; the rest were undone
        correction: what they teach of the film's voices, for the next film of the same; or None
        initial: what another film taught, where this one begins; or None

    Example:
        >>> key = CueKey(1_000, 2_000, "Get out!")
        >>> judged = JudgedFile("film.mp4", "00").with_step({key: Judgement(Emotion.ANGRY)})
        >>> judged.undone().judgements, judged.undone().redone() == judged
        ({}, True)
    """

    film: str
    sha256: str
    judgements: Mapping[CueKey, Judgement] = field(default_factory=dict)
    steps: tuple[tuple[Change, ...], ...] = ()
    done: int = 0
    correction: VoiceCorrection | None = None
    initial: VoiceCorrection | None = None

    def with_step(self, new: Mapping[CueKey, Judgement | None]) -> JudgedFile:
        """Changes some judgements as a step; None removes one."""
        step = tuple(
            Change(key, self.judgements.get(key), after)
            for key, after in new.items()
            if self.judgements.get(key) != after
        )
        if not step:
            return self
        steps = (*self.steps[: self.done], step)[-_MOST_STEPS:]
        return replace(self._with(step, forward=True), steps=steps, done=len(steps))

    def undone(self) -> JudgedFile:
        """Undoes the last step in effect."""
        if not self.done:
            return self
        step = self.steps[self.done - 1]
        return replace(self._with(step, forward=False), done=self.done - 1)

    def redone(self) -> JudgedFile:
        """Redoes the step undone last."""
        if self.done == len(self.steps):
            return self
        return replace(self._with(self.steps[self.done], forward=True), done=self.done + 1)

    def _with(self, step: Sequence[Change], *, forward: bool) -> JudgedFile:
        judgements = dict(self.judgements)
        for change in step:
            wanted = change.after if forward else change.before
            judgements.pop(change.key, None)
            if wanted is not None:
                judgements[change.key] = wanted
        return replace(self, judgements=judgements)

    def fitted(self, cues: Sequence[CueKey]) -> JudgedFile:
        """Moves judgements and steps to the keys of the matching cues."""
        found = matched(list(self.judgements), cues)
        undone = {
            change.key: 0 for step in self.steps for change in step if change.key not in found
        }
        left = set(cues).difference(found.values())
        found |= matched(list(undone), [key for key in cues if key in left])
        judgements = {
            found.get(key, key): _moved(one, key, found.get(key, key))
            for key, one in self.judgements.items()
        }
        steps = tuple(
            tuple(_moved_change(change, found.get(change.key, change.key)) for change in step)
            for step in self.steps
        )
        return replace(self, judgements=judgements, steps=steps)

    def to_bytes(self) -> bytes:
        """The content of the file."""
        content = {
            "subemo_judgements": _VERSION,
            "film": {"name": self.film, "sha256": self.sha256},
            "cues": [
                {**key_content(key), **_content(one)}
                for key, one in sorted(
                    self.judgements.items(), key=lambda item: (item[0].start_ms, item[0].copy)
                )
            ],
            "done": self.done,
            "history": [[_change_content(change) for change in step] for step in self.steps],
        }
        if self.correction is not None:
            content["lesson"] = self.correction.content()
        if self.initial is not None:
            content["start"] = {"film": self.initial.film, "lesson": self.initial.content()}
        return (json.dumps(content, indent=1, ensure_ascii=True) + "\n").encode()

    def write(self, path: Path) -> bytes:
        """Writes the file atomically and returns its content.

        Raises:
            OutputError: if it cannot be written
        """
        data = self.to_bytes()
        write_atomically(path, data, overwrite=True)
        return data


def _moved(judgement: Judgement, old: CueKey, new: CueKey) -> Judgement:
    """A judgement of a cue that now has other words, which its text does not correct."""
    if judgement.text is None or judgement.text_for is not None:
        return judgement
    if have_same_letters(old.words, new.words):
        return judgement
    return replace(judgement, text_for=old.words)


def _moved_change(change: Change, key: CueKey) -> Change:
    before, after = (
        None if one is None else _moved(one, change.key, key)
        for one in (change.before, change.after)
    )
    return Change(key, before, after)


def read_judged(path: Path) -> JudgedFile:
    """Reads a file of judgements.

    Raises:
        SettingsError: if it cannot be read or is not such a file
    """
    try:
        return parse_judged(read_plain(path, largest=_LARGEST))
    except OSError as error:
        raise SettingsError(f"cannot be read ({error.strerror})", path=path) from error
    except SettingsError as error:
        raise SettingsError(error.problem, path=path, remedy=error.remedy) from error


def parse_judged(data: bytes) -> JudgedFile:
    """Parses the content of a file of judgements.

    Raises:
        SettingsError: if it is invalid
    """
    try:
        content = json.loads(data)
        if content["subemo_judgements"] != _VERSION:
            raise SettingsError("these judgements are of another version of subemo")
        steps = tuple(tuple(map(_change, step)) for step in content["history"])
        done = content["done"]
        if not isinstance(done, int) or not 0 <= done <= len(steps):
            raise ValueError("more steps are done than exist")
        film, own, initial = (
            str(content["film"]["name"]),
            content.get("lesson"),
            content.get("start"),
        )
        return JudgedFile(
            film=film,
            sha256=str(content["film"]["sha256"]),
            judgements=dict(_judged(_key(one), _judgement(one)) for one in content["cues"]),
            steps=steps,
            done=done,
            correction=None if own is None else _correction(film, own),
            initial=None
            if initial is None
            else _correction(str(initial["film"]), initial["lesson"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise SettingsError(
            "not a file of judgements", remedy="Remove it, or give another with `judged`."
        ) from error


def _correction(film: str, content: Mapping[str, Any]) -> VoiceCorrection:
    witness, cues, model = content["witness"], content["cues"], content["model"]
    if not isinstance(witness, str | None) or not isinstance(cues, int):
        raise ValueError("no correction")
    numbers = tuple(tuple(float(one) for one in row) for row in content["numbers"])
    return VoiceCorrection(film, (str(model["name"]), str(model["sha256"])), witness, cues, numbers)


def judgement_of(content: Any) -> Judgement | None:
    """Parses a judgement from a page; None for no judgement.

    Raises:
        SettingsError: if it is invalid
    """
    if content is None:
        return None
    try:
        return _judgement(content)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SettingsError("not a judgement") from error


def _judgement(content: Mapping[str, Any]) -> Judgement:
    heard, text = content.get("heard"), content.get("text")
    own, text_for = content.get("own", ""), content.get("text_for")
    if not isinstance(text, str | None) or not isinstance(own, str):
        raise ValueError("not a text")
    if not isinstance(text_for, str | None):
        raise ValueError("not words")
    return Judgement(
        heard=None if heard is None else Emotion(heard),
        shown=Shown(content.get("shown", Shown.RULES)),
        own=own,
        text=text,
        start_ms=_time(content.get("new_start")),
        end_ms=_time(content.get("new_end")),
        text_for=text_for,
    )


def _time(value: Any) -> int | None:
    if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
        raise ValueError("not a time")
    return value


def content_of(judgement: Judgement | None) -> JudgementMessage | None:
    """A judgement for a page, or None."""
    return None if judgement is None else _content(judgement)


def _content(judgement: Judgement) -> JudgementMessage:
    content: JudgementMessage = {"heard": judgement.heard, "shown": judgement.shown}
    if judgement.own:
        content["own"] = judgement.own
    if judgement.text is not None:
        content["text"] = judgement.text
    if judgement.text_for is not None:
        content["text_for"] = judgement.text_for
    if judgement.start_ms is not None:
        content["new_start"] = judgement.start_ms
    if judgement.end_ms is not None:
        content["new_end"] = judgement.end_ms
    return content


def _key(content: Mapping[str, Any]) -> CueKey:
    start, end, copy = _time(content["start"]), _time(content["end"]), _time(content.get("copy", 0))
    words = content["words"]
    if start is None or end is None or copy is None or not isinstance(words, str):
        raise ValueError("not a cue")
    sound = content.get("sound", "")
    if sound and sound not in {*SOUNDS, *SCENE_SOUNDS}:
        raise ValueError("not a sound")
    return CueKey(start, end, words, copy, sound)


def key_content(key: CueKey) -> dict[str, Any]:
    """A cue's key in a file of judgements."""
    content: dict[str, Any] = {"start": key.start_ms, "end": key.end_ms, "words": key.words}
    content |= {"copy": key.copy} if key.copy else {}
    return content | ({"sound": key.sound} if key.sound else {})


def _change(content: Mapping[str, Any]) -> Change:
    key = _key(content["cue"])
    before, after = (
        None if content[name] is None else _judged(key, _judgement(content[name]))[1]
        for name in ("before", "after")
    )
    return Change(key, before, after)


def _judged(key: CueKey, judgement: Judgement) -> tuple[CueKey, Judgement]:
    check_judgement(judgement, is_of_sound=bool(key.sound))
    return key, judgement


def _change_content(change: Change) -> dict[str, Any]:
    return {
        "cue": key_content(change.key),
        "before": content_of(change.before),
        "after": content_of(change.after),
    }
