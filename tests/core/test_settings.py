from __future__ import annotations

import contextlib
import math
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

import subemo
from subemo.align import SilencePolicy
from subemo.align.voice_activity import SpeechPolicy
from subemo.cli import main
from subemo.cli.captioning.annotate import annotate
from subemo.cli.captioning.options import PolicyOptions
from subemo.core.emotions import Emotion
from subemo.core.errors import SettingsError
from subemo.core.settings import read_settings, settings_of
from subemo.tagging.colours import Palette, read_palette
from subemo.tagging.limits import ReadingLimits
from subemo.tagging.policy import TagPolicy
from subemo.tagging.vocabulary import read_vocabulary


def test_one_table_for_python_options_and_file() -> None:
    fields = set(TagPolicy.__dataclass_fields__)
    assert {setting.field for setting in settings_of(TagPolicy)} == fields
    options = {p.name for p in annotate.params if isinstance(p, click.Option)}
    assert fields <= options


def test_the_command_line_comes_before_the_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('preset = "bbc"\nmin_confidence = 0.8\n')
    policy = PolicyOptions(config=path, values={"min_confidence": 0.9}).policy()
    assert policy == TagPolicy(preset="bbc", min_confidence=0.9)


def test_where_the_file_is_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home, work = tmp_path / "home", tmp_path / "work"
    (home / "subemo").mkdir(parents=True)
    work.mkdir()
    monkeypatch.chdir(work)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home))
    assert PolicyOptions(values={}).policy() == TagPolicy()
    (home / "subemo" / "subemo.toml").write_text("cues_per_tag = 2")
    assert PolicyOptions(values={}).policy().cues_per_tag == 2
    (work / "subemo.toml").write_text("cues_per_tag = 3")
    assert PolicyOptions(values={}).policy().cues_per_tag == 3


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("colour = 1", "unknown setting 'colour'"),
        ("cues_per_tag = 0", "cues_per_tag cannot be 0.*from 1"),
        ('preset = "x"', "one of dcmp"),
        ("cues_per_tag", "not a table of settings"),
    ],
)
def test_what_cannot_be(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(content)
    with pytest.raises(SettingsError, match=message) as caught:
        read_settings(path, TagPolicy)
    assert caught.value.path == path


class TestFiles:
    """A stranger's file, or none at all, in place of settings, words and colours."""

    READERS = (
        lambda path: read_settings(path, TagPolicy),
        lambda path: read_vocabulary(path, language="en"),
        read_palette,
    )

    @pytest.mark.parametrize("read", READERS, ids=("settings", "words", "colours"))
    @pytest.mark.parametrize(
        "content",
        [
            "a = " + "[" * 100_000,
            "a = " + "{a=" * 100_000,
            "angry = " + "9" * 5_000,
            "angry = 0x" + "f" * 5_000,
            "min_confidence = 0x" + "f" * 5_000,
            "angry." + "a." * 490_000 + "a = 1",
            "angry." + "a." * 15 + "a = 1",
            "x" * 1_000_001,
            "\x00",
        ],
        ids=range(9),
    )
    def test_a_text_that_cannot_be(self, tmp_path: Path, read: Any, content: str) -> None:
        path = tmp_path / "mine.toml"
        path.write_text(content)
        with pytest.raises(SettingsError) as caught:
            read(path)
        assert str(path) in str(caught.value)
        assert len(str(caught.value)) < 500

    @pytest.mark.parametrize("read", READERS, ids=("settings", "words", "colours"))
    def test_what_is_no_file(self, tmp_path: Path, read: Any) -> None:
        pipe, loop = tmp_path / "pipe", tmp_path / "loop"
        os.mkfifo(pipe)
        loop.symlink_to(loop)
        for path in (pipe, loop, tmp_path, Path("/dev/zero"), tmp_path / "none"):
            with pytest.raises(SettingsError, match="cannot be read"):
                read(path)

    def test_a_link_and_any_line_ends(self, tmp_path: Path) -> None:
        (tmp_path / "real.toml").write_bytes(b'preset = "bbc"\r\ncues_per_tag = 2\r')
        (tmp_path / "link.toml").symlink_to("real.toml")
        found = read_settings(tmp_path / "link.toml", TagPolicy)
        assert found == {"preset": "bbc", "cues_per_tag": 2}

    @given(st.binary(max_size=300), st.sampled_from(range(3)))
    def test_any_bytes(self, content: bytes, reader: int) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "mine.toml"
            path.write_bytes(content)
            with contextlib.suppress(SettingsError):
                self.READERS[reader](path)

    @given(
        st.sampled_from(sorted(TagPolicy.__dataclass_fields__)),
        st.sampled_from(
            ["nan", "inf", "-inf", "-1", "1e400", "0x" + "f" * 300, "1.5", "true", '""', "[]",
             "{}", "1979-05-27", "9223372036854775808"]
        ),
    )  # fmt: skip
    def test_any_value_of_a_setting(self, name: str, value: str) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "mine.toml"
            path.write_text(f"{name} = {value}")
            with contextlib.suppress(SettingsError):
                for one in read_settings(path, TagPolicy).values():
                    assert not isinstance(one, float) or math.isfinite(one)


NONSENSE = (math.nan, math.inf, -math.inf, -1, 10**5000, "many", True, [1])


@pytest.mark.parametrize("value", NONSENSE, ids=range(len(NONSENSE)))
@pytest.mark.parametrize(
    ("kind", "name"),
    [
        *(
            (TagPolicy, name)
            for name in (
                "min_confidence", "strong_confidence", "repeat_after_ms", "cues_per_tag",
                "ms_per_tag", "chars_per_second", "chars_per_line", "max_lines", "extend_ms",
            )
        ),
        *((SilencePolicy, name) for name in ("min_silence_ms", "padding_ms", "longest_ms")),
        *((SpeechPolicy, name) for name in SpeechPolicy.__dataclass_fields__),
        *(
            (ReadingLimits, name)
            for name in ("chars_per_second", "chars_per_line", "lines", "shortest_ms", "longest_ms")
        ),
    ],
)  # fmt: skip
def test_a_number_that_is_none(kind: Any, name: str, value: object) -> None:
    with pytest.raises(SettingsError, match=f"{name} cannot be"):
        kind(**{name: value})


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (SilencePolicy, {"longest_ms": 0}),
        (SilencePolicy, {"min_silence_ms": 0}),
        (SilencePolicy, {"longest_ms": None}),
        (SilencePolicy, {"threshold_dbfs": math.nan}),
        (SilencePolicy, {"threshold_dbfs": -1e6}),
        (SpeechPolicy, {"threshold": 0.2, "release": 0.5}),
        (SpeechPolicy, {"threshold": 2}),
        (ReadingLimits, {"lines": 0}),
        (Palette, {"colours": {}}),
        (Palette, {"colours": dict.fromkeys(Emotion, "red")}),
    ],
)
def test_nonsense_from_python(kind: Any, values: dict[str, Any]) -> None:
    with pytest.raises(SettingsError):
        kind(**values)


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        (subemo.AnalysisOptions, {"adaptation": "banana"}),
        (subemo.AnalysisOptions, {"threads": 0}),
        (subemo.AnalysisOptions, {"threads": 1.5}),
        (lambda **given: subemo.open_film("none.mp4", **given), {"audio_stream": -1}),
    ],
)
def test_nonsense_is_refused_before_the_film_is_looked_at(
    kind: Callable[..., object], options: dict[str, Any]
) -> None:
    with pytest.raises(SettingsError, match=f"{next(iter(options))} cannot be"):
        kind(**options)


def test_classify_refuses_before_it_looks_at_the_film() -> None:
    with pytest.raises(SettingsError, match="audio_stream cannot be -1"):
        subemo.classify("none.mp4", audio_stream=-1)


def test_the_command_line_takes_no_nan(capsys: pytest.CaptureFixture[str]) -> None:
    for value in ("nan", "inf"):
        assert main(["annotate", "none.mp4", "--min-confidence", value]) != 0
        assert "internal" not in capsys.readouterr().err
    assert main(["annotate", "none.mp4", "--chars-per-second", "nan"]) == 1
    assert "chars_per_second cannot be nan" in capsys.readouterr().err
