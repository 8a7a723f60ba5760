"""Films with tagged subtitles: as a track, burned in, or with a strip of emotions."""

from __future__ import annotations

from collections.abc import Callable

from .films import burn, mux
from .timeline import timeline

#: A function that renders an annotated film.
Maker = Callable[..., None]

__all__ = ["Maker", "burn", "mux", "timeline"]
