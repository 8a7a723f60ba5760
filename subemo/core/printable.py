"""Text that is safe to show on a terminal."""

from __future__ import annotations


def plain(text: str) -> str:
    """*text* on one line, with a dot for each terminal control character."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else " " if c.isspace() else "·" for c in text)


def counted(count: int, noun: str) -> str:
    """A number with its noun, in the plural unless it is one.

    >>> counted(1, "tag"), counted(1_500, "cue")
    ('1 tag', '1,500 cues')
    """
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def number_text(value: float) -> str:
    """A number with at most two decimals, and never with an exponent.

    >>> number_text(10_790), number_text(15.6789), number_text(20.0)
    ('10790', '15.68', '20')
    """
    return f"{value:.2f}".rstrip("0").rstrip(".")
