"""The analysis options of a command."""

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
    """Builds the analysis options from those of a command.

    Args:
        model: the model and how it is used
        transcriber: see `subemo.AnalysisOptions`
        split: see `subemo.AnalysisOptions`
        on_note: see `subemo.AnalysisOptions`
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
    """How a film without subtitles is segmented.

    Raises:
        SettingsError: if a value is invalid
    """
    if options.split == "silence":
        return SilencePolicy(options.silence_threshold, options.min_silence, options.padding)
    return SpeechPolicy()
