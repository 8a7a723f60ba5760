"""Reproduction of the 2024 report (Davies and Chen)."""
