"""The analysis of a film: from its sound to an answer for each cue."""
