"""Parameters of films: their length and pace, and how often words and voice disagree."""

from __future__ import annotations

from dataclasses import dataclass

from ...core.settings import check_number


@dataclass(frozen=True)
class FilmRecipe:
    """How films are made.

    Attributes:
        cues: approximate number of cues per film; dialogues are kept whole
        cues_per_minute: the pace, reached by lengthening pauses between dialogues
        most_uses: the most uses of a clip in a film
        disagreeing: share of emotional cues whose words have another emotion
        disagreeing_neutral: share of neutral cues whose words have another emotion
        snr_db: range of the voices' signal-to-music ratio
        seed: random seed

    Raises:
        SettingsError: if a number is invalid

    Example:
        >>> FilmRecipe(cues=0)
        Traceback (most recent call last):
        subemo.core.errors.SettingsError: cues cannot be 0. It must be from 1 to 5,000.
    """

    cues: int = 185
    cues_per_minute: float = 12.0
    most_uses: int = 2
    disagreeing: float = 1 / 3
    disagreeing_neutral: float = 0.1
    snr_db: tuple[float, float] = (5.0, 15.0)
    seed: int = 0

    def __post_init__(self) -> None:
        check_number("cues", self.cues, low=1, high=5_000)
        check_number("cues_per_minute", self.cues_per_minute, low=1, high=60, is_whole=False)
        check_number("most_uses", self.most_uses, low=1)
        check_number("seed", self.seed, low=0)
        for name in ("disagreeing", "disagreeing_neutral"):
            check_number(name, getattr(self, name), low=0, high=1, is_whole=False)
        for end in self.snr_db:
            check_number("snr_db", end, low=-60, high=60, is_whole=False)
