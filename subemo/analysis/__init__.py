"""The analysis of a film: from its sound to a prediction for each cue."""
