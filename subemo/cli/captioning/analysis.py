"""The analysis that the options of a command ask for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ...align import SilencePolicy
    from ...align.voice_activity import SpeechPolicy
    from ...analysis.analyse import AnalysisOptions
    from ...transcription.whisper import Transcriber


def analysis_options(
    adapt: str | None,
    cached: bool,
    *,
    transcriber: Transcriber | None,
    split: SilencePolicy | SpeechPolicy | None = None,
    on_note: Callable[[str], None] = lambda _: None,
) -> AnalysisOptions:
    """How a film is analysed.

    Args:
        adapt: what ``--adapt`` says
        cached: what ``--cache`` says
        transcriber: see `subemo.AnalysisOptions`
        split: see there
        on_note: see there
    """
    from ...analysis.analyse import AnalysisOptions
    from ...core.cache import user_cache
    from ...model.statistics import check_adaptation

    return AnalysisOptions(
        adaptation=check_adaptation(adapt),
        cache=user_cache() if cached else None,
        transcriber=transcriber,
        split=split,
        on_note=on_note,
    )
