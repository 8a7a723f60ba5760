"""Fuzzing: see `make fuzz`."""
