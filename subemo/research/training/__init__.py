"""How models are trained, and written as bundles."""
