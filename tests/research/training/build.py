"""Small corpora of synthetic voices, in the layouts of those that the default model learns from."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import speechlike, write_wav


def small_corpora(root: Path) -> Path:
    """A data folder: five corpora of three emotions, and backgrounds."""
    seed = iter(range(10_000))

    def voice(path: Path, emotion: int) -> None:
        write_wav(path, (0.3 + 0.3 * emotion) * speechlike(0.5, seed=next(seed)))

    for actor in range(1, 25):
        for emotion, number in enumerate((1, 4, 5)):
            name = f"03-01-{number:02}-01-01-01-{actor:02}.wav"
            voice(root / f"ravdess/Actor_{actor:02}" / name, emotion)
    for speaker in ("DC", "JE"):
        for emotion, letters in enumerate(("n", "sa", "a")):
            voice(root / f"savee/{speaker}/{letters}01.wav", emotion)
    for speaker in ("OAF", "YAF"):
        for emotion, label in enumerate(("neutral", "sad", "angry")):
            voice(root / f"tess/{speaker}_{label}/{speaker}_back_{label}.wav", emotion)
    for speaker in ("f1", "m1"):
        for emotion, letters in enumerate(("neu", "tri", "rab")):
            voice(root / f"emovo/{speaker}/{letters}-{speaker}-b1.wav", emotion)
    rows = ["file_id\temotion\traw_text\tnormalized_text\tspeaker_id\tgender\tage"]
    for speaker in ("WR0", "KX1"):
        for emotion, label in enumerate(("neutral", "sadness", "anger")):
            name = f"{speaker}_{label}_1.wav"
            voice(root / "nemo/samples" / name, emotion)
            rows.append(f"{name}\t{label}\tx\tx\t{speaker}\tF\t30")
    (root / "nemo/data.tsv").write_text("\n".join(rows) + "\n")
    for name in (
        "music/a",
        "music/sorohanro_-_solo-trumpet-06",
        "noise/002_-_Rain/1-1-A",
        "noise/002_-_Rain/5-1-A",
    ):
        voice(root / "backgrounds" / f"{name}.wav", 1)
    return root
