"""The networks: how they are built, trained, kept as data, and asked."""
