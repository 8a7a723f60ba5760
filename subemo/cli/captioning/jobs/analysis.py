"""The analysis options of a command."""

from __future__ import annotations

from collections.abc import Callable

import click

from ....align import SilencePolicy
from ....align.voice_activity import SpeechPolicy
from ....analysis.joint import check_choice
from ....analysis.options import AnalysisOptions
from ....core.cache import user_cache
from ....model.statistics import check_adaptation
from ....tagging.policy import SoundsShown, TagPolicy
from ....transcription.whisper import Transcriber
from ..archive_options import BatchCaptionOptions
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
        sound_cues=model.sound_cues,
        sound_model=model.sound_model,
    )


def refuse_unshown_sounds(model: ModelOptions | BatchCaptionOptions, policy: TagPolicy) -> None:
    """Refuses to listen for sounds of which none is shown.

    Raises:
        click.UsageError: if so
    """
    if model.sound_cues and policy.sounds is SoundsShown.NONE:
        raise click.UsageError("--sound-cues needs --sounds voice, or --sounds all.")
    if model.sound_model is not None and not (
        model.sound_cues and policy.sounds is SoundsShown.ALL
    ):
        raise click.UsageError("--sound-model needs --sound-cues and --sounds all.")


def split_policy(options: SplitOptions) -> SilencePolicy | SpeechPolicy:
    """How a film without subtitles is segmented.

    Raises:
        SettingsError: if a value is invalid
    """
    if options.split == "silence":
        return SilencePolicy(options.silence_threshold, options.min_silence, options.padding)
    return SpeechPolicy()
