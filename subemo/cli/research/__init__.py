"""The commands of researchers."""
