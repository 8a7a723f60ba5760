from subemo.align import Span
from subemo.align.spans import LONGEST_CUE_MS, spans, whole
from subemo.subtitles.document import Cue


def test_a_cue_is_its_own_time() -> None:
    assert spans([Cue(0, 1_000, 3_000, "a"), Cue(1, 500, 500, "b")]) == [
        Span(1_000, 3_000, 0),
        Span(500, 500, 1),
    ]


def test_a_cue_that_ends_before_it_starts_gets_nothing() -> None:
    assert spans([Cue(0, 3_000, 1_000, "a")]) == [Span(3_000, 3_000, 0)]


def test_a_long_cue_gets_windows_and_a_huge_one_its_beginning() -> None:
    assert [span.end_ms for span in spans([Cue(0, 0, 25_000, "a")])] == [8_333, 16_666, 25_000]
    huge = spans([Cue(0, 5_000, 10**15, "a")])
    assert huge[-1].end_ms == 5_000 + LONGEST_CUE_MS
    assert len(huge) == 6


def test_a_whole_file() -> None:
    assert whole(4_000) == [Span(0, 4_000, 0)]
    assert len(whole(3_600_000)) == 360
    assert whole(None)[-1].end_ms == 24 * 3_600_000
    # A header may claim anything.
    assert whole(10 * 365 * 24 * 3_600_000) == whole(None)
