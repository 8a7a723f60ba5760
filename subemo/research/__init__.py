"""What researchers need: corpora, training, evaluation, the 2024 report. No other package imports it."""
