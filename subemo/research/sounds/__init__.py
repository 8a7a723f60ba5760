"""Training and evaluation of what hears vocal sounds and vocal effort."""
