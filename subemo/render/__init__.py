"""Films with their tagged subtitles: as a track, in the picture, over a strip of emotions."""

from __future__ import annotations

from collections.abc import Callable

from .burn import burn
from .mux import mux
from .timeline import timeline

#: What makes a film of an annotated one.
Maker = Callable[..., None]

__all__ = ["Maker", "burn", "mux", "timeline"]
