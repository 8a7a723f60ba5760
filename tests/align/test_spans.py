from subemo.align import Span
from subemo.align.segments import LONGEST_CUE_MS, spans, whole


def test_a_cue_is_its_own_time() -> None:
    assert spans([(1_000, 3_000), (500, 500)]) == [
        Span(1_000, 3_000, 0),
        Span(500, 500, 1),
    ]


def test_a_cue_that_ends_before_it_starts_gets_nothing() -> None:
    assert spans([(3_000, 1_000)]) == [Span(3_000, 3_000, 0)]


def test_a_long_cue_gets_windows_and_a_huge_one_its_beginning() -> None:
    assert [span.end_ms for span in spans([(0, 25_000)])] == [8_333, 16_666, 25_000]
    huge = spans([(5_000, 10**15)])
    assert huge[-1].end_ms == 5_000 + LONGEST_CUE_MS
    assert len(huge) == 6


def test_a_whole_file() -> None:
    assert whole(4_000) == [Span(0, 4_000, 0)]
    assert len(whole(3_600_000)) == 360
    assert whole(None)[-1].end_ms == 24 * 3_600_000
    # A header may claim anything.
    assert whole(10 * 365 * 24 * 3_600_000) == whole(None)
