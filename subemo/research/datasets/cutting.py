"""Cuts labelled segments of a film into clips, so that a test set can be shared."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from ...align import Span, cut
from ...analysis.film import open_film
from ...core.errors import CorpusError
from ...core.files import check_writable, write_atomically
from ..corpora import Clip

#: How far a segment may reach past the film or its sound, in milliseconds.
_SLACK_MS = 100
#: The rate of clips whose track does not say its own, in hertz.
_RATE = 48_000


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
    """Writes the sound of each segment to *folder*, as subemo hears it: mono, 16 bits.

    Yields:
        each file, once it is written, in the order of the segments' ends

    Raises:
        MediaError: if the film has no sound that can be read
        CorpusError: if a segment ends after the film or its sound
        OutputError: if a file exists, or cannot be written
    """
    import soundfile

    film = open_film(video)
    length_ms = film.info.end_ms
    spans = [Span(clip.start_ms or 0, clip.end_ms or 0, at) for at, clip in enumerate(clips)]
    for span in spans:
        if length_ms is not None and span.end_ms > length_ms + _SLACK_MS:
            raise _outside(video, span.end_ms, length_ms)
    folder.mkdir(parents=True, exist_ok=True)
    targets = [folder / name for name in clip_names(clips)]
    for target in targets:
        check_writable(target, inputs=[video], overwrite=overwrite)
    rate = film.track.rate or _RATE
    with film.sound("cutting", rate) as blocks:
        for segment in cut(blocks, spans, sample_rate=rate):
            span, heard_ms = segment.span, segment.samples.size * 1000 // rate
            if not heard_ms or heard_ms < span.end_ms - span.start_ms - _SLACK_MS:
                raise _outside(video, span.end_ms, span.start_ms + heard_ms)
            wav = io.BytesIO()
            soundfile.write(wav, segment.samples, rate, format="WAV", subtype="PCM_16")
            write_atomically(targets[span.cue], wav.getvalue(), overwrite=overwrite)
            yield targets[span.cue]


def _outside(video: Path, end_ms: int, last_ms: int) -> CorpusError:
    return CorpusError(
        f"the segment ending at {end_ms / 1000:g} s is outside the film, "
        f"whose sound ends at {last_ms / 1000:g} s",
        path=video,
    )
