"""Which channels of a film's sound are listened to.

Films of five channels and more are mixed with the dialogue in the centre
(ITU-R BS.775, "multichannel stereophonic sound system"), where there is less
music and noise around it. Some are not: a stereo film laid out as surround
has an empty or a weak centre. So both are listened to, here and there.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from ..core.times import DAY_MS
from ..media import DecodingError, MediaInfo, decode_audio
from ..media.audio import Samples
from .voice_activity import SAMPLE_RATE, speech_probabilities

#: At how many places of a film its channels are compared, and for how long.
_PLACES, _PLACE_MS = 12, 5_000
#: A part of 32 ms is speech from this probability on.
_IS_SPEECH = 0.5
#: The centre is taken if so much of the speech in all channels is found in it.
_SHARE = 0.8


def speaks_in_centre(path: Path, info: MediaInfo, audio_stream: int | None = None) -> bool:
    """Whether a film's speech is in its centre channel.

    Args:
        path: the film
        info: what it holds
        audio_stream: which sound track, from 0; None for ffmpeg's own choice

    Returns:
        False also where there is no centre, be it in one place alone, or nobody speaks
    """
    if audio_stream is not None:
        tracks = info.audio[audio_stream : audio_stream + 1]
    else:
        # ffmpeg takes one of those that the film's maker marked, if there are any.
        marked = tuple(track for track in info.audio if "(default)" in track.description)
        tracks = marked or info.audio
    if not tracks or not all(track.has_centre for track in tracks):
        return False

    def speech(centre: bool) -> int:
        blocks = _excerpts(path, info, audio_stream, centre)
        return sum(probability >= _IS_SPEECH for probability in speech_probabilities(blocks))

    in_all = speech(centre=False)
    try:
        in_centre = speech(centre=True)
    except DecodingError:
        return False  # its channels change, and somewhere there is no centre
    return in_centre > 0 and in_centre >= _SHARE * in_all


def _excerpts(
    path: Path, info: MediaInfo, audio_stream: int | None, centre: bool
) -> Iterator[Samples]:
    # A header may claim ten years; a day is what is listened to.
    duration_ms = min(info.duration_ms or _PLACE_MS, DAY_MS)
    places = min(_PLACES, -(-duration_ms // _PLACE_MS))
    for place in range(places):
        blocks = decode_audio(
            path,
            sample_rate=SAMPLE_RATE,
            audio_stream=audio_stream,
            centre=centre,
            start_ms=duration_ms * place // places,
            duration_ms=_PLACE_MS,
        )
        with closing(blocks):
            yield from blocks
