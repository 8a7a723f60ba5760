from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from subemo.core.emotions import Emotion
from subemo.tagging.density import Caps, FilmCues, Refusal, TagCandidate, limit_density

CAPS = Caps(
    repeat_after_ms=10_000, same_tag_ms=15_000, ms_per_tag=3_000, cues_per_tag=3,
    window_ms=120_000, tags_per_minute=5, veto_ms=15_000,
)  # fmt: skip
MOODS = [Emotion.ANGRY, Emotion.SAD, Emotion.FEAR]
#: Each cue by itself a run: how long after the last, its mood, how sure, whether it has room.
scripts = st.lists(
    st.tuples(st.integers(500, 30_000), st.sampled_from(MOODS), st.floats(0.5, 1), st.booleans()),
    max_size=40,
)
Script = list[tuple[int, Emotion, float, bool]]


def refused(script: Script, caps: Caps = CAPS) -> tuple[list[TagCandidate], dict[int, Refusal]]:
    starts, now = [], 0
    for after_ms, *_ in script:
        now += after_ms
        starts.append(now)
    candidates = [
        TagCandidate(place, place, start, start + 400, mood, sure, sure, has_room)
        for place, (start, (_, mood, sure, has_room)) in enumerate(zip(starts, script, strict=True))
    ]
    film = FilmCues(starts, [False] * len(starts), [False] * len(starts))
    return candidates, dict(limit_density(film, candidates, caps))


@given(scripts)
def test_what_is_shown_breaks_no_cap_and_what_is_not_would(script: Script) -> None:
    candidates, why = refused(script)
    shown = [one for at, one in enumerate(candidates) if one.has_room and at not in why]
    for at, one in enumerate(shown):
        for other in shown[:at]:
            assert one.start_ms - other.start_ms >= CAPS.ms_per_tag
            is_same = one.emotion is other.emotion
            assert not is_same or one.start_ms - other.start_ms >= CAPS.same_tag_ms
        minute = [o for o in shown if one.start_ms <= o.start_ms < one.start_ms + 60_000]
        assert len(minute) <= CAPS.tags_per_minute
    for at, reason in why.items():
        if reason is Refusal.VETOED:
            assert any(
                not other.has_room
                and other.confidence > candidates[at].confidence
                and other.emotion is not candidates[at].emotion
                for other in candidates
            )


@given(scripts)
def test_a_film_with_room_everywhere_vetoes_nothing(script: Script) -> None:
    _, why = refused([(after, mood, sure, True) for after, mood, sure, _ in script])
    assert Refusal.VETOED not in why.values()


@given(scripts)
def test_without_caps_only_what_the_viewer_knows_is_refused(script: Script) -> None:
    free = Caps(10_000, 0, 0, 1, 1, 10_000, 0)
    _, why = refused(script, free)
    assert set(why.values()) <= {Refusal.SAME, Refusal.VETOED}


@given(scripts)
def test_what_stays_stays_when_it_is_decided_on_again(script: Script) -> None:
    caps = Caps(10_000, 15_000, 3_000, 1, 120_000, 5, 0)
    candidates, why = refused([(after, mood, sure, True) for after, mood, sure, _ in script], caps)
    kept = [one for at, one in enumerate(candidates) if at not in why]
    film = FilmCues(
        [one.start_ms for one in candidates], [False] * len(candidates), [False] * len(candidates)
    )
    again = limit_density(film, kept, caps)
    assert set(again.values()) <= {Refusal.SAME}
