"""Research: corpora, training, evaluation, the 2024 report. Only the command line imports it."""
