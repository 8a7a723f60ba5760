"""One self-contained HTML page of a film and its captions: to watch, correct and export."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from hashlib import sha256
from html import escape
from importlib import resources
from os import fsencode
from os.path import relpath
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ..core.emotions import EMOTIONS, UNMARKED, Emotion
from ..core.errors import OutputError
from ..formats.proof import prove
from ..formats.registry import BLOCK_FORMATS
from ..formats.templates import Placeholder, Template, shrunk, template
from ..render.mood_strip import LETTERS
from ..tagging.annotation import AnnotatedCue, AnnotatedFilm
from ..tagging.colours import OKABE_ITO, Palette
from ..tagging.layout import Slot, TagStyle, unhindered
from ..tagging.placing import lay_out_by_hand
from ..tagging.policy import TagPolicy
from ..tagging.presets import PRESETS, TagForm
from ..tagging.reasons import Decision, Reason
from ..tagging.vocabulary import Vocabulary


def review_page(
    annotation: AnnotatedFilm,
    vocabulary: Vocabulary,
    *,
    media: Path,
    output: Path,
    colours: Palette = OKABE_ITO,
) -> bytes:
    """The page as a whole file.

    Args:
        annotation: the film and what was decided
        vocabulary: what the tags call the emotions
        media: what the page plays: the film, or a copy that browsers can play
        output: where the page will lie; it finds the film from there
        colours: of tags on it, and of the words behind them where it says so
    """
    annotation = _moods_alone(annotation)
    variants = variants_of(annotation, vocabulary)
    exports = {
        form: _packed(template(form, annotation, _harmless(variants, form)))
        for form in BLOCK_FORMATS
        if _keeps_words(annotation, form)
    }
    data: dict[str, Any] = {
        "film": annotation.video.name,
        "stem": (annotation.subtitles or annotation.video).stem,
        "media": quote(
            fsencode(Path(relpath(media.absolute(), output.absolute().parent)).as_posix())
        ),
        "model": annotation.model,
        "language": annotation.language,
        "transcriber": annotation.transcriber,
        "wordsColoured": colours.of_words,
        "duration": max(
            annotation.duration_ms or 0, *(cue.shown_end_ms for cue in annotation.cues), 0
        ),
        "emotions": [_emotion(emotion, colours) for emotion in EMOTIONS],
        "cues": [_cue(cue, variants) for cue in annotation.cues],
        "exports": exports,
    }
    # Whose unsaved work a browser may bring back: of this film and these decisions alone.
    data["id"] = sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()[:16]
    files = resources.files(__package__)
    page = files.joinpath("page.html").read_text(encoding="utf-8")
    pieces = {
        "LANGUAGE": escape(annotation.language),
        "TITLE": escape(f"Review of {annotation.video.name}"),
        "STYLE": files.joinpath("page.css").read_text(encoding="utf-8"),
        "DATA": _in_script(json.dumps(data, separators=(",", ":"))),
        "SCRIPT": files.joinpath("page.js").read_text(encoding="utf-8"),
    }
    parts = page.split("@@")
    return "".join(pieces[part] if i % 2 else part for i, part in enumerate(parts)).encode(
        "utf-8", "replace"
    )


def _emotion(emotion: Emotion, colours: Palette) -> dict[str, Any]:
    return {
        "name": emotion.value,
        "letter": LETTERS[emotion],
        "colour": colours[emotion],
        "marked": emotion not in UNMARKED,
    }


def _moods_alone(annotation: AnnotatedFilm) -> AnnotatedFilm:
    """The film without tags of sounds, shouts and whispers, which the page has no buttons for."""

    def mood(cue: AnnotatedCue) -> AnnotatedCue:
        if cue.decision.tag is None or isinstance(cue.decision.tag, Emotion):
            return cue
        reason = Decision(None, Reason.NOT_A_MOOD, cue.decision.detail)
        return replace(cue, decision=reason)

    return replace(annotation, cues=tuple(map(mood, annotation.cues)))


def _keeps_words(annotation: AnnotatedFilm, form: str) -> bool:
    """Whether a file of that format would have all words, so that a page may write it."""
    document = annotation.document
    if document is not None and document.form == form:
        return True  # it is made of the input's bytes
    try:
        prove(annotation, form)
    except OutputError:
        return False
    return True


def _harmless(
    variants: Mapping[Emotion, AnnotatedFilm], form: str
) -> Mapping[Emotion, AnnotatedFilm]:
    """The variants without tags that would do harm in the film's own file, see `prove`.

    What harms is where a tag stands, so that of variants whose tags stand in
    the same places one is proven.
    """
    if any(
        variant.document is None or variant.document.form != form for variant in variants.values()
    ):
        return variants  # a new file of well-formed cues
    proven: dict[tuple[bool, ...], AnnotatedFilm] = {}
    harmless = {}
    for emotion, variant in variants.items():
        places = tuple(cue.decision.is_above for cue in variant.cues)
        if places not in proven:
            proven[places] = prove(variant, form).annotation
        harmless[emotion] = replace(
            variant,
            cues=tuple(
                cue if kept.decision.tag is not None else kept
                for cue, kept in zip(variant.cues, proven[places].cues, strict=True)
            ),
        )
    return harmless


def variants_of(
    annotation: AnnotatedFilm, vocabulary: Vocabulary
) -> Mapping[Emotion, AnnotatedFilm]:
    """The film with one emotion's tag on every cue, as a person might set it."""
    form = annotation.form_of_tags
    return {
        emotion: replace(
            annotation,
            cues=tuple(
                replace(
                    cue, decision=_set_by_hand(cue, emotion, annotation.policy, vocabulary, form)
                )
                for cue in annotation.cues
            ),
        )
        for emotion in EMOTIONS
    }


