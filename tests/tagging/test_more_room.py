from __future__ import annotations

from subemo.tagging.decisions import CueEvidence, decide_film, more_tags
from subemo.tagging.policy import PolicyKind, TagPolicy

from .test_policy import ENGLISH, SPARSE, cue


def more(*cues: CueEvidence, policy: TagPolicy = SPARSE) -> dict[str, int]:
    return dict(more_tags(cues, policy, ENGLISH, decide_film(cues, policy, ENGLISH)))


def test_what_would_bring_tags() -> None:
    short = cue(0, text="Get out of here!", seconds=0.8)
    assert more(cue(0)) == {}
    assert more(short) == {"extend=True": 1}
    long = cue(20, text="a" * 40, seconds=1.5)
    assert more(short, cue(10, None), cue(12, None), long, cue(30, None), cue(32, None)) == {
        "extend=True": 1,
        'last_form="emoji"': 1,
    }


def test_nothing_where_nothing_is_asked() -> None:
    short = cue(0, text="Get out of here!", seconds=0.8)
    assert more(short, policy=TagPolicy(policy=PolicyKind.EVERY)) == {}
    assert more(short, policy=TagPolicy(min_confidence=0.6, extend=True)) == {}
