"""What the commands do; imported when one runs, so that --help does not load NumPy."""
