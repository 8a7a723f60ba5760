"""Trained models: reading and running them."""

#: The default model.
DEFAULT_MODEL = "subemo-crnn"
