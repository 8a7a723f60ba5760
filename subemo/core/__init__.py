"""What every package uses: errors, emotions, settings, files, the cache, processes."""
