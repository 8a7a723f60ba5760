"""Decides which cues show which tags: policy, layout, vocabulary, and the result."""
