"""The 2024 report (Davies and Chen), reproduced."""
