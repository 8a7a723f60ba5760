"""Trained networks: read from their folders, and run."""

#: The model that is taken where nobody names one.
DEFAULT_MODEL = "subemo-crnn"
