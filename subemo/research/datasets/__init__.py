"""Labelled clips as arrays: features, augmentation, splits."""
