"""Speech detection over music, compared with silero's detector alone.

``python -m benchmarks.speech DATA``: 40 clips, drawn with a fixed seed from the
corpora in DATA, four per film with pauses of four seconds, over its music.
Prints, by level of speech over music, the lines of which more than half is detected,
and the share of the rest detected as speech (some of the music is sung).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from subemo.align.voice_activity import SAMPLE_RATE, SpeechPolicy, split_on_speech
from subemo.media.audio import Samples, load

CLIPS, A_FILM, PAUSE_S = 40, 4, 4
LEVELS = (None, 10, 5, 0, -5)


def films(
    data: Path, level_db: float | None
) -> Iterator[tuple[Samples, list[tuple[int, int]], int]]:
    """The sound, the times of its lines in milliseconds, and the end of the last pause."""
    generator = np.random.default_rng(0)
    clips = sorted(p for p in data.rglob("*") if p.suffix in (".wav", ".flac", ".ogg", ".mp3"))
    clips = [path for path in clips if "backgrounds" not in path.parts]
    music = sorted((data / "backgrounds" / "music").rglob("*.ogg"))
    drawn = [clips[i] for i in generator.choice(len(clips), CLIPS, replace=False)]
    for film in range(CLIPS // A_FILM):
        sound = np.zeros(45 * SAMPLE_RATE, dtype=np.float32)
        lines, at = [], 2 * SAMPLE_RATE
        for path in drawn[A_FILM * film : A_FILM * (film + 1)]:
            speech = load(path, sample_rate=SAMPLE_RATE)[: 8 * SAMPLE_RATE]
            loud = np.flatnonzero(np.abs(speech) > 0.05 * np.abs(speech).max())
            speech = speech[loud[0] : loud[-1]]
            sound[at : at + speech.size] += 0.05 * speech / np.sqrt(np.mean(speech**2))
            lines.append((at * 1000 // SAMPLE_RATE, (at + speech.size) * 1000 // SAMPLE_RATE))
            at += speech.size + PAUSE_S * SAMPLE_RATE
        if level_db is not None:
            bed = np.resize(load(music[film % len(music)], sample_rate=SAMPLE_RATE), sound.size)
            sound = sound + 0.05 * 10 ** (-level_db / 20) * bed / np.sqrt(np.mean(bed**2))
        yield sound.astype(np.float32), lines, at * 1000 // SAMPLE_RATE


def silero(sound: Samples) -> list[tuple[int, int]]:
    """The detector of silero at its default threshold."""
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    policy = SpeechPolicy()
    options = VadOptions(
        min_silence_duration_ms=policy.min_silence_ms,
        min_speech_duration_ms=policy.min_speech_ms,
        speech_pad_ms=policy.padding_ms,
    )
    found = get_speech_timestamps(sound, options)
    return [(one["start"] // 16, one["end"] // 16) for one in found]


def main(data: Path) -> None:
    """Measures and prints a row for each level."""
    print("speech over music | subemo: lines, false | silero alone: lines, false")
    for level in LEVELS:
        row = []
        for split in (lambda sound: list(split_on_speech([sound])), silero):
            found = lines = false_ms = quiet_ms = 0
            for sound, spoken, end_ms in films(data, level):
                heard = np.zeros(46_000, dtype=bool)
                for first, last in split(sound):
                    heard[first:last] = True
                found += sum(heard[first:last].mean() > 0.5 for first, last in spoken)
                lines += len(spoken)
                quiet = np.ones(46_000, dtype=bool)
                quiet[end_ms:] = False
                for first, last in spoken:
                    quiet[first:last] = False
                false_ms += int((heard & quiet).sum())
                quiet_ms += int(quiet.sum())
            row.append(f"{found} of {lines}, {100 * false_ms / quiet_ms:.0f} %")
        name = "no music" if level is None else f"{level:+d} dB"
        print(f"{name:17} | {row[0]:20} | {row[1]}", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data"))
