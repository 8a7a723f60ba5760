"""The version, said once: `pyproject.toml` reads it here, too."""

__version__ = "1.0.0"
