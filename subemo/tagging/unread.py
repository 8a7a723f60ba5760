"""How many more tags there would be with more room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from .decisions import CueEvidence, FilmDecision, decide_film
from .policy import LastForm, PolicyKind, TagPolicy
from .reasons import Reason
from .vocabulary import Vocabulary

#: What makes room for tags: fields of `TagPolicy` and their values, as in Python.
ROOM: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "extend=True": MappingProxyType({"extend": True}),
        'last_form="emoji"': MappingProxyType({"last_form": LastForm.EMOJI}),
    }
)


def more_tags(
    cues: Sequence[CueEvidence], policy: TagPolicy, vocabulary: Vocabulary, decided: FilmDecision
) -> Mapping[str, int]:
    """The numbers of additional tags with each choice of `ROOM`, if any.

    Args:
        cues: see `decide_film`
        policy: see `decide_film`
        vocabulary: see `decide_film`
        decided: the result of `decide_film`
    """
    has_no_room = any(cue.reason is Reason.NO_ROOM for cue in decided.cues)
    if policy.policy is PolicyKind.EVERY or not has_no_room:
        return {}
    before = _count(decided)
    found = {
        choice: _count(decide_film(cues, replace(policy, **fields), vocabulary)) - before
        for choice, fields in ROOM.items()
    }
    return {choice: more for choice, more in found.items() if more > 0}


def _count(decided: FilmDecision) -> int:
    return sum(cue.tag is not None for cue in decided.cues)
