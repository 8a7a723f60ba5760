"""`AnalysisOptions` and `Wording` refuse what cannot be when they are made."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Any

import pytest

import subemo
from subemo.align import SilencePolicy
from subemo.align.voice_activity import SpeechPolicy
from subemo.core.cache import Cache
from subemo.core.errors import SettingsError
from subemo.tagging.limits import limits_for
from subemo.tagging.vocabulary import vocabulary_of

from ..conftest import ROOT


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("split", 4, "a SilencePolicy or SpeechPolicy"),
        ("split", "silence", "a SilencePolicy or SpeechPolicy"),
        ("transcriber", "tiny.en", "a Transcriber"),
        ("limits", 1, "ReadingLimits"),
        ("cache", "dir", "a Cache"),
        ("on_note", None, "a function of one string"),
        ("on_note", "print", "a function of one string"),
        ("threads", "2", "a whole number"),
    ],
)
def test_values_of_another_kind(name: str, value: Any, wanted: str) -> None:
    with pytest.raises(SettingsError, match=rf"^{name} cannot be .*\. It must be {wanted}\.$"):
        subemo.AnalysisOptions(**{name: value})


def test_values_that_can_be(tmp_path: Path) -> None:
    for split in (None, SilencePolicy(), SpeechPolicy()):
        assert subemo.AnalysisOptions(split=split).split is split
    subemo.AnalysisOptions(cache=Cache(tmp_path), limits=limits_for("en"), on_note=print)


@pytest.mark.parametrize(("name", "value"), [("language", 5), ("words", 3), ("words", "de")])
def test_wording(name: str, value: Any) -> None:
    with pytest.raises(SettingsError, match=f"^{name} cannot be "):
        subemo.Wording(**{name: value})
    assert subemo.Wording(language="de", words=vocabulary_of("de")).language == "de"


def test_what_programs_call_and_make_has_an_example() -> None:
    pages = (ROOT / "docs" / "api" / name for name in ("options.md", "models.md", "batch.md"))
    shown = {
        name
        for page in pages
        for name in re.findall(r"^::: subemo\.(\w+)$", page.read_text(), re.M)
    }
    made = {name for name in shown if not _is_only_found(name)}
    made |= {name for name in subemo.__all__ if inspect.isfunction(getattr(subemo, name))}
    without = {name for name in made if ">>>" not in (getattr(subemo, name).__doc__ or "")}
    assert len(made) > 30
    assert without == set()


def _is_only_found(name: str) -> bool:
    """Whether programs find it in what they get, as parts of a model and outcomes of a batch."""
    return name in {
        "BatchProgress", "Bundle", "DecisionParameters", "FeatureSet", "LimitsOf", "LinearLayer",
        "ManyVectors", "Outcome", "Running", "SoundDetector", "Statistics", "Witnesses",
    }  # fmt: skip
