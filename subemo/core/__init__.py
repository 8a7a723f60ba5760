"""What every room uses: errors, emotions, settings, files, the cache, processes."""
