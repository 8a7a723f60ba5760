"""Vocal sounds and vocal effort.

Pure functions from the encoder's frames to probabilities.
"""
