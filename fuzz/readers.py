"""Coverage-guided fuzzing of everything that reads a stranger's file.

``make fuzz``: ten minutes of atheris over the readers of subtitles, records,
manifests and model descriptions. A crash, a hang of ten seconds or half a
gigabyte ends it; what it finds becomes a test.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["subemo"]):
    from subemo.captions import reader_of, untag
    from subemo.captions.markup import PARSERS
    from subemo.captions.speech import read_speech
    from subemo.corpora.manifest import read_interval, read_table
    from subemo.errors import SubemoError
    from subemo.model.bundle import DESCRIPTION_FILE, WEIGHTS_FILE, read_bundle

_FOLDER = Path(tempfile.mkdtemp())


def subtitles(data: bytes) -> None:
    """A file is read or refused, keeps its bytes, and loses nothing but what is ours."""
    document = reader_of(data).read(data)
    assert document.edited([]) == data
    for cue in document.cues:
        read_speech(PARSERS[document.form](cue.text), cue.speaker)
    assert len(untag(_FOLDER / "none.srt", data).data) <= len(data)


def record(data: bytes) -> None:
    """A record beside a file is undone or refused."""
    path = _FOLDER / "a.srt"
    path.with_name("a.srt.tags.json").write_bytes(data)
    untag(path, b"1\n00:00:01,000 --> 00:00:02,000\n[sadly] Hi\n")


def manifest(data: bytes) -> None:
    """A table of clips is read or refused."""
    path = _FOLDER / "clips.csv"
    path.write_bytes(b"path,start,end\n" + data)
    columns = {"path", "start", "end"}
    for line, row in read_table(path, required=columns, known=columns):
        read_interval(path, line, row)


def bundle(data: bytes) -> None:
    """A model's description is read or refused, before its weights are."""
    (_FOLDER / WEIGHTS_FILE).write_bytes(b"")
    (_FOLDER / DESCRIPTION_FILE).write_bytes(data)
    read_bundle(_FOLDER)


TARGETS = (subtitles, subtitles, subtitles, record, manifest, bundle)


def one_input(data: bytes) -> None:
    """The first byte chooses who reads the rest."""
    if not data:
        return
    try:
        TARGETS[data[0] % len(TARGETS)](data[1:])
    except SubemoError:
        pass


def seeds() -> Path:
    """What the tests hold as examples, each with the byte that chooses its reader."""
    root = Path(__file__).parents[1]
    folder = Path(tempfile.mkdtemp())
    golden = sorted((root / "tests" / "golden" / "formats").iterdir())
    for number, path in enumerate(golden):
        (folder / f"subtitles-{number}").write_bytes(b"\0" + path.read_bytes())
    description = (root / "models" / "report-crnn" / DESCRIPTION_FILE).read_bytes()
    (folder / "bundle").write_bytes(b"\5" + description)
    (folder / "manifest").write_bytes(b"\4a.wav,0,1.5\nb.wav,,\n")
    change = b'{"start": 1000, "end": 2000, "written": "[sadly] ", "old_end": null}'
    (folder / "record").write_bytes(
        b'\3{"subemo_record": 1, "sha256": "", "changes": [' + change + b"]}"
    )
    return folder


if __name__ == "__main__":
    atheris.Setup([*sys.argv, str(seeds())], one_input)
    atheris.Fuzz()
