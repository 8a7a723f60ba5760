"""Sounds set into a film of speech, through the command: shown where they are, and taken out again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from subemo.captions import parse_document
from subemo.cli import main
from subemo.media.audio import Samples, load

from ..conftest import write_srt

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
    # No mood is that certain: a laugh would often be tagged as happy.
    options = ["--sounds", "voice", "--min-confidence", "0.99"]
    assert main(["annotate", *inputs, "-o", str(out), *options]) == 0
    assert lines(out) == [f"{SHOWN[kind]}Line." for kind in SOUNDS]
    assert main(["strip", str(out), "-o", str(bare)]) == 0
    assert bare.read_bytes() == (film / "film.srt").read_bytes()


def test_nobody_asks_nothing_is_shown(film: Path, tmp_path: Path) -> None:
    out = tmp_path / "film.emo.srt"
    inputs = [str(film / "film.wav"), str(film / "film.srt")]
    assert main(["annotate", *inputs, "-o", str(out), "--min-confidence", "1"]) == 0
    assert out.read_bytes() == (film / "film.srt").read_bytes()


@pytest.fixture(scope="module")
def film_with_gaps(corpora: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four cues of speech; between them a laugh, silence, speech without subtitles, and sobs behind."""
    folder = tmp_path_factory.mktemp("gaps")
    speech = [_levelled(path) for path in sorted((corpora / "casia").glob("*-neutral-*"))[::17][:5]]
    laugh, sob = (
        _levelled(sorted((corpora / "nonverbal" / kind).glob("*.ogg"))[2])
        for kind in ("laughing", "crying")
    )
    track = np.zeros(50 * RATE, np.float32)
    for second, samples in ((1, speech[0]), (5, laugh), (12, speech[1]), (22, speech[2]),
                            (27, speech[4]), (32, speech[3]), (40, sob)):  # fmt: skip
        samples = samples[: 4 * RATE]
        track[second * RATE : second * RATE + samples.size] = samples
    soundfile.write(folder / "film.wav", np.clip(track, -1, 1), RATE)
    cues = [
        (1_000, 4_000, "One."),
        (12_000, 15_000, "Two."),
        (22_000, 25_000, "Three."),
        (32_000, 35_000, "Four."),
    ]
    write_srt(folder / "film.srt", cues)
    return folder


def test_a_sound_between_cues_gets_a_cue_and_silence_and_speech_none(
    film_with_gaps: Path, tmp_path: Path
) -> None:
    out, bare = tmp_path / "film.emo.srt", tmp_path / "bare.srt"
    inputs = [str(film_with_gaps / "film.wav"), str(film_with_gaps / "film.srt")]
    options = ["--sounds", "voice", "--min-confidence", "1"]
    assert main(["annotate", *inputs, "-o", str(out), *options, "--sound-cues"]) == 0
    blocks = out.read_text().strip().split("\n\n")
    texts = [block.split("\n")[2] for block in blocks]
    assert texts == ["One.", "[laughs]", "Two.", "Three.", "Four.", "[sobs]"]
    assert [block.split("\n")[0] for block in blocks] == ["1", "5", "2", "3", "4", "6"]
    cue = parse_document(out.read_bytes(), path=out).cues[1]
    assert 4_084 <= cue.start_ms < 6_500  # the laugh lasts from 5 s to 9 s
    assert 1_000 <= cue.end_ms - cue.start_ms <= 3_000
    assert main(["strip", str(out), "-o", str(bare)]) == 0
    assert bare.read_bytes() == (film_with_gaps / "film.srt").read_bytes()


