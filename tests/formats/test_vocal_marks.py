"""Sounds, shouts and whispers in every format: read by others, and taken out to the byte."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from subemo.annotation import Annotation
from subemo.captions import untag
from subemo.core.sounds import EFFORTS, SOUNDS, VOCALS, VocalProbabilities
from subemo.formats.registry import FORMATS, styled_text
from subemo.review import review_page
from subemo.tagging.colours import OKABE_ITO
from subemo.tagging.decisions import CueEvidence, FilmDecision
from subemo.tagging.policy import TagPolicy
from subemo.tagging.presets import PRESETS
from subemo.tagging.sounds import with_vocal_tags

from ..conftest import vocabulary_in
from .build import annotation
from .every import READABLE, composed, line_break

NAMES = VOCALS
TIMES = [(20_000 * i, 20_000 * i + 5_000) for i in range(len(NAMES))]


def film(form: str, policy: TagPolicy, language: str) -> Annotation:
    """A film in whose every cue another sound is heard, and no mood is sure."""
    texts = [f"Well,{line_break(form)}yes {i}." for i in range(len(NAMES))]
    made = annotation(composed(form, texts, TIMES).encode(), policy=policy, language=language)
    assert made.document is not None and made.document.form == form
    evidence = [
        CueEvidence(cue.start_ms, cue.end_ms, styled_text(cue.cue.text, form)) for cue in made.cues
    ]
    heard = [
        VocalProbabilities(
            tuple(0.9 if one is name else 0.0 for one in SOUNDS),
            tuple(0.9 if one is name else 0.0 for one in EFFORTS),
        )
        for name in NAMES
    ]
    decisions = with_vocal_tags(
        FilmDecision(tuple(cue.decision for cue in made.cues), PRESETS[policy.preset].forms[0]),
        evidence,
        list(heard),
        dict.fromkeys(NAMES, 0.5),
        policy,
        vocabulary_in(language),
    )
    pairs = zip(made.cues, decisions, heard, strict=True)
    cues = [replace(cue, decision=one, vocal=found) for cue, one, found in pairs]
    return replace(made, cues=tuple(cues))


@pytest.mark.parametrize("preset", sorted(PRESETS))
@pytest.mark.parametrize("form", READABLE)
def test_what_is_written_is_read_and_taken_out(form: str, preset: str, tmp_path: Path) -> None:
    made = film(form, TagPolicy(min_confidence=1, preset=preset, max_lines=3), "de")
    assert made.document is not None
    assert [cue.decision.tag for cue in made.cues] == list(NAMES)
    path = tmp_path / f"film{FORMATS[form].suffixes[0]}"
    colours = OKABE_ITO if FORMATS[form].has_colours else None
    made.save(path, form, colours=colours)
    written = path.read_bytes()
    for cue in made.cues:
        assert cue.decision.text.encode() in written
    bare = untag(path, written)
    assert (bare.removed, bare.data) == (len(NAMES), made.document.data)


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_every_format_writes_them(form: str) -> None:
    made = film("srt", TagPolicy(min_confidence=1, max_lines=3), "en")
    written = made.render(form, colours=OKABE_ITO).decode()
    # JSON and TSV hold the words, and what is shown before them.
    assert all(cue.decision.text in written for cue in made.cues)


def test_the_review_page_shows_them(tmp_path: Path) -> None:
    made = film("srt", TagPolicy(min_confidence=1, max_lines=3), "en")
    page = review_page(
        made, vocabulary_in("en"), media=tmp_path / "film.mp4", output=tmp_path / "film.html"
    ).decode()
    assert all(
        f'"{name.value}":["{cue.decision.text}"' in page
        for name, cue in zip(NAMES, made.cues, strict=True)
    )
