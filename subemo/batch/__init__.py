"""Annotates an archive: many films as one job that can be stopped and resumed."""

from __future__ import annotations

from .jobs import FILM_SUFFIXES, BatchSettings, Job, find_films, make_jobs
from .ledger import Ledger
from .outcome import BatchStatus, FilmStatus, Outcome, Running, is_results_csv, results_csv
from .run import BatchProgress, annotate_films, run

#: Its name in 1.0.
Settings = BatchSettings

__all__ = [
    "FILM_SUFFIXES",
    "BatchProgress",
    "BatchSettings",
    "BatchStatus",
    "FilmStatus",
    "Job",
    "Ledger",
    "Outcome",
    "Running",
    "Settings",
    "annotate_films",
    "find_films",
    "is_results_csv",
    "make_jobs",
    "results_csv",
    "run",
]
