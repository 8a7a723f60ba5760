"""Commands for captioners."""
