"""Recomputes the figures of docs/films with the current policy: ``python -m benchmarks.film_policy FILMS``.

FILMS is the folder of the films that `subemo crossval --protocol films` made. The
predictions of voice and words are read from docs/films/answers-VARIANT.csv; no film is
analysed.
"""

from __future__ import annotations

import sys
from pathlib import Path

from subemo.core.files import write_atomically
from subemo.model.bundle import find_bundle, read_bundle
from subemo.model.decision import Witnesses
from subemo.research.films.answers import read_answers
from subemo.research.films.evaluation import evaluate, figures_table, text_table
from subemo.research.films.retagging import retagged
from subemo.research.films.running import SETTINGS, Variant

FOLDER = Path(__file__).parents[1] / "docs" / "films"
BY_VOICE = (Variant.VOICE, Variant.VOICE_OPEN)


def main() -> None:
    """Rewrites predictions and figures of every variant, and prints the mean over corpora."""
    films = Path(sys.argv[1])
    decision = read_bundle(find_bundle("subemo-crnn")).decision
    for variant in Variant:
        kind = Witnesses.VOICE if variant in BY_VOICE else Witnesses.VOICE_AND_WORDS
        policy = SETTINGS[variant].policy.with_threshold(decision[kind].threshold)
        path = FOLDER / f"answers-{variant}.csv"
        found = retagged(read_answers(path), films, policy)
        write_atomically(path, found.to_csv().encode(), overwrite=True)
        groups = evaluate(read_answers(path))
        table = figures_table(groups).encode()
        write_atomically(FOLDER / f"figures-{variant}.csv", table, overwrite=True)
        print(f"{variant}\n{text_table(groups[1:2])}\n", flush=True)


if __name__ == "__main__":
    main()
