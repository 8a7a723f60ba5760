"""What the commands do: imported when one runs, and not for its help, which NumPy would slow."""
