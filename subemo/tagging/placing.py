"""Chooses the cue of each run's tag, and one wording for the whole film."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ..core.emotions import UNMARKED, Emotion
from .layout import Layout, ReadingSlot, Remedy, TagStyle, lay_out
from .policy import LastForm
from .presets import TagForm


@dataclass(frozen=True)
class TagRequest:
    """A run's tag to place.

    Attributes:
        emotion: the emotion
        slots: possible cues by place in the film, the best first
    """

    emotion: Emotion
    slots: tuple[tuple[int, ReadingSlot], ...]


@dataclass(frozen=True)
class Placed:
    """A placed tag.

    Attributes:
        place: place of its cue
        layout: its layout there
    """

    place: int
    layout: Layout


def choose_form(requests: Sequence[TagRequest], style: TagStyle, share: float) -> TagForm:
    """The first wording in the preset's order that fits nearly all tags of a film.

    Args:
        requests: all tags of the film
        style: the style of tags
        share: required share of the tags that fit in any wording, 0 to 1
    """
    forms = style.preset.forms
    fits = {
        form: {at for at, request in enumerate(requests) if place_tag(request, form, style)}
        for form in forms
    }
    anywhere = len(set().union(*fits.values()))
    for form in forms:
        if len(fits[form]) >= share * anywhere:
            return form
    return max(forms, key=lambda form: len(fits[form]))


def place_tags(
    requests: Sequence[TagRequest], form: TagForm, style: TagStyle, last: LastForm
) -> list[Placed | None]:
    """Places each tag; None if there is no room for it.

    Args:
        requests: all tags of the film
        form: its wording
        style: the style of tags
        last: what to do with tags that do not fit
    """
    return [
        place_tag(request, form, style) or _shorter(request, form, style, last)
        for request in requests
    ]


def place_tag(request: TagRequest, form: TagForm, style: TagStyle) -> Placed | None:
    """Places a tag in one wording on the first cue with room for it."""
    for place, slot in request.slots:
        layout = lay_out(slot, request.emotion, form, style)
        if layout is not None:
            return Placed(place, layout)
    return None


def has_room(slot: ReadingSlot, style: TagStyle) -> bool:
    """Whether a cue has room for the tag of any emotion in the preset's shortest wording."""
    shortest = style.preset.forms[-1]
    return all(
        lay_out(slot, emotion, shortest, style) is not None
        for emotion in Emotion
        if emotion not in UNMARKED
    )


def lay_out_by_hand(
    slot: ReadingSlot, emotion: Emotion, form: TagForm, style: TagStyle
) -> Layout | None:
    """The layout of a tag set by a reviewer, in the film's or the shortest wording, or None."""
    placed = place_tags([TagRequest(emotion, ((0, slot),))], form, style, LastForm.SHORT)[0]
    return None if placed is None else placed.layout


def _shorter(request: TagRequest, form: TagForm, style: TagStyle, last: LastForm) -> Placed | None:
    """Places a tag in its shortest wording."""
    for other in _last_forms(style.preset.forms[-1], last):
        placed = None if other is form else place_tag(request, other, style)
        if placed is not None:
            remedy = placed.layout.remedy or Remedy.SHORTER
            return replace(placed, layout=replace(placed.layout, remedy=remedy))
    return None


def _last_forms(shortest: TagForm, last: LastForm) -> Iterator[TagForm]:
    if last is not LastForm.NONE:
        yield shortest
    if last is LastForm.EMOJI:
        yield TagForm.EMOJI
