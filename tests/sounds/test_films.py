"""Sounds set into a film of speech, through the command: shown where they are, and taken out again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from subemo.cli import main
from subemo.media.audio import Samples, load

RATE = 16_000
#: What stands behind the speech of each cue.
SOUNDS = ("laughing", None, "crying", None, "coughing", None, "laughing", None)
SHOWN = {"laughing": "[laughs] ", "crying": "[sobs] ", "coughing": "[coughs] ", None: ""}


def _levelled(path: Path) -> Samples:
    samples = load(path, sample_rate=RATE)
    return samples * np.float32(0.06 / np.sqrt(np.mean(samples**2)))


@pytest.fixture(scope="module")
def film(corpora: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sound file with a cue of neutral Mandarin every ten seconds, in every second one a sound."""
    folder = tmp_path_factory.mktemp("film")
    speech = sorted((corpora / "casia").glob("*-neutral-*"))[:: 300 // len(SOUNDS) // 6]
    track = np.zeros(len(SOUNDS) * 15 * RATE, np.float32)
    blocks = []
    for number, (kind, path) in enumerate(zip(SOUNDS, speech, strict=False)):
        parts = [_levelled(path)]
        if kind is not None:
            parts.append(_levelled(sorted((corpora / "nonverbal" / kind).glob("*.ogg"))[number]))
        sound = np.concatenate(parts)
        start = 15 * number
        track[start * RATE : start * RATE + sound.size] = sound
        end = f"{(start + 10) // 60:02}:{(start + 10) % 60:02}"
        blocks.append(
            f"{number + 1}\n00:{start // 60:02}:{start % 60:02},000 --> 00:{end},000\nLine.\n"
        )
    soundfile.write(folder / "film.wav", np.clip(track, -1, 1), RATE)
    (folder / "film.srt").write_text("\n".join(blocks))
    return folder


def lines(path: Path) -> list[str]:
    return [line for line in path.read_text().splitlines() if line.endswith("Line.")]


def test_sounds_are_shown_where_they_are_and_taken_out_again(film: Path, tmp_path: Path) -> None:
    out, bare = tmp_path / "film.emo.srt", tmp_path / "bare.srt"
    inputs = [str(film / "film.wav"), str(film / "film.srt")]
    assert main(["annotate", *inputs, "-o", str(out), "--sounds", "voice"]) == 0
    assert lines(out) == [f"{SHOWN[kind]}Line." for kind in SOUNDS]
    assert main(["strip", str(out), "-o", str(bare)]) == 0
    assert bare.read_bytes() == (film / "film.srt").read_bytes()


def test_nobody_asks_nothing_is_shown(film: Path, tmp_path: Path) -> None:
    out = tmp_path / "film.emo.srt"
    inputs = [str(film / "film.wav"), str(film / "film.srt")]
    assert main(["annotate", *inputs, "-o", str(out), "--min-confidence", "1"]) == 0
    assert out.read_bytes() == (film / "film.srt").read_bytes()