@pytest.fixture(scope="module")
def film_with_music(corpora: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Between five cues: music, noise, speech over music without subtitles, and 3 s of music."""
    folder = tmp_path_factory.mktemp("music")
    speech = [_levelled(path) for path in sorted((corpora / "casia").glob("*-neutral-*"))[::17][:7]]
    # Not in the training data of the detector of music.
    music = _levelled(corpora / "backgrounds" / "music" / "unknown-horizons-seafight.ogg")
    rain = np.tile(
        _levelled(sorted((corpora / "backgrounds" / "noise").glob("*Rain*/5-*.ogg"))[0]), 2
    )
    over = np.concatenate(speech[5:] * 3)[: 8 * RATE]
    track = np.zeros(72 * RATE, np.float32)
    for second, samples in (
        (1, speech[0]), (6, music[20 * RATE : 30 * RATE]), (18, speech[1]), (24, rain[: 9 * RATE]),
        (35, speech[2]), (41, over + 0.3 * music[: over.size]), (52, speech[3]),
        (57, music[60 * RATE : 63 * RATE]), (62, speech[4]),
    ):  # fmt: skip
        samples = samples[: 10 * RATE]
        track[second * RATE : second * RATE + samples.size] += samples
    soundfile.write(folder / "film.wav", np.clip(track, -1, 1), RATE)
    starts = (1, 18, 35, 52, 62)
    write_srt(folder / "film.srt", [(1_000 * at, 1_000 * at + 4_000, "Line.") for at in starts])
    return folder


def test_music_without_speech_is_marked_where_it_begins(
    film_with_music: Path, tmp_path: Path
) -> None:
    out, bare = tmp_path / "film.emo.srt", tmp_path / "bare.srt"
    inputs = [str(film_with_music / "film.wav"), str(film_with_music / "film.srt")]
    options = ["--min-confidence", "1", "--sound-cues", "-o", str(out), "--overwrite"]
    assert main(["annotate", *inputs, *options, "--sounds", "all"]) == 0
    marks = [cue for cue in parse_document(out.read_bytes(), path=out).cues if cue.text == "[♪]"]
    assert len(marks) == 1
    assert 5_500 <= marks[0].start_ms <= 8_000
    assert main(["strip", str(out), "-o", str(bare)]) == 0
    assert bare.read_bytes() == (film_with_music / "film.srt").read_bytes()
    # With voices alone there is no mark of music.
    assert main(["annotate", *inputs, *options, "--sounds", "voice"]) == 0
    assert "♪" not in out.read_text()


def test_it_is_off_unless_asked_for_and_needs_sounds(film_with_gaps: Path, tmp_path: Path) -> None:
    out = tmp_path / "film.emo.srt"
    inputs = [str(film_with_gaps / "film.wav"), str(film_with_gaps / "film.srt")]
    options = ["--min-confidence", "1", "-o", str(out)]
    assert main(["annotate", *inputs, *options, "--sound-cues"]) == 2
    assert main(["annotate", *inputs, *options, "--sounds", "voice"]) == 0
    assert out.read_bytes() == (film_with_gaps / "film.srt").read_bytes()


def test_a_batch_writes_the_same_and_does_films_again_that_had_none(
    film_with_gaps: Path, tmp_path: Path
) -> None:
    alone = tmp_path / "film.emo.srt"
    inputs = [str(film_with_gaps / "film.wav"), str(film_with_gaps / "film.srt")]
    options = ["--sounds", "voice", "--min-confidence", "1"]
    assert main(["annotate", *inputs, "-o", str(alone), *options, "--sound-cues"]) == 0
    batch = ["batch", inputs[0], "-o", str(tmp_path / "out"), *options]
    written = tmp_path / "out" / "film.emo.srt"
    assert main(batch) == 0
    assert written.read_bytes() == (film_with_gaps / "film.srt").read_bytes()
    assert main([*batch, "--sound-cues"]) == 0
    assert written.read_bytes() == alone.read_bytes() != (film_with_gaps / "film.srt").read_bytes()
    assert main([*batch, "--sound-cues"]) == 0
    assert ",done before," in (tmp_path / "out" / "subemo-batch.csv").read_text()
    bare = tmp_path / "bare.srt"
    assert main(["strip", str(written), "-o", str(bare)]) == 0
    assert bare.read_bytes() == (film_with_gaps / "film.srt").read_bytes()
