"""Training and judging what hears vocal sounds and vocal effort."""
