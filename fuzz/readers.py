"""Coverage-guided fuzzing of all readers of untrusted files.

``make fuzz``: ten minutes of atheris on the readers of subtitles, records,
manifests, model descriptions, settings, the cache, a batch's ledger and its
status. A crash, a hang of ten seconds or half a gigabyte of memory ends it; what it
finds becomes a test. A network's weights are read by LiteRT's native code, which
could crash the fuzzer: for them there is ``tests/model/test_bundle.py``, in a
separate process.

``python fuzz/readers.py --loop SECONDS``: random mutations of the seeds
instead, if atheris is not installed.
"""

from __future__ import annotations

import hashlib
import random
import sys
import tempfile
import time
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import numpy as np

try:
    import atheris
except ImportError:  # see --loop
    atheris = None

_imports: Any = nullcontext() if atheris is None else atheris.instrument_imports(include=["subemo"])
with _imports:
    from subemo.analysis.predictions import CachedPredictions
    from subemo.batch import BatchSettings, BatchStatus, Job, Ledger
    from subemo.batch.ledger import Entry, Stamp, digest_of
    from subemo.batch.run import annotate_film
    from subemo.captions import untag
    from subemo.core.cache import Cache
    from subemo.core.errors import SubemoError
    from subemo.core.settings import read_settings
    from subemo.formats import reader_of
    from subemo.formats.registry import styled_text
    from subemo.model.bundle import DESCRIPTION_FILE, WEIGHTS_FILE, read_bundle
    from subemo.research.corpora.layouts import read_interval, read_table
    from subemo.subtitles.dialogue import read_speech
    from subemo.tagging.colours import read_palette
    from subemo.tagging.policy import TagPolicy
    from subemo.tagging.vocabulary import read_vocabulary

_FOLDER = Path(tempfile.mkdtemp())


def subtitles(data: bytes) -> None:
    """A file is read or refused, keeps its bytes, and loses only subemo's tags."""
    document = reader_of(data).read(data)
    assert document.edited([]) == data
    for cue in document.cues:
        read_speech(styled_text(cue.text, document.form), cue.speaker)
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


def settings(data: bytes) -> None:
    """A file of settings is read or refused; what is read makes a policy."""
    path = _FOLDER / "subemo.toml"
    path.write_bytes(data)
    TagPolicy(**read_settings(path, TagPolicy))


def words(data: bytes) -> None:
    """A file of words is read or refused."""
    path = _FOLDER / "words.toml"
    path.write_bytes(data)
    read_vocabulary(path, language="de")


def style(data: bytes) -> None:
    """A file of colours is read or refused."""
    path = _FOLDER / "style.toml"
    path.write_bytes(data)
    read_palette(path)


_KEPT = CachedPredictions(Cache(_FOLDER / "cache"), Cache.key(b"film"))
_ANSWERS = np.array([[0.3, *[0.1] * 7, 500.0], [*[np.nan] * 8, 0.0]])


def entry(data: bytes) -> None:
    """A file in a cache entry's place is either that entry or a miss."""
    path = _KEPT.cache._path(_KEPT.key)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    answers = _KEPT.get(2)
    assert answers is None or (answers[0].audio_ms, answers[1].prediction) == (500, None)


def _done() -> tuple[Job, Ledger]:
    """A finished film and its ledger."""
    folder = _FOLDER / "films"
    folder.mkdir(exist_ok=True)
    video, output = folder / "film.mp4", folder / "film.emo.srt"
    for path in (video, output):
        path.write_bytes(b"")
    ledger, job = Ledger(_FOLDER / "ledger"), Job(video, folder, BatchSettings()).paired()
    stamp = Stamp.of(video)
    shown = {"output": str(output), "cues": 2, "tagged": 1, "duration_ms": 1_000}
    files = {str(output): stamp.sha256}
    ledger.write(job, Entry(digest_of(job), stamp, None, files, shown))
    return job, ledger


_JOB, _LEDGER = _done()


def ledger(data: bytes) -> None:
    """A film's entry is read or ignored; a finished one can be shown."""
    _LEDGER._path(_JOB).write_bytes(data)
    if _LEDGER.finished(_JOB, None) is not None:
        assert annotate_film(_JOB, _LEDGER).status == "done before"


def status(data: bytes) -> None:
    """A film's status file is read or ignored."""
    (_FOLDER / "running").mkdir(exist_ok=True)
    (_FOLDER / "running" / "film").write_bytes(data)
    for one in BatchStatus(_FOLDER / "running").running():
        assert 0 <= one.step.done < 1e16
        assert one.video + one.step.stage is not None


