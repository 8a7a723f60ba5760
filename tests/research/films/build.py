"""A data folder with everything that films are made of, of nobody's voice and nobody's words."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from tests.conftest import speechlike, tone, write_wav

MOODS = ("neutral", "joy", "surprise", "anger", "sadness", "disgust", "fear")
COLUMNS = (
    "Sr No.", "Utterance", "Speaker", "Emotion", "Sentiment", "Dialogue_ID", "Utterance_ID",
    "Season", "Episode", "StartTime", "EndTime",
)  # fmt: skip
_LABELS = ("neutral", "happy", "surprise", "angry", "sad", "fear")
_ACTORS = ("liuchanhg", "zhaoquanyin", "wangzhe", "ZhaoZuoxiang")
_NOISES = ("002_-_Rain/1-1-A", "002_-_Rain/5-1-A", "002_-_Rain/5-2-A")
_MUSIC = ("heard", "sorohanro_-_solo-trumpet-06", "Karissa_Hobbs_-_Lets_Go_Fishin")


def small_data(root: Path) -> Path:
    """CASIA of 48 clips, MELD of a few dialogues, a background of each split."""
    seed = 0
    for sentence in ("1", "2"):
        for actor in _ACTORS:
            for label in _LABELS:
                seed += 1
                name = f"casia/{sentence}-{label}-{actor}.wav"
                write_wav(root / name, speechlike(0.5 + 0.01 * seed, seed=seed))
    write_meld(root / "text/meld")
    return write_backgrounds(root)


def write_backgrounds(root: Path) -> Path:
    """A track and a noise of each split."""
    for place, name in enumerate(
        (*(f"music/{m}" for m in _MUSIC), *(f"noise/{n}" for n in _NOISES))
    ):
        write_wav(root / f"backgrounds/{name}.wav", tone(3, hertz=200 + 100 * place))
    return root


def write_meld(folder: Path) -> Path:
    """MELD's two files: every dialogue has all seven moods, said by three people."""
    folder.mkdir(parents=True)
    for part, dialogues, first_episode in (("dev", 8, 1), ("train", 20, 5)):
        rows: list[Any] = []
        for dialogue in range(dialogues):
            for place, mood in enumerate(MOODS):
                start, end = _time(3_000 * place), _time(3_000 * place + 2_400)
                text = f"Line {part} {dialogue} {place}, with words."
                person = ("Monica", "Ross", "All")[place % 3]
                rows.append(
                    (len(rows), text, person, mood, "", dialogue, place, 1,
                     first_episode + dialogue, start, end)
                )  # fmt: skip
        with (folder / f"{part}_sent_emo.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([COLUMNS, *rows])
    return folder


def _time(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    return f"00:{seconds // 60:02}:{seconds % 60:02},{rest:03}"