def _set_by_hand(
    cue: AnnotatedCue, emotion: Emotion, policy: TagPolicy, vocabulary: Vocabulary, form: TagForm
) -> Decision:
    """A tag that a person wants: where it can be read if there is such a place, else as it is."""
    lines = tuple(line for line in cue.styled_text.plain.split("\n") if line.strip())
    slot = Slot(lines, cue.start_ms, cue.end_ms, cue.end_ms)
    limits = policy.limits(vocabulary.language)
    style = TagStyle(PRESETS[policy.preset], vocabulary, limits, policy.most_added)
    layout = lay_out_by_hand(slot, emotion, form, style) or unhindered(lines, emotion, style)
    return Decision(
        emotion, Reason.TAGGED, "set by hand", layout.tag, layout.is_above, layout.remedy
    )


def _cue(cue: AnnotatedCue, variants: Mapping[Emotion, AnnotatedFilm]) -> dict[str, Any]:
    decision = cue.decision
    tags = {}
    for emotion, variant in variants.items():
        shown = variant.cues[cue.index].decision
        if decision.tag is emotion:
            shown = decision
        tags[emotion.value] = [shown.text, int(shown.is_above)]
    return {
        "start": cue.start_ms,
        "end": cue.shown_end_ms,
        "text": "".join(_kept(char) for char in cue.styled_text.plain),
        "speaker": cue.speaker,
        "probabilities": None
        if cue.prediction is None
        else [round(probability, 4) for probability in cue.prediction.probabilities],
        "tag": decision.tag.value if decision.tag else "",
        "reason": decision.reason.value,
        "detail": "; ".join(
            filter(None, (decision.detail, decision.remedy.value, _contradiction(cue)))
        ),
        "tags": tags,
        "unsure": decision.reason is Reason.UNSURE,
        "contradicted": cue.is_contradicted,
        "intense": decision.is_intense,
    }


def _contradiction(cue: AnnotatedCue) -> str:
    """What a reviewer should know of a cue whose words speak for another mood than its voice."""
    if not cue.is_contradicted or cue.voice_prediction is None or cue.text_prediction is None:
        return ""
    voice, text = cue.voice_prediction, cue.text_prediction
    return (
        f"voice and words disagree: {voice.emotion} {voice.confidence:.2f}, "
        f"{text.emotion} {text.confidence:.2f}"
    )


def _kept(char: str) -> str:
    """A character as a page can show it: no control, no half of one."""
    return "\ufffd" if "\ud800" <= char <= "\udfff" or (char < " " and char != "\n") else char


def _packed(made: Template) -> dict[str, Any]:
    """A template as the page has it: bytes in base64, each distinct one once."""
    table: dict[bytes, int] = {}

    def number(data: bytes) -> int:
        return table.setdefault(data, len(table))

    parts: list[Any] = []
    for part in _smaller(made):
        if isinstance(part, bytes):
            parts.append(number(part))
        else:
            values = {name: number(value) for name, value in part.values.items()}
            parts.append([part.cue, values])
    return {
        "table": [base64.b64encode(data).decode() for data in table],
        "parts": parts,
        "counted": made.is_counted,
    }


def _smaller(made: Template) -> Iterator[bytes | Placeholder]:
    """The same template with only what differs in its placeholders."""
    fixed = b""
    for part in made.parts:
        if isinstance(part, bytes):
            fixed += part
        elif made.is_counted:
            yield part
        else:
            head, tail = shrunk(list(part.values.values()))
            fixed += head
            if fixed:
                yield fixed
            yield Placeholder(
                part.cue,
                {n: v[len(head) : len(v) - len(tail)] for n, v in part.values.items()},
            )
            fixed = tail
    if fixed:
        yield fixed


def _in_script(text: str) -> str:
    """JSON that ends no script and begins no comment."""
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text
