"""Checks an installation: what works, what is missing, and how to get it."""

from __future__ import annotations

from .check import Check, State
from .diagnosis import Diagnosis, diagnose

__all__ = ["Check", "Diagnosis", "State", "diagnose"]
