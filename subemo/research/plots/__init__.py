"""Plots by matplotlib, readable in greyscale."""
