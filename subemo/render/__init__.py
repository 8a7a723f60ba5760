"""Films with their tagged subtitles: as a track, in the picture, over a strip of emotions."""

from __future__ import annotations

from .burn import burn
from .mux import mux
from .timeline import timeline

__all__ = ["burn", "mux", "timeline"]
