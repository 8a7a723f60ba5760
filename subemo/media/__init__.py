"""Everything that runs ffmpeg: probing films and decoding their sound."""

from __future__ import annotations

from .decoding import BLOCK_MS, DecodingError, decode_audio, stream_audio
from .ffmpeg import (
    FORMATS,
    GUARDS,
    arguments_of,
    converting,
    ffmpeg_executable,
    file_url,
    input_arguments,
    run_ffmpeg,
)
from .probing import (
    AudioStream,
    MediaInfo,
    SubtitleStream,
    Track,
    VideoStream,
    check_audio,
    chosen_track,
    extract_subtitles,
    film_input,
    probe,
    probe_ahead,
)

__all__ = [
    "BLOCK_MS",
    "FORMATS",
    "GUARDS",
    "AudioStream",
    "DecodingError",
    "MediaInfo",
    "SubtitleStream",
    "Track",
    "VideoStream",
    "arguments_of",
    "check_audio",
    "chosen_track",
    "converting",
    "decode_audio",
    "extract_subtitles",
    "ffmpeg_executable",
    "file_url",
    "film_input",
    "input_arguments",
    "probe",
    "probe_ahead",
    "run_ffmpeg",
    "stream_audio",
]