TARGETS = (
    subtitles, subtitles, subtitles, record, manifest, bundle, settings, words, style, entry,
    ledger, status,
)  # fmt: skip


def one_input(data: bytes) -> None:
    """The first byte chooses the reader of the rest."""
    if not data:
        return
    try:
        TARGETS[data[0] % len(TARGETS)](data[1:])
    except SubemoError:
        pass


def seeds() -> Path:
    """The examples of the tests, each with the byte that chooses its reader."""
    root = Path(__file__).parents[1]
    folder = Path(tempfile.mkdtemp())
    golden = sorted((root / "tests" / "golden" / "formats").iterdir())
    for number, path in enumerate(golden):
        (folder / f"subtitles-{number}").write_bytes(b"\0" + path.read_bytes())
    description = (root / "models" / "report-crnn" / DESCRIPTION_FILE).read_bytes()
    (folder / "bundle").write_bytes(b"\5" + description)
    (folder / "manifest").write_bytes(b"\4a.wav,0,1.5\nb.wav,,\n")
    cue = hashlib.sha256(b"00:00:01,000 --> 00:00:02,000\n[sadly] Hi").hexdigest().encode()
    change = b'{"cue": "' + cue + b'", "written": "[sadly] ", "old_end": null}'
    (folder / "record").write_bytes(
        b'\3{"subemo_record": 2, "sha256": "", "changes": [' + change + b"]}"
    )
    colours = b'angry = "#FF7A33"\nsad = "#56B4E9"\n'
    (folder / "settings").write_bytes(b'\6preset = "bbc"\nmin_confidence = 0.8\nextend = true\n')
    (folder / "words").write_bytes(b'\7angry = "x"\nsad = ["a", "b", "c"]\n')
    (folder / "style").write_bytes(b"\x08" + colours)
    _KEPT.cache.put(_KEPT.key, _ANSWERS)
    (folder / "entry").write_bytes(b"\x09" + _KEPT.cache._path(_KEPT.key).read_bytes())
    (folder / "ledger").write_bytes(b"\x0a" + _LEDGER._path(_JOB).read_bytes())
    step = b'{"stage": "listening", "done": 1, "total": 2, "note": ""}'
    (folder / "status").write_bytes(b'\x0b{"video": "film.mp4", "step": ' + step + b"}")
    return folder


#: Input that tends to overload readers.
_PIECES = (b"", b"\0", b"[" * 2_000, b'{"a":' * 2_000, b"nan", b"-1", b"1e999", b"9" * 5_000,
           b"a." * 500, b'"""', b"\xff\xfe", b"null", b"\r")  # fmt: skip


def loop(seconds: float) -> int:
    """Reads random mutations of the seeds; returns their number."""
    chance, examples = random.Random(), [path.read_bytes() for path in seeds().iterdir()]
    # Each reader equally often, however many examples it has.
    of_reader = [[one for one in examples if one[0] == n] for n in range(len(TARGETS))]
    of_reader = [group for group in of_reader if group]
    ended, count = time.monotonic() + seconds, 0
    while time.monotonic() < ended:
        data = bytearray(chance.choice(chance.choice(of_reader)))
        for _ in range(chance.choice([1, 1, 2, 5])):
            start = chance.randrange(1, len(data) + 1)
            end = min(len(data), start + chance.choice([0, 1, 1, 4, 40]))
            data[start:end] = chance.choice([*_PIECES, chance.randbytes(1), chance.randbytes(8)])
        started = time.monotonic()
        try:
            one_input(bytes(data))
        except BaseException:
            (_FOLDER / "crash").write_bytes(data)
            name = TARGETS[data[0]].__name__
            sys.stderr.write(f"{_FOLDER / 'crash'} broke {name}\n")
            raise
        assert time.monotonic() - started < 10, (TARGETS[data[0]].__name__, bytes(data))
        count += 1
    return count


if __name__ == "__main__":
    if sys.argv[1:2] == ["--loop"]:
        sys.stdout.write(f"{loop(float(sys.argv[2])):,} inputs, nothing found\n")
        sys.exit()
    if atheris is None:
        sys.exit("atheris is not installed: pip install 'subemo[fuzz]', or use --loop SECONDS.")
    atheris.Setup([*sys.argv, str(seeds())], one_input)
    atheris.Fuzz()
