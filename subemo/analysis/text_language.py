"""Detects whether subtitles of unknown language are English."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice

#: The most common words of spoken English that few other languages share (SUBTLEX-US has all of
#: them among its first hundred; Brysbaert and New, 2009).
_LIST = """
you the to it that of what is this was have we he are don't not be she they with your for know my
do just like there about him out them how her get all who can will would when if i'm it's that's
you're he's she's we're they're what's can't didn't i'll and
"""
_COMMON = frozenset(_LIST.split())
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
#: The percentage of common words in English text; a dozen other languages have at most 5.
_LEAST_SHARE = 0.2
#: The fewest words needed.
_LEAST_WORDS = 5
_MOST_CUES = 500


def looks_english(texts: Iterable[str]) -> bool:
    """Whether the words of some lines are mostly English.

    Args:
        texts: the lines

    >>> looks_english(["What do you know about him?", "I don't like it."])
    True
    >>> looks_english(["Was willst du von mir?", "Das ist nicht gut."])
    False
    """
    words = [
        word.lower().replace("’", "'")
        for text in islice(texts, _MOST_CUES)
        for word in _WORD.findall(text)
    ]
    if len(words) < _LEAST_WORDS:
        return False
    return sum(word in _COMMON for word in words) >= _LEAST_SHARE * len(words)
