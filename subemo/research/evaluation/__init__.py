"""Evaluation on labelled clips: scoring, metrics and results."""
