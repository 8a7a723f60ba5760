"""A format, a language, a voice model or a text model of one's own is one file, table or folder, and one line."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import subemo

from .conftest import ROOT

PACKAGE = Path(subemo.__file__).parent
HEBREW = """
[he]
neutral = ["בניטרליות", "ניטרליות", "ניטרלי"]
calm = ["ברוגע", "רוגע", "רגוע"]
happy = ["בשמחה", "שמחה", "שמח"]
sad = ["בעצב", "עצב", "עצוב"]
angry = ["בכעס", "כעס", "כועס"]
fear = ["בפחד", "פחד", "פוחד"]
disgust = ["בגועל", "גועל", "נגעל"]
surprise = ["בהפתעה", "הפתעה", "מופתע"]
laugh = "צוחק"
sob = "מתייפח"
scream = "צורח"
sigh = "נאנח"
gasp = "נשימה חדה"
cough = "משתעל"
sneeze = "מתעטש"
shout = "צועק"
whisper = "לוחש"
applause = "מחיאות כפיים"
siren = "צופר"
door = "דלת"
knock = "דפיקה"
phone = "טלפון מצלצל"
gunshot = "ירייה"
explosion = "פיצוץ"
thunder = "רעם"
glass = "זכוכית נשברת"
bark = "כלב נובח"
"""
FORMAT = '''
"""SBV by another name."""

from .sbv import Sbv


class Toy(Sbv):
    """SBV in files of its own."""

    name = "toy"
    suffixes = (".toy",)


FORMAT = Toy()
'''
_SCRIPT = """
import json, shutil, sys
from pathlib import Path
import subemo
from subemo.captions import untag
from subemo.cli import main
video, subtitles, folder = map(Path, sys.argv[1:])
named = folder / "film.heb.srt"
shutil.copy(subtitles, named)
policy = subemo.TagPolicy(min_confidence=0.4)
made = subemo.annotate(video, named, policy=policy, model="own-crnn")
tagged = made.proven("vtt").data
german = folder / "film.de.srt"
shutil.copy(subtitles, german)
both = subemo.annotate(video, german)
both.save(folder / "own.toy")
codes = [
    main(["convert", str(subtitles), "-o", str(folder / "converted.toy")]),
    main(["convert", str(folder / "converted.toy"), "-o", str(folder / "back.srt")]),
]
print("\\n" + json.dumps({
    "format": (folder / "own.toy").read_bytes() == both.proven("toy").data, "codes": codes,
    "language": made.language, "tags": [cue.tag_text for cue in made.tagged], "model": made.model,
    "removed": untag(folder / "film.vtt", tagged).removed, "text model": both.witness,
}))
"""


@pytest.fixture
def code(tmp_path: Path) -> Path:
    """A copy of the code and the models with one of each added."""
    root = tmp_path / "code"
    shutil.copytree(PACKAGE, root / "subemo", ignore=shutil.ignore_patterns("__pycache__"))
    models = ROOT / "models"
    (root / "models").mkdir()
    for folder in models.iterdir():
        (root / "models" / folder.name).symlink_to(folder)
    with (root / "subemo" / "tagging" / "vocabulary.toml").open("a", encoding="utf-8") as file:
        file.write(HEBREW)
    shutil.copytree(models / "subemo-crnn", root / "models" / "own-crnn")
    description = root / "models" / "own-crnn" / "model.json"
    content = json.loads(description.read_text())
    description.write_text(json.dumps({**content, "name": "own-crnn"}))
    formats = root / "subemo" / "formats"
    (formats / "toy.py").write_text(FORMAT)
    registry = (formats / "registry.py").read_text()
    assert registry.count('    "ttml",\n') == 1
    (formats / "registry.py").write_text(
        registry.replace('    "ttml",\n', '    "ttml",\n    "toy",\n')
    )
    shutil.copytree(models / "words-en", root / "models" / "words-de")
    return root


def test_each_is_used(code: Path, trailer: tuple[Path, Path], tmp_path: Path) -> None:
    registry = next(
        path
        for path in (code / "subemo").glob("*/*.py")
        if '{"en": "words-en"}' in path.read_text()
    )
    text = registry.read_text()
    registry.write_text(text.replace('{"en": "words-en"}', '{"en": "words-en", "de": "words-de"}'))
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT, *map(str, trailer), str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(code)},
        cwd=tmp_path, check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert found == {
        "format": True,
        "codes": [0, 0],
        "language": "he",
        "tags": ["\u200e[בעצב]"],
        "model": "own-crnn",
        "removed": 1,
        "text model": "words-de",
    }
