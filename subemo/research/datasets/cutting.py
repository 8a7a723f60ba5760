"""Cuts labelled segments of a film into clips, so that a test set can be shared."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from ...core.errors import CorpusError
from ...core.files import check_writable
from ...media import check_audio
from ...media.moviepy_adapter import moviepy_processes
from ..corpora import Clip


def clip_names(clips: Sequence[Clip]) -> list[str]:
    """A file name for each clip, as in the 2024 report: ``joy_happy1.wav``."""
    counts: Counter[str] = Counter()
    names = []
    for clip in clips:
        speaker = (clip.speaker or "voice").removeprefix(f"{clip.corpus}-")
        plain = re.sub(r"[^\w-]+", "-", speaker)
        stem = f"{plain}_{clip.emotion.value}"
        counts[stem] += 1
        names.append(f"{stem}{counts[stem]}.wav")
    return names


def cut_clips(
    video: Path, clips: Sequence[Clip], folder: Path, *, overwrite: bool = False
) -> Iterator[Path]:
    """Writes the sound of each segment to *folder*, using moviepy.

    Args:
        video: the film
        clips: the segments
        folder: the output folder; created if needed
        overwrite: whether existing files may be replaced

    Yields:
        each file, once it is written

    Raises:
        MediaError: if the film has no sound that can be read
        CorpusError: if a segment ends after the film
        OutputError: if a file exists, or cannot be written
    """
    # moviepy gives ffmpeg no whitelist, so files that are not films are refused here.
    info = check_audio(video)
    for clip in clips:
        if info.duration_ms is not None and (clip.end_ms or 0) > info.duration_ms + 100:
            raise CorpusError(
                f"the segment ending at {(clip.end_ms or 0) / 1000:g} s is outside the film, "
                f"which ends at {info.duration_ms / 1000:g} s",
                path=video,
            )
    folder.mkdir(parents=True, exist_ok=True)
    targets = [folder / name for name in clip_names(clips)]
    for target in targets:
        check_writable(target, inputs=[video], overwrite=overwrite)

    from moviepy import AudioFileClip

    with moviepy_processes(), AudioFileClip(str(video)) as sound:
        for clip, target in zip(clips, targets, strict=True):
            end = min((clip.end_ms or 0) / 1000, sound.duration)
            part = sound.subclipped((clip.start_ms or 0) / 1000, end)
            temporary = target.with_name(f".{target.name}.tmp.wav")
            try:
                part.write_audiofile(str(temporary), codec="pcm_s16le", logger=None)
                temporary.replace(target)
            finally:
                temporary.unlink(missing_ok=True)
            yield target
