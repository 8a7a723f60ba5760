"""What a voice does beside speaking: sounds that are no words, and vocal effort.

Frames of the encoder in, probabilities out; pure functions over arrays.
"""
