"""The analysis that the options of a command ask for."""

from __future__ import annotations

from collections.abc import Callable

from ....align import SilencePolicy
from ....align.voice_activity import SpeechPolicy
from ....analysis.analyse import AnalysisOptions
from ....analysis.joint import check_choice
from ....core.cache import user_cache
from ....model.statistics import check_adaptation
from ....transcription.whisper import Transcriber
from ..option_groups import ModelOptions, SplitOptions


def analysis_options(
    model: ModelOptions,
    *,
    transcriber: Transcriber | None,
    split: SilencePolicy | SpeechPolicy | None = None,
    on_note: Callable[[str], None] = lambda _: None,
) -> AnalysisOptions:
    """How a film is analysed.

    Args:
        model: what the user says of it
        transcriber: see `subemo.AnalysisOptions`
        split: see there
        on_note: see there
    """
    return AnalysisOptions(
        adaptation=check_adaptation(model.adapt),
        cache=user_cache() if model.cached else None,
        transcriber=transcriber,
        split=split,
        on_note=on_note,
        witness=check_choice(model.witness),
    )


def split_policy(options: SplitOptions) -> SilencePolicy | SpeechPolicy:
    """Where a film without subtitles is cut.

    Raises:
        SettingsError: at a value that cannot be
    """
    if options.split == "silence":
        return SilencePolicy(options.silence_threshold, options.min_silence, options.padding)
    return SpeechPolicy()
