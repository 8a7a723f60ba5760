"""Which channels of a film's sound are analysed.

Films with five or more channels usually have the dialogue in the centre (ITU-R
BS.775, "multichannel stereophonic sound system"), with less music and noise
around it. Some do not: a stereo film converted to surround has an empty or weak
centre. So speech is measured in both the centre and the mix, at several places.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from ..core.times import DAY_MS
from ..media import DecodingError, MediaInfo, chosen_track, decode_audio
from ..media.audio import Samples
from .voice_activity import SAMPLE_RATE, speech_probabilities

#: The number of places in a film where channels are compared, and their duration.
_PLACES, _PLACE_MS = 12, 5_000
#: The probability at which a chunk of 32 ms counts as speech.
_IS_SPEECH = 0.5
#: The share of the speech in the mix that must be found in the centre to use it.
_SHARE = 0.8


def speaks_in_centre(path: Path, info: MediaInfo, audio_stream: int | None = None) -> bool:
    """Whether a film's speech is in its centre channel.

    Args:
        path: the film
        info: what it holds
        audio_stream: audio track, from 0; None for the default track

    Returns:
        False also if there is no centre in any of the places, or no speech
    """
    if not chosen_track(info, audio_stream).has_centre:
        return False

    def speech(centre: bool) -> int:
        blocks = _excerpts(path, info, audio_stream, centre)
        return sum(probability >= _IS_SPEECH for probability in speech_probabilities(blocks))

    in_all = speech(centre=False)
    try:
        in_centre = speech(centre=True)
    except DecodingError:
        return False  # the channels change, and some part has no centre
    return in_centre > 0 and in_centre >= _SHARE * in_all


def _excerpts(
    path: Path, info: MediaInfo, audio_stream: int | None, centre: bool
) -> Iterator[Samples]:
    # A header may claim ten years; at most a day is analysed.
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
