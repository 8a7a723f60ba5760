"""Basics for every package: errors, emotions, settings, files, the cache, processes."""
