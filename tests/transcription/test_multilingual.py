"""Films in other languages than English; a small fake stands for Whisper where it is not installed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import soundfile

import subemo
from subemo.align.segments import Segment, Span
from subemo.cli import main
from subemo.core.native import Exclusive
from subemo.media.audio import load
from subemo.tagging.vocabulary import vocabulary_of
from subemo.transcription.weights import BASE
from subemo.transcription.whisper import DETECTED_ON, Transcriber

RATE = 16_000
needs_base = pytest.mark.skipif(not BASE.is_installed, reason="needs the extra multilingual")


class FakeWhisper:
    """Hears Polish in loud stretches and English in quiet ones, and says which it was told."""

    supported_languages = ("en", "pl", "am")
    model = SimpleNamespace(is_multilingual=True)

    def __init__(self) -> None:
        self.detected_on = 0
        self.told: list[str | None] = []

    def detect_language(self, samples: np.ndarray) -> tuple[str, float, list[tuple[str, float]]]:
        self.detected_on += 1
        share = 0.9 if np.abs(samples).max() > 0.5 else 0.2
        return "pl", share, [("pl", share), ("en", 1 - share)]

    def transcribe(
        self, samples: np.ndarray, *, language: str | None, **_: Any
    ) -> tuple[Iterator[Any], None]:
        self.told.append(language)
        word = SimpleNamespace(start=0.2, end=0.9, word=" Tak.")
        return iter([SimpleNamespace(words=[word])]), None


def fake(language: str | None = None) -> tuple[Transcriber, FakeWhisper]:
    transcriber, model = Transcriber(), FakeWhisper()
    transcriber._spoken = language
    transcriber._whisper = Exclusive(lambda: model)
    return transcriber, model


def stretches(*levels: float) -> list[Segment]:
    return [
        Segment(Span(1000 * n, 1000 * n + 1000, n), np.full(RATE, level, np.float32))
        for n, level in enumerate(levels)
    ]


def test_the_language_is_found_once_for_a_film() -> None:
    transcriber, model = fake()
    found = transcriber.transcript(iter(stretches(0.1, 0.9, 0.9, *[0.1] * 20)[:5]))
    assert (found.language, model.told) == ("en", ["en"] * 5)
    found = transcriber.transcript(iter(stretches(0.9, 0.9, 0.9, *[0.1] * 20)))
    # Not that of the film before, and the stretches behind the first few have no say.
    assert (found.language, model.told[5:]) == ("pl", ["pl"] * 23)
    assert model.detected_on == 5 + DETECTED_ON
    assert [word.start_ms for word in found.words] == [1000 * n + 200 for n in range(23)]


def test_a_language_that_is_given_is_not_looked_for() -> None:
    transcriber, model = fake("en")
    assert transcriber.transcript(iter(stretches(0.9))).language == "en"
    assert (model.detected_on, model.told) == (0, ["en"])


def test_a_film_without_speech_has_no_language() -> None:
    transcriber, model = fake()
    found = transcriber.transcript(iter([]))
    assert (found.words, found.language, model.told) == ((), None, [])


@pytest.mark.parametrize(
    ("asked", "spoken", "tags"), [(None, "pl", "pl"), ("de", "pl", "de"), (None, "am", "en")]
)
def test_tags_are_in_the_language_that_is_heard(
    trailer: tuple[Path, Path], asked: str | None, spoken: str, tags: str
) -> None:
    transcriber, _ = fake(spoken)
    annotation = subemo.annotate(
        trailer[0],
        policy=subemo.TagPolicy(policy=subemo.PolicyKind.EVERY),
        options=subemo.AnalysisOptions(transcriber=transcriber),
        wording=subemo.Wording(asked),
    )
    assert (annotation.language, annotation.spoken_language) == (tags, spoken)
    words = vocabulary_of(tags)
    assert words is not None
    assert {cue.tag_text for cue in annotation.tagged} <= {
        f"[{word}]" for word in words.manner.values()
    }
    assert any("no tag words for the language 'am'" in line for line in annotation.warnings) == (
        spoken == "am"
    )
    assert annotation.tagged


def test_subtitles_have_no_spoken_language(trailer: tuple[Path, Path]) -> None:
    assert subemo.annotate(*trailer).spoken_language is None


@needs_base
def test_a_polish_film(corpora: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    clips = sorted((corpora / "nemo" / "samples").glob("WR0_neutral_*.ogg"))[:6]
    pause = np.zeros(RATE, np.float32)
    sound = [part for clip in clips for part in (load(clip, sample_rate=RATE), pause)]
    film, out = tmp_path / "film.wav", tmp_path / "film.json"
    soundfile.write(film, np.concatenate(sound), RATE)
    assert main(["annotate", str(film), "--all", "-o", str(out)]) == 0
    content = json.loads(out.read_text())
    assert (content["spoken_language"], content["language"]) == ("pl", "pl")
    assert content["transcribed_by"] == "Whisper base"
    said = " ".join(cue["text"] for cue in content["cues"])
    assert set("ąćęłńóśźż") & set(said)
    assert "spoken language" in capsys.readouterr().out
