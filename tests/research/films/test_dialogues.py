from __future__ import annotations

from pathlib import Path

import pytest

from subemo.core.emotions import Emotion
from subemo.core.errors import CorpusError
from subemo.research.corpora import Split
from subemo.research.films.dialogues import Part, read_dialogues, read_script, sex_of

from .build import write_meld


def test_lines_have_speaker_mood_times_and_words(tmp_path: Path) -> None:
    first, *others = read_dialogues(write_meld(tmp_path / "m") / "dev_sent_emo.csv", Part.DEV)
    assert len(others) == 7
    assert (first.name, first.episode, len(first.lines)) == ("dev-0", (1, 1), 7)
    line = first.lines[1]
    assert (line.name, line.speaker, line.emotion) == ("dev-0-1", "Ross", Emotion.HAPPY)
    assert (line.start_ms, line.end_ms) == (3_000, 5_400)
    assert line.text == "Line dev 0 1, with words."
    assert line.has_words


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("Utterance_ID", "Number", "the column 'Utterance_ID' of MELD is missing"),
        (",joy,", ",bored,", "dev-0-1 has no valid emotion or times"),
        ("00:00:03,000", "later", "dev-0-1 has no valid emotion or times"),
    ],
)
def test_what_is_not_melds_is_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    path = write_meld(tmp_path / "m") / "dev_sent_emo.csv"
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(CorpusError, match=message):
        read_dialogues(path, Part.DEV)
    path.unlink()
    with pytest.raises(CorpusError, match="cannot be read as CSV"):
        read_dialogues(path, Part.DEV)


def test_sexes() -> None:
    assert [sex_of(name) for name in ("Rachel", "Joey", "Mrs. Geller", "All")] == [
        "female", "male", "female", None
    ]  # fmt: skip


def test_the_real_script(corpora: Path) -> None:
    scripts = {split: read_script(corpora / "text/meld", split) for split in Split}
    reported = [line for dialogue in scripts[Split.REPORTING] for line in dialogue.lines]
    assert len(reported) == 1_109
    assert len(scripts[Split.CHOOSING]) > 200
    assert len(scripts[Split.TRAINING]) > 300
    assert len([line for line in reported if sex_of(line.speaker)]) > 0.9 * 1_109
