"""Training and evaluating the detection of vocal sounds and vocal effort."""
