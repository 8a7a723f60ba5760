from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from subemo.text_model.features import BUCKETS, COLUMNS, MANNERS, manner, ngram_columns, ngram_rows

ONES = np.ones(COLUMNS, np.float32)


@given(st.lists(st.text(), max_size=4))
def test_rows_of_any_text(lines: list[str]) -> None:
    rows = ngram_rows(lines, ONES)
    assert len(rows.starts) == len(lines) + 1
    assert len(rows.columns) == len(rows.values) == rows.starts[-1]
    assert all(len(manner(line)) == MANNERS and np.isfinite(manner(line)).all() for line in lines)


def test_words_and_letters_have_columns_of_their_own() -> None:
    words, letters = ngram_columns("Oh no!")
    assert len(words) == 5 + 4  # < oh no ! > and their pairs
    assert (words < BUCKETS).all()
    assert (letters >= BUCKETS).all()


def test_capitals_and_quotes_are_folded_but_drawn_out_letters_are_kept() -> None:
    assert (ngram_columns("I’M HERE")[0] == ngram_columns("i'm here")[0]).all()
    assert set(ngram_columns("nooo")[0]) == set(ngram_columns("nooooooo")[0])
    assert set(ngram_columns("nooo")[0]) != set(ngram_columns("no")[0])


def test_hashes_never_change() -> None:
    # Weights that were trained with other hashes would answer nonsense.
    assert ngram_columns("no")[0].tolist() == HASHES


def test_product_is_that_of_matrices() -> None:
    rows = ngram_rows(["Oh no!", "", "Yes"], ONES)
    table = np.random.default_rng(0).integers(-127, 127, (COLUMNS, 7)).astype(np.int8)
    dense = np.zeros((3, COLUMNS), np.float32)
    for line in range(3):
        part = slice(rows.starts[line], rows.starts[line + 1])
        dense[line, rows.columns[part]] = rows.values[part]
    scale = np.arange(1, 8).astype(np.float32)
    assert np.allclose(rows.times(table, scale), dense @ table * scale, rtol=1e-4, atol=1e-2)
    words = rows.times(table[:BUCKETS], scale)
    assert np.allclose(words, dense[:, :BUCKETS] @ table[:BUCKETS] * scale, rtol=1e-4, atol=1e-2)


def test_a_line_is_of_length_one_in_words_and_in_letters() -> None:
    values = ngram_rows(["Oh no!"], ONES).values
    assert np.isclose(values @ values, 2)


HASHES = [33097, 40231, 57445, 127195, 130790]
