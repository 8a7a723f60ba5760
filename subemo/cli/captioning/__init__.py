"""The commands of captioners."""
