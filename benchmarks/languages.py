"""Whisper base on speech in five languages: language detection, word errors and cost.

``python -m benchmarks.languages DATA [TEXTS] [CORPUS…]``, with the extra ``multilingual``.
Uses 50 clips of each corpus, drawn with a fixed seed, five per film with a second of
silence between them; each film is one segment of unspecified language, and the
language of each of the first 20 clips is also detected separately. The words are known
for TESS (from file names), nEMO (``data.tsv``), and EMOVO (from TEXTS: a folder with
``emovo.tsv``, whose lines have a sentence's code and the sentence; Costantini et al.,
2014, list them). Words are compared in lower case and without punctuation; a number in
digits counts as wrong. 95 % intervals: bootstrap over films for errors, Wilson's for
shares.
"""

from __future__ import annotations

import csv
import resource
import sys
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from subemo.align.segments import Segment, Span
from subemo.align.voice_activity import SAMPLE_RATE
from subemo.media.audio import Samples, load
from subemo.transcription.whisper import Transcriber

CLIPS, A_FILM, ALONE = 50, 5, 20
_RESAMPLES = 10_000

#: Returns the words of a clip; None if unknown.
Said = Callable[[Path], str | None]


@dataclass(frozen=True)
class Corpus:
    """A corpus in one language."""

    name: str
    language: str
    said: Said


def corpora(data: Path, texts: Path | None) -> list[Corpus]:
    """The five corpora, with the known words."""
    italian = {} if texts is None else _sentences(texts / "emovo.tsv")
    with (data / "nemo" / "data.tsv").open(encoding="utf-8", newline="") as file:
        polish = {
            Path(row["file_id"]).stem: row["raw_text"]
            for row in csv.DictReader(file, delimiter="\t")
        }
    return [
        Corpus("tess", "en", lambda path: f"say the word {path.stem.split('_')[1]}"),
        Corpus("emovo", "it", lambda path: italian.get(path.stem.split("-")[2])),
        Corpus("nemo", "pl", lambda path: polish.get(path.stem)),
        Corpus("casia", "zh", _unknown),
        Corpus("ased", "am", _unknown),
    ]


def _unknown(_: Path) -> None:
    """For speech without a transcript."""


def _sentences(path: Path) -> dict[str, str]:
    with path.open(encoding="utf-8", newline="") as file:
        return {row[0]: row[1] for row in csv.reader(file, delimiter="\t")}


def words_of(text: str) -> list[str]:
    """Normalised words: lower-case, without punctuation."""
    text = unicodedata.normalize("NFKC", text).lower().replace("’", "'")
    kept = "".join(
        char if char == "'" or unicodedata.category(char)[0] in "LMN" else " " for char in text
    )
    return [word.strip("'") for word in kept.split() if word.strip("'")]


def edits(said: Sequence[str], heard: Sequence[str]) -> int:
    """The Levenshtein distance (1966) in words."""
    before = list(range(len(heard) + 1))
    for i, word in enumerate(said, 1):
        row = [i]
        for j, other in enumerate(heard, 1):
            row.append(min(before[j] + 1, row[-1] + 1, before[j - 1] + (word != other)))
        before = row
    return before[-1]


def wilson(right: int, count: int) -> str:
    """A share in per cent with its 95 % interval (Wilson, 1927)."""
    z, share = 1.96, right / count
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z / (1 + z * z / count) * np.sqrt(share * (1 - share) / count + (z / (2 * count)) ** 2)
    return f"{100 * share:.0f} % [{abs(100 * (middle - half)):.0f}, {100 * (middle + half):.0f}]"


def error_rate(errors: Sequence[int], counts: Sequence[int]) -> str:
    """Errors per hundred words, with a 95 % bootstrap interval over films."""
    rng = np.random.default_rng(0)
    drawn = rng.integers(0, len(errors), (_RESAMPLES, len(errors)))
    wrong, of = np.array(errors), np.array(counts)
    low, high = np.quantile(wrong[drawn].sum(axis=1) / of[drawn].sum(axis=1), [0.025, 0.975])
    return f"{100 * wrong.sum() / of.sum():.1f} % [{100 * low:.1f}, {100 * high:.1f}]"


def segment(samples: Samples) -> Segment:
    """A segment from the film's beginning, up to Whisper's maximum length."""
    samples = samples[: 30 * SAMPLE_RATE]
    return Segment(Span(0, samples.size * 1000 // SAMPLE_RATE, 0), samples)


def joined(clips: Sequence[Samples]) -> Samples:
    """A film of clips, a second apart."""
    pause = np.zeros(SAMPLE_RATE, dtype=np.float32)
    return np.concatenate([part for clip in clips for part in (clip, pause)])


def measure(corpus: Corpus, data: Path, transcriber: Transcriber) -> None:
    """Measures a corpus and prints its row."""
    paths = sorted((data / corpus.name).rglob("*.ogg"))
    drawn = np.random.default_rng(0).choice(len(paths), CLIPS, replace=False)
    clips = [load(paths[i], sample_rate=SAMPLE_RATE) for i in drawn]
    texts = [corpus.said(paths[i]) for i in drawn]
    alone = [transcriber.language_of([segment(clip)]) for clip in clips[:ALONE]]
    films = [segment(joined(clips[at : at + A_FILM])) for at in range(0, CLIPS, A_FILM)]
    rate = cost = "–"
    if all(texts):
        started = time.process_time()
        heard = [transcriber.transcript([film]) for film in films]
        found = [transcript.language for transcript in heard]
        seconds = sum(film.samples.size for film in films) / SAMPLE_RATE
        cost = f"{(time.process_time() - started) / seconds:.2f}"
        said = [
            words_of(" ".join(map(str, texts[i : i + A_FILM]))) for i in range(0, CLIPS, A_FILM)
        ]
        lines = [words_of("".join(word.text for word in one.words)) for one in heard]
        errors = [edits(one, other) for one, other in zip(said, lines, strict=True)]
        rate = error_rate(errors, [len(one) for one in said])
    else:
        found = [transcriber.language_of([film]) for film in films]
    wrong = Counter(code for code in alone if code != corpus.language).most_common(3)
    print(
        f"| {corpus.name} ({corpus.language}) | {wilson(alone.count(corpus.language), ALONE)} | "
        f"{wilson(found.count(corpus.language), len(films))} | {rate} | {cost} | "
        f"{', '.join(f'{code} {count}' for code, count in wrong) or '–'} |",
        flush=True,
    )


def main(data: Path, texts: Path | None, names: Sequence[str]) -> None:
    """Measures all or the named corpora and prints a table."""
    transcriber = Transcriber()
    print(f"{transcriber.name}; {CLIPS} clips a corpus, {A_FILM} a film, {ALONE} alone")
    print("| corpus | language of a clip | of a film | word errors | CPU s per s | taken for |")
    print("|---|---|---|---|---|---|", flush=True)
    for corpus in corpora(data, texts):
        if not names or corpus.name in names:
            measure(corpus, data, transcriber)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"largest memory: {peak:.0f} MB")


if __name__ == "__main__":
    main(
        Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data"),
        Path(sys.argv[2]) if len(sys.argv) > 2 else None,
        sys.argv[3:],
    )
