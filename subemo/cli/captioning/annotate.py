"""`subemo annotate`."""

from __future__ import annotations

import click

from ..collected import collected
from ..grouped import GroupedCommand
from ..options import (
    PATH,
    adapt_option,
    audio_stream_option,
    debug_option,
    model_option,
    overwrite_option,
    witness_option,
)
from .option_groups import (
    InputOptions,
    ModelOptions,
    OutputOptions,
    PolicyOptions,
    RenderOptions,
    SplitOptions,
    WordingOptions,
)
from .options import (
    all_option,
    cache_option,
    encoding_option,
    policy_options,
    render_options,
    sound_cues_options,
    split_options,
    writing_options,
)

_GROUPS = {
    "Most used": (
        "--output", "--format", "--policy", "--all", "--min-confidence", "--preset", "--language",
        "--mux", "--burn", "--overwrite",
    ),
    "Input": ("--subs", "--judged", "--encoding", "--audio-stream"),
    "Model": ("--model", "--adapt", "--witness"),
    "What is shown": (
        "--sounds", "--sound-cues", "--sound-model", "--strong-confidence", "--start-confidence", "--pooled-cues", "--same-speaker",
        "--repeat-after", "--late-by", "--late-cues", "--same-tag-after", "--time-per-tag",
        "--cues-per-tag", "--density-window", "--tags-per-minute", "--veto-within", "--config",
    ),
    "How it looks": (
        "--words", "--colour", "--style", "--audience", "--chars-per-second", "--chars-per-line",
        "--max-lines", "--most-added", "--form-share", "--last-form", "--extend", "--extend-by",
    ),
    "Output": ("--plot", "--verbose"),
    "Films": ("--timeline", "--font"),
    "Films without subtitles": (
        "--split", "--transcribe", "--whisper", "--silence-threshold", "--min-silence", "--padding",
    ),
    "Speed and help": ("--cache", "--debug", "--help"),
}  # fmt: skip


@click.command(cls=GroupedCommand, groups=_GROUPS)
@click.argument("video", type=PATH)
@click.argument("subs", type=PATH, required=False)
@click.option(
    "-o",
    "--output",
    type=PATH,
    help="Output file; - for standard output.  [default: film.emo.srt for film.srt]",
)
@writing_options
@model_option
@policy_options()
@adapt_option
@witness_option
@sound_cues_options
@all_option
@audio_stream_option
@click.option(
    "--subs",
    "wish",
    metavar="embedded[:N]|none",
    help="Use a subtitle track of VIDEO, the Nth counted from 0, or none at all.",
)
@click.option(
    "--judged",
    type=PATH,
    metavar="FILE",
    help="Apply the judgements of `subemo review`, and predict the other cues with them.",
)
@encoding_option
@split_options
@render_options
@cache_option
@overwrite_option
@click.option(
    "-v", "--verbose", is_flag=True, help="List every cue with its tag or the reason for none."
)
@debug_option
@collected
def annotate(
    film: InputOptions,
    policy: PolicyOptions,
    wording: WordingOptions,
    model: ModelOptions,
    split: SplitOptions,
    outputs: OutputOptions,
    renders: RenderOptions,
) -> None:
    """Tag the subtitles SUBS of VIDEO with the emotion of the voice.

    Without SUBS, subemo uses subtitles beside VIDEO (film.srt, film.en.srt), then
    a subtitle track in it. If there are none, it detects speech and transcribes
    it with Whisper; proofread that text before you publish it.
    """
    from .jobs.annotate import run

    run(film, policy, wording, model, split, outputs, renders)
