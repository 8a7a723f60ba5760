"""Training models and writing them as bundles."""
