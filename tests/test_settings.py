from __future__ import annotations

from pathlib import Path

import click
import pytest

from subemo.captions.policy import TagPolicy
from subemo.cli.annotate import annotate
from subemo.cli.options import policy_of
from subemo.errors import SettingsError
from subemo.settings import read_settings, settings_of


def test_one_table_for_python_options_and_file() -> None:
    fields = set(TagPolicy.__dataclass_fields__)
    assert {setting.field for setting in settings_of(TagPolicy)} == fields
    options = {p.name for p in annotate.params if isinstance(p, click.Option)}
    assert fields <= options


def test_the_command_line_comes_before_the_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('preset = "bbc"\nmin_confidence = 0.8\n')
    policy = policy_of(path, {"min_confidence": 0.9, "policy": None})
    assert policy == TagPolicy(preset="bbc", min_confidence=0.9)


def test_where_the_file_is_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home, work = tmp_path / "home", tmp_path / "work"
    (home / "subemo").mkdir(parents=True)
    work.mkdir()
    monkeypatch.chdir(work)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home))
    assert policy_of(None, {}) == TagPolicy()
    (home / "subemo" / "subemo.toml").write_text("cues_per_tag = 2")
    assert policy_of(None, {}).cues_per_tag == 2
    (work / "subemo.toml").write_text("cues_per_tag = 3")
    assert policy_of(None, {}).cues_per_tag == 3


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("colour = 1", "no setting 'colour'"),
        ("cues_per_tag = 0", "cues_per_tag cannot be 0.*from 1"),
        ('preset = "x"', "one of dcmp"),
        ("cues_per_tag", "no table of settings"),
    ],
)
def test_what_cannot_be(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(content)
    with pytest.raises(SettingsError, match=message) as caught:
        read_settings(path, TagPolicy)
    assert caught.value.path == path
