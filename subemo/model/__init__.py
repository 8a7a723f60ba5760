"""The networks: how they are built, trained, kept as data, and asked."""

#: The model that is taken where nobody names one.
DEFAULT_MODEL = "subemo-crnn"
